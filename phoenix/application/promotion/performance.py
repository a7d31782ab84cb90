"""Shadow performance on its way into the chain: sessions and autopsies, imported or from the shadow tracker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from phoenix.application.gate.approval import require_human
from phoenix.application.promotion.checklist import require_shadow
from phoenix.application.work import Subject, Work
from phoenix.domain.beads.catalogue import PAYLOADS, Key, performance_key, unique_keys
from phoenix.domain.beads.envelope import BeadType, Payload, Signer
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.change import replace
from phoenix.domain.encoding import Json
from phoenix.domain.errors import CorruptBead, InvalidValue
from phoenix.domain.promotion.checks import check_session, check_shadow_autopsy
from phoenix.domain.refusals import Refused
from phoenix.domain.state import PendingDecision
from phoenix.domain.typed_json import decode_value
from phoenix.domain.vocabulary import RefusalReason, StrategyMode

P = TypeVar("P", PerformancePayload, AutopsyPayload)

SESSIONS_MAX = 2_000
AUTOPSIES_MAX = 20_000
TRACKER = "TRACKER"


def import_performance(work: Work, pending: PendingDecision) -> int:
    """Record what a human imports for a strategy in SHADOW: all that is new of it, or nothing. Raises Refused.

    What is on record already with the same content is passed over; with other content the whole import is refused.
    """
    require_human(pending.signer)
    decision = pending.payload
    require_shadow(work.state, decision.subject_id)
    detail = decision.detail if isinstance(decision.detail, Mapping) else {}
    origin = detail.get("origin")
    if not isinstance(origin, str) or not origin.strip():
        raise _malformed("origin", "absent", "Say where the performance comes from")
    sessions = [
        replace(session, origin=origin, decision_id=decision.decision_id)
        for session in _rows(detail, "sessions", SESSIONS_MAX, BeadType.PERFORMANCE, PerformancePayload)
    ]
    autopsies = [
        replace(autopsy, decision_id=decision.decision_id)
        for autopsy in _rows(detail, "autopsies", AUTOPSIES_MAX, BeadType.AUTOPSY, AutopsyPayload)
    ]
    _check_rows(work, "sessions", decision.subject_id, sessions)
    _check_rows(work, "autopsies", decision.subject_id, autopsies)
    new: list[Payload] = [*_unknown(work, "sessions", sessions), *_unknown(work, "autopsies", autopsies)]
    if not new:
        raise Refused(
            RefusalReason.CONFLICT, "sessions", f"all of the {len(sessions)} sessions are on record already",
            "Nothing is left to import",
        )  # fmt: skip
    _record_all(work, new, pending.signer)
    return len(new)


def _rows(detail: Mapping[str, Json], name: str, most: int, kind: BeadType, cls: type[P]) -> list[P]:
    """The typed rows of an import, strictly. Raises Refused naming the row."""
    raw = detail.get(name, [])
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > most:
        raise _malformed(name, f"not a list of at most {most}", "Import it in parts")
    return [_row(f"{name}[{index}]", row, kind, cls) for index, row in enumerate(raw)]


def _row(place: str, row: Json, kind: BeadType, cls: type[P]) -> P:
    if not isinstance(row, Mapping):
        raise _malformed(place, "not an object", "Give the named fields")
    try:
        payload = decode_value(PAYLOADS[kind], row)
    except (CorruptBead, InvalidValue, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _malformed(place, str(error), "Correct the row") from error
    assert isinstance(payload, cls)
    return payload


def _check_rows(work: Work, name: str, strategy_id: str, rows: Sequence[P]) -> None:
    seen: set[Key] = set()
    for index, row in enumerate(rows):
        place, (key,) = f"{name}[{index}]", unique_keys(row)
        if row.strategy_id != strategy_id:
            raise _malformed(f"{place}.strategy_id", f"{row.strategy_id!r} is not {strategy_id!r}", "Import it apart")
        if key in seen:
            raise _malformed(place, f"{key.value} is given twice", "Keep each once")
        seen.add(key)
        _check(work, place, row)


def _check(work: Work, place: str, row: PerformancePayload | AutopsyPayload) -> None:
    try:
        if isinstance(row, PerformancePayload):
            check_session(row, work.now.date())
        else:
            check_shadow_autopsy(row)
    except InvalidValue as error:
        raise _malformed(f"{place}.{error.field}", error.refused, error.remedy) from error


def _unknown(work: Work, name: str, rows: Sequence[P]) -> list[P]:
    """The rows that are not on record yet. Raises Refused for one that is, with other content."""
    new: list[P] = []
    for index, row in enumerate(rows):
        (key,) = unique_keys(row)
        bead = work.find(key)
        if bead is None:
            new.append(row)
        elif _content(bead.payload) != _content(row):
            raise Refused(
                RefusalReason.CONFLICT, f"{name}[{index}]", f"{key.value} is on record with other content",
                "Remove it from the import; what is recorded is never changed",
            )  # fmt: skip
    return new


def _content(payload: Payload) -> Payload:
    """What a row says, apart from who brought it."""
    if isinstance(payload, PerformancePayload):
        return replace(payload, origin="", decision_id=None)
    return replace(payload, decision_id=None) if isinstance(payload, AutopsyPayload) else payload


def _record_all(work: Work, payloads: Sequence[Payload], signer: Signer) -> None:
    for payload in payloads:
        work.record(payload, signer=signer)


def record_session(work: Work, session: PerformancePayload) -> None:
    """Record a session that the shadow tracker followed, once; those of strategies that left SHADOW are passed over."""
    strategy = work.state.strategies.get(session.strategy_id)
    if strategy is None or strategy.mode is not StrategyMode.SHADOW:
        return
    if work.find(performance_key(session.strategy_id, session.session_date)) is None:
        work.record(session)


def refuse_shadow(work: Work, signal_id: str, refusal: Refused) -> None:
    """Record that a signal could not be followed as shadow, once."""
    if work.find(Key("shadow_refused", signal_id)) is None:
        work.refuse(refusal, Subject("SHADOW", signal_id, signal_id=signal_id))


def _malformed(field: str, detail: str, remedy: str) -> Refused:
    return Refused(RefusalReason.MALFORMED, field, detail, remedy)
