"""Which executions a client asks for."""

from __future__ import annotations

from collections.abc import Iterable

from phoenix.adapters.gateway import words
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire.requests import ExecutionFilter
from phoenix.adapters.simulation.executions import Execution


def chosen(known: Iterable[Execution], wanted: ExecutionFilter, securities: Securities) -> list[Execution]:
    """Those that a filter admits. A time in it is compared as the text it is, to the second."""
    return [execution for execution in known if _is_admitted(execution, wanted, securities)]


def _is_admitted(execution: Execution, wanted: ExecutionFilter, securities: Securities) -> bool:
    security = securities.of(execution.pair)
    side = words.SIDE[execution.action]
    since = "".join(character for character in wanted.since if character.isdigit())
    checks = (
        (wanted.client_id, execution.ids.client_id), (wanted.account, execution.account),
        (wanted.symbol, security.symbol), (wanted.security_type, security.security_type),
        (wanted.exchange, security.exchange),
    )  # fmt: skip
    is_late_enough = not since or execution.executed_at.strftime("%Y%m%d%H%M%S") >= since
    is_side = wanted.side in ("", side, execution.action.value)
    return is_late_enough and is_side and all(not word or word == found for word, found in checks)
