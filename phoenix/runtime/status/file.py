"""Reading what a running executor shows of itself, without opening the store; quick to import, for quick commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from phoenix.adapters.files import read_file
from phoenix.domain.errors import DomainError
from phoenix.domain.instants import parse_instant
from phoenix.domain.numbers import ZERO, parse_decimal

_BYTES_MAX = 1_000_000
"""An executor writes some thousands."""
_SEQ_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Status:
    """The status as of a bead. `document` is all of it, each part of the shape in which an executor writes it."""

    document: dict[str, Any]

    @property
    def head_seq(self) -> int:
        return int(self.document["head_seq"])

    @property
    def as_of(self) -> str:
        return str(self.document["as_of"])

    @property
    def quotes(self) -> dict[str, dict[str, str]]:
        """The last quotes, prices as text; or why there is none, as `unknown`."""
        return dict(self.document.get("quotes") or {})

    @property
    def positions(self) -> dict[str, int]:
        """How many positions there are in each state that has any."""
        return {state: count for state, count in (self.document.get("positions") or {}).items() if count}

    @property
    def kill_flags(self) -> list[dict[str, Any]]:
        return list(self.document.get("kill_flags") or ())

    def instant(self, name: str) -> datetime | None:
        """One of the document's instants, or None where it has none."""
        text = self.document.get(name)
        return None if text is None else parse_instant(text)


def read_status(path: Path) -> Status | None:
    """What was last shown, or None where nothing is, or anything but what an executor writes: then nothing of it is
    believed. Whoever wants to know more reads the store."""
    if not path.is_file():
        return None
    try:
        content = read_file(path, _BYTES_MAX + 1)
        document = json.loads(content) if len(content) <= _BYTES_MAX else None
    except (OSError, ValueError, RecursionError):
        return None
    return Status(document) if isinstance(document, dict) and _is_as_written(document) else None


def _is_as_written(document: Mapping[str, Any]) -> bool:
    """Whether every part has its shape; parts that are not known here are nobody's business.

    One that says nothing of kill flags does not say that there are none.
    """
    required = (_is_seq(document.get("head_seq")), _is_instant(document.get("as_of")))
    return all(required) and _are_flags(document.get("kill_flags")) and _fits(document, _SHAPES)


def _fits(found: Mapping[str, Any], shapes: Mapping[str, Callable[[object], bool]]) -> bool:
    return all(found.get(name) is None or has_shape(found[name]) for name, has_shape in shapes.items())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_seq(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _SEQ_MAX


def _is_instant(value: object) -> bool:
    try:
        return isinstance(value, str) and parse_instant(value) is not None
    except DomainError:
        return False


def _is_number(value: object) -> bool:
    return _number(value) is not None


def _number(value: object) -> Decimal | None:
    try:
        return parse_decimal(value) if isinstance(value, str) else None
    except DomainError:
        return None


def _is_quote(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if "unknown" in value:
        return _is_text(value["unknown"])
    prices = (_number(value.get("bid")), _number(value.get("ask")))
    return _is_instant(value.get("as_of")) and all(price is not None and price > ZERO for price in prices)


def _is_flag(value: object) -> bool:
    return isinstance(value, dict) and _is_text(value.get("flag_id")) and _fits(value, _FLAG_SHAPES)


def _all_of(has_shape: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(map(has_shape, value.values()))


def _are_flags(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_flag, value))


_FLAG_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "strategy_id": _is_text, "source": _is_text, "reason": _is_text, "set_at": _is_instant, "expires_at": _is_instant,
}  # fmt: skip
_SHAPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("account", "mode", "currency", "adapter", "health", "reason", "session"), _is_text),
    **dict.fromkeys(("connected", "reconciled"), _is_truth),
    **dict.fromkeys(("fresh_until", "equity_as_of"), _is_instant),
    **dict.fromkeys(("pending", "unanswered", "unprotected", "unknown_orders", "drifts", "strays", "parked"), _is_seq),
    "equity": _is_number, "positions": _all_of(_is_seq), "quotes": _all_of(_is_quote), "kill_flags": _are_flags,
}  # fmt: skip
