"""Asking a running gateway simulator through its control channel."""

from __future__ import annotations

import json
import socket
from typing import Any

from phoenix.domain.errors import InvalidValue
from phoenix.ports.errors import BrokerUnavailable

_HOST = "127.0.0.1"
_TIMEOUT_S = 10.0


def ask(port: int, request: str) -> dict[str, Any]:
    """What the gateway answers, without its `ok`. Raises InvalidValue for what it refuses, BrokerUnavailable."""
    try:
        with socket.create_connection((_HOST, port), timeout=_TIMEOUT_S) as connection:
            connection.sendall(_line(request))
            answer = connection.makefile("rb").readline()
    except (OSError, OverflowError) as error:
        raise BrokerUnavailable(
            f"no gateway answers at control port {port} ({error}). Start phoenix gateway run; it names its control port"
        ) from error
    if not answer:
        raise BrokerUnavailable(f"what listens at port {port} hung up. Name the control port, not the clients' one")
    try:
        told = json.loads(answer)
    except ValueError as error:
        raise BrokerUnavailable(f"what listens at port {port} is no control channel of a gateway") from error
    if not told.pop("ok", False):
        raise InvalidValue("request", str(told.get("error", "was refused")), "See docs/gateway.md for the words")
    return dict(told)


def _line(request: str) -> bytes:
    """The request on one line. Raises InvalidValue for what is no JSON."""
    try:
        return json.dumps(json.loads(request)).encode() + b"\n"
    except (ValueError, RecursionError) as error:
        raise InvalidValue("request", f"is no JSON ({error})", 'Write, for example, {"do": "state"}') from error
