"""The record that a promotion's evidence holds, as a human is shown it: what is frozen, not what is by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.promotion.checklist import CheckItem, Checklist
from phoenix.domain.promotion.record import AutopsySummary, SessionRecord, ShadowRecord
from phoenix.domain.promotion.statistics import Statistics
from phoenix.domain.typed_json import decode_value


@dataclass(frozen=True, slots=True)
class FrozenRecord:
    """What an approval of a promotion covers."""

    strategy_id: str
    account: str
    account_mode: str
    currency: str
    reason: str | None
    record: ShadowRecord
    checklist: Checklist

    @property
    def statistics(self) -> Statistics | None:
        return self.checklist.statistics


def frozen_record(bundle: Json) -> FrozenRecord:
    """The record in a bundle of evidence. Raises InvalidValue for one that is no promotion's."""
    if not isinstance(bundle, Mapping) or "checklist" not in bundle:
        raise InvalidValue("bundle", "it holds no checklist", "Verify the chain with phoenix beads verify")
    statistics, reason = bundle["statistics"], bundle["reason"]
    sessions = tuple(decode_value(SessionRecord, one) for one in _rows(bundle["sessions"]))
    checklist = Checklist(
        tuple(decode_value(CheckItem, one) for one in _rows(bundle["checklist"])),
        None if statistics is None else decode_value(Statistics, statistics),
        tuple(str(one) for one in _rows(bundle["warnings"])),
    )
    return FrozenRecord(
        str(bundle["strategy_id"]), str(bundle["account"]), str(bundle["account_mode"]), str(bundle["currency"]),
        None if reason is None else str(reason),
        ShadowRecord(sessions, None, decode_value(AutopsySummary, bundle["autopsies"])), checklist,
    )  # fmt: skip


def _rows(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
