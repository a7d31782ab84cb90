"""Which executions a client asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from phoenix.adapters.gateway import words
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire.requests import ExecutionFilter
from phoenix.adapters.simulation.executions import Execution


class UnreadableTime(ValueError):
    """The time in a filter is in none of the forms that the protocol has."""


def chosen(
    known: Iterable[Execution], wanted: ExecutionFilter, securities: Securities, zone: tzinfo
) -> list[Execution]:  # fmt: skip
    """Those that a filter admits; a time in it without a zone is told in `zone`. Raises UnreadableTime."""
    since = since_of(wanted.since, zone)
    return [execution for execution in known if _is_admitted(execution, wanted, since, securities)]


def since_of(text: str, zone: tzinfo) -> datetime | None:
    """The instant that a filter begins at: 20260302 09:30:00, with or without a zone, or 20260302-14:30:00 in UTC.

    None where there is none. Raises UnreadableTime.
    """
    day, *rest = text.replace("-", " - ", 1).split() or [""]
    if not day:
        return None
    try:
        if rest[:1] == ["-"]:
            zone, rest = UTC, rest[1:]
        elif rest[1:]:
            zone, rest = ZoneInfo(" ".join(rest[1:])), rest[:1]
        return datetime.strptime(f"{day} {' '.join(rest)}", "%Y%m%d %H:%M:%S").replace(tzinfo=zone)
    except (KeyError, ValueError, OSError) as error:
        raise UnreadableTime(f"{text!r} is no time such as 20260302 09:30:00 US/Eastern") from error


def _is_admitted(
    execution: Execution, wanted: ExecutionFilter, since: datetime | None, securities: Securities
) -> bool:  # fmt: skip
    security = securities.of(execution.pair)
    checks = (
        (wanted.client_id, execution.ids.client_id), (wanted.account, execution.account),
        (wanted.symbol, security.symbol), (wanted.security_type, security.security_type),
        (wanted.exchange, security.exchange),
    )  # fmt: skip
    is_late_enough = since is None or execution.executed_at.replace(microsecond=0) >= since
    is_side = wanted.side in ("", words.SIDE[execution.action], execution.action.value)
    return is_late_enough and is_side and all(not word or word == found for word, found in checks)
