"""What a gateway itself does wrong on purpose, apart from the broker behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from phoenix.domain.errors import InvalidValue

ENDING = ("open_orders", "completed_orders", "executions", "positions")
"""The answers that have an end marker to leave out."""


@dataclass(slots=True)
class Tricks:
    """Switches, all off. They can be turned at any time.

    - `silent`: connections stay open and nothing is said on them; what would have been said is said later.
    - `read_only`: no order is taken and orders are not told of, as when the API is set to read-only.
    - `refuses_connections`: whoever connects is hung up on at once.
    - `accounts`: what managedAccounts says, in place of the account that is traded.
    - `highest_version`: the highest server version that is agreed to.
    - `hang_up_after_orders`: after so many more orders the connection that sent the last one breaks.
    - `unending`: the names of answers that come without their end marker: open_orders, completed_orders, executions,
      positions.
    - `garbage`: the next message to every client, once, is preceded by one that no client can read.
    """

    silent: bool = False
    read_only: bool = False
    refuses_connections: bool = False
    accounts: tuple[str, ...] | None = None
    highest_version: int | None = None
    hang_up_after_orders: int | None = None
    unending: tuple[str, ...] = ()
    garbage: bool = False

    def turn(self, given: Mapping[str, Any]) -> None:
        """Set switches by name. Raises InvalidValue, with nothing changed."""
        hints = {one.name: one for one in fields(self)}
        for name, value in given.items():
            if name not in hints:
                raise InvalidValue(name, "is no trick of the gateway", f"Use one of {', '.join(hints)}")
            if not _fits(name, value):
                raise InvalidValue(name, f"{value!r} does not fit", "See docs/gateway.md for what each trick takes")
        for name, value in given.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)


def _fits(name: str, value: object) -> bool:
    if name == "unending":
        return isinstance(value, list | tuple) and all(item in ENDING for item in value)
    if name == "accounts":
        return value is None or (isinstance(value, list | tuple) and all(map(_is_account, value)))
    if name in ("highest_version", "hang_up_after_orders"):
        return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)
    return isinstance(value, bool)


def _is_account(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and "," not in value
