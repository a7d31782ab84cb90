"""The other end of a gateway simulator's control channel: one request, one answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from phoenix.domain.errors import InvalidValue
from phoenix.ports.errors import BrokerUnavailable

HOST = "127.0.0.1"
_WITHIN_S = 60.0
"""To advance over a long time takes a while."""


def request_of(verb: str, what: Iterable[str]) -> dict[str, Any]:
    """The request that words such as `seconds=5` make. Raises InvalidValue."""
    request: dict[str, Any] = {"do": verb}
    for word in what:
        name, equals, value = word.partition("=")
        if not equals or not name or name in request:
            raise InvalidValue("NAME=VALUE", f"{word[:80]!r} is none, or named twice", "Write such as seconds=5")
        request[name] = _value(value)
    return request


def ask(port: int, request: Mapping[str, Any]) -> dict[str, Any]:
    """The gateway's answer. Raises BrokerUnavailable where none listens, InvalidValue where it refuses."""
    try:
        with socket.create_connection((HOST, port), timeout=_WITHIN_S) as line:
            line.sendall(json.dumps(request).encode() + b"\n")
            with line.makefile("rb") as answers:
                answer = json.loads(answers.readline())
    except OSError as error:
        raise BrokerUnavailable(
            f"no gateway can be directed at port {port} of this machine ({error.strerror or error}); nothing was done. "
            "Start one with phoenix gateway run, or name its --control-port"
        ) from error
    except ValueError as error:
        raise BrokerUnavailable(
            f"what listens at port {port} of this machine is no gateway's control channel. Name the --control-port "
            "that phoenix gateway run showed"
        ) from error
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        raise _refusal(answer)
    return answer


def _value(text: str) -> Any:
    """JSON with numbers as they are written, or the text itself."""
    try:
        return json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return text


def _refusal(answer: Any) -> InvalidValue:
    parts = [str(answer.get(name, "")) for name in ("field", "refused", "remedy")] if isinstance(answer, dict) else []
    return (
        InvalidValue(*parts) if len(parts) == 3 else InvalidValue("gateway", "it answered otherwise", "Start it anew")
    )
