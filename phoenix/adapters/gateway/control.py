"""The control channel: one JSON object a line in, one out. It moves time, prices and faults, and shows the ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from phoenix.adapters.gateway.client import ABOUT_NOTHING
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.simulation.book_file.fault_rows import fault_of
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.errors import InvalidValue, PhoenixError
from phoenix.domain.instants import instant_text, parse_instant

if TYPE_CHECKING:
    from phoenix.adapters.gateway.server import GatewayServer


ADVANCE_MAX = timedelta(days=366)
_INTEGER_MAX, _NUMBER_MAX, _PLACES_MAX = 2**31 - 1, 10**9, 10
_Verb = Callable[[dict[str, Any]], dict[str, Any]]


class Control:
    """What may be asked of a gateway from outside. A request that is refused changes nothing."""

    def __init__(self, server: GatewayServer) -> None:
        self._server = server
        self._verbs: Mapping[str, tuple[_Verb, tuple[str, ...]]] = {
            "state": (self._state, ()), "advance": (self._advance, ("seconds", "to")),
            "inject": (self._inject, ("kind", "detail")), "quote": (self._quote, ("pair", "bid", "ask", "at")),
            "tricks": (self._tricks, tuple(one.name for one in fields(Tricks))),
            "say": (self._say, ("code", "text", "request_id")), "ledger": (self._ledger, ("since",)),
        }  # fmt: skip

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one who directs, until they hang up."""
        self._server.keep(asyncio.ensure_future(self._converse(reader, writer)))

    def carry_out(self, request: object) -> dict[str, Any]:
        """The answer to one request: `ok`, and what was asked for; or the error, with the field it is about."""
        try:
            if not isinstance(request, dict):
                raise InvalidValue("request", "it is no JSON object", 'Write one such as {"do": "state"}')
            do = request.get("do")
            if not isinstance(do, str) or do not in self._verbs:
                raise InvalidValue("do", f"{do!r:.80} is no verb", f"Use one of {', '.join(self._verbs)}")
            verb, names = self._verbs[do]
            given = {name: value for name, value in request.items() if name != "do"}
            for name in given:
                if name not in names:
                    raise InvalidValue(
                        name[:80], f"{do} takes no such thing", f"It takes {', '.join(names) or 'nothing'}"
                    )
            return {"ok": True, **verb(given)}
        except InvalidValue as error:
            return _refused(error)
        except PhoenixError as error:
            return _refused(InvalidValue("gateway", str(error), "Nothing was changed"))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass  # gone, or a line without end: neither deserves an answer
        finally:
            writer.close()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError) as error:
            return _refused(InvalidValue("request", f"it is no JSON ({error})", 'Write a line such as {"do": "state"}'))
        return self.carry_out(request)

    def _state(self, _: dict[str, Any]) -> dict[str, Any]:
        gateway, due = self._server.gateway, self._server.gateway.next_due()
        world = gateway.engine.world
        return {
            "now": instant_text(self._server.time.now()),
            "next_due": None if due is None else instant_text(due),
            "account": gateway.account,
            "clients": sorted(client.number for client in gateway.clients),
            "open_orders": len(world.book.live),
            "is_time_told": self._server.time.is_told,
        }

    def _advance(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise InvalidValue("to", "give either an instant or seconds", 'Such as {"do": "advance", "seconds": 5}')
        now = self._server.time.now()
        if "to" in given:
            instant = _instant(given, "to", now)
        else:
            instant = now + timedelta(seconds=float(_decimal(given, "seconds", at_most=ADVANCE_MAX.total_seconds())))
        if instant - now > ADVANCE_MAX:
            raise InvalidValue(
                "to", f"{instant_text(instant)} is too far off", f"Advance by {ADVANCE_MAX.days} days at most"
            )
        self._server.move_to(instant)
        return self._state({})

    def _inject(self, given: dict[str, Any]) -> dict[str, Any]:
        """A fault, in the words of a simulated broker's book: its kind, and an object with the particulars."""
        gateway, kind = self._server.gateway, _text(given, "kind")
        try:
            fault = fault_of(kind, json.dumps(given.get("detail", {})), gateway.account, self._server.time.now())
        except InvalidValue as error:
            field = "kind" if error.field == "kind" else f"detail.{error.field}"
            raise InvalidValue(field, error.refused, error.remedy) from error
        except (ValueError, TypeError, ArithmeticError) as error:
            raise InvalidValue("detail", str(error), f"See docs/gateway.md for what {kind} takes") from error
        _require_bounded(given.get("detail", {}), gateway.engine.world.options.instruments)
        gateway.inject(fault)
        gateway.advance()
        return {}

    def _quote(self, given: dict[str, Any]) -> dict[str, Any]:
        gateway, pair = self._server.gateway, _text(given, "pair")
        feed = gateway.engine.world.feeds.get(pair)
        if not isinstance(feed, QuoteFeed):
            raise InvalidValue(
                "pair", f"{pair!r:.80} has no prices that can be told", "Start the gateway with --prices told"
            )
        bid, ask = _decimal(given, "bid"), _decimal(given, "ask")
        if not 0 < bid <= ask:
            raise InvalidValue("ask", f"{bid} and {ask} are no quote", "Give a bid above zero, and no ask below it")
        feed.add(Tick(_instant(given, "at", self._server.time.now()), bid, ask))
        gateway.advance()
        return {}

    def _tricks(self, given: dict[str, Any]) -> dict[str, Any]:
        self._server.turn_tricks(given)
        return {}

    def _say(self, given: dict[str, Any]) -> dict[str, Any]:
        """A coded message to every client, about an order or a request where one is named."""
        code, text = _integer(given, "code"), _text(given, "text")
        request_id = _integer(given, "request_id", default=ABOUT_NOTHING)
        for client in self._server.gateway.clients:
            client.refuse(request_id, code, text)
        return {}

    def _ledger(self, given: dict[str, Any]) -> dict[str, Any]:
        since = _integer(given, "since", default=0)
        records = self._server.gateway.engine.ledger.records
        return {"records": [record.as_json() for record in records[max(since, 0) :]]}


def _require_bounded(detail: Mapping[str, Any], instruments: Mapping[str, object]) -> None:
    """What a fault's own form does not refuse, and the gateway could not live through."""
    for name, value in detail.items():
        if name == "pair" and value not in instruments:
            raise InvalidValue("detail.pair", f"{value!r:.80} is not traded", f"Use one of {', '.join(instruments)}")
        try:
            is_bounded = isinstance(value, bool) or value is None or abs(Decimal(str(value))) <= _NUMBER_MAX
        except ArithmeticError:
            is_bounded = not isinstance(value, float)
        if not is_bounded:
            raise InvalidValue(f"detail.{name}", f"{value!r:.80} is too much", f"Stay below {_NUMBER_MAX:,}")


def _refused(error: InvalidValue) -> dict[str, Any]:
    return {"ok": False, "error": str(error), "field": error.field, "refused": error.refused, "remedy": error.remedy}


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise InvalidValue(name, "is missing" if value is None else f"{value!r:.80} is no text", "Give a text")
    return value


def _integer(given: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _INTEGER_MAX:
        raise InvalidValue(name, "is missing" if value is None else f"{value!r:.80} is no number", "Give an integer")
    return value


def _decimal(given: Mapping[str, Any], name: str, at_most: float = 1e9) -> Decimal:
    value = given.get(name)
    try:
        number = None if isinstance(value, bool) or value is None else Decimal(str(value))
    except ArithmeticError:
        number = None
    if number is None or not number.is_finite() or not 0 <= number <= at_most or number != round(number, _PLACES_MAX):
        raise InvalidValue(
            name,
            "is missing" if value is None else f"{value!r:.80} does not do",
            f"Give a number from 0 to {at_most:.0f}",
        )
    return number


def _instant(given: Mapping[str, Any], name: str, default: datetime) -> datetime:
    if name not in given:
        return default
    try:
        return parse_instant(_text(given, name))
    except InvalidValue as error:
        raise InvalidValue(name, error.refused, error.remedy) from error
