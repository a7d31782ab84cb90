"""The control channel: one JSON object a line in, one out. It moves time, prices and faults, and shows the ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from phoenix.adapters.gateway.client import ABOUT_NOTHING
from phoenix.adapters.simulation.book_file.fault_rows import fault_of
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.errors import InvalidValue, PhoenixError
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.numbers import ZERO

if TYPE_CHECKING:
    from phoenix.adapters.gateway.server import GatewayServer


class Control:
    """What may be asked of a gateway from outside. A request that is refused changes nothing."""

    def __init__(self, server: GatewayServer) -> None:
        self._server = server
        self._verbs: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "state": self._state, "advance": self._advance, "inject": self._inject, "quote": self._quote,
            "tricks": self._tricks, "say": self._say, "ledger": self._ledger,
        }  # fmt: skip

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one who directs, until they hang up."""
        self._server.keep(asyncio.ensure_future(self._converse(reader, writer)))

    def carry_out(self, request: object) -> dict[str, Any]:
        """The answer to one request: `ok`, and what was asked for or the error."""
        try:
            if not isinstance(request, dict) or not isinstance(request.get("do"), str):
                raise InvalidValue("do", "is missing", f"Name one of {', '.join(self._verbs)}")
            verb = self._verbs.get(request["do"])
            if verb is None:
                raise InvalidValue(
                    "do", f"{request['do'][:80]!r} is not known", f"Name one of {', '.join(self._verbs)}"
                )
            return {"ok": True, **verb({key: value for key, value in request.items() if key != "do"})}
        except (PhoenixError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
            return {"ok": False, "error": str(error)}

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
            return {"ok": False, "error": f"not a JSON object: {error}"}
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
        seconds, to = given.get("seconds"), given.get("to")
        if (seconds is None) == (to is None):
            raise InvalidValue("to", "give either an instant or seconds", "Such as {'do': 'advance', 'seconds': 5}")
        seconds_on = timedelta(seconds=0.0 if seconds is None else float(seconds))
        instant = self._server.time.now() + seconds_on if to is None else parse_instant(to)
        self._server.move_to(instant)
        return self._state({})

    def _inject(self, given: dict[str, Any]) -> dict[str, Any]:
        """A fault, in the words of a simulated broker's book: its kind, and an object with the particulars."""
        gateway = self._server.gateway
        detail = json.dumps(given.get("detail", {}))
        gateway.inject(fault_of(str(given.get("kind", "")), detail, gateway.account, self._server.time.now()))
        return {}

    def _quote(self, given: dict[str, Any]) -> dict[str, Any]:
        feed = self._server.gateway.engine.world.feeds.get(str(given.get("pair")))
        if not isinstance(feed, QuoteFeed):
            raise InvalidValue("pair", f"{given.get('pair')!r} has no prices that can be told", "Use --prices told")
        at = parse_instant(given["at"]) if "at" in given else self._server.time.now()
        bid, ask = Decimal(str(given["bid"])), Decimal(str(given["ask"]))
        if not (bid.is_finite() and ask.is_finite() and ZERO < bid <= ask):
            raise InvalidValue("bid", f"{bid} and ask {ask} are no quote", "Give a bid above zero and no higher ask")
        feed.add(Tick(at, bid, ask))
        return {}

    def _tricks(self, given: dict[str, Any]) -> dict[str, Any]:
        self._server.turn_tricks(given)
        return {}

    def _say(self, given: dict[str, Any]) -> dict[str, Any]:
        """A coded message to every client, about an order or a request where one is named."""
        request_id, code, text = int(given.get("request_id", ABOUT_NOTHING)), int(given["code"]), str(given["text"])
        if "\0" in text:
            raise InvalidValue("text", "holds a zero byte", "Leave it out")
        for client in self._server.gateway.clients:
            client.refuse(request_id, code, text)
        return {}

    def _ledger(self, given: dict[str, Any]) -> dict[str, Any]:
        since = max(int(given.get("since", 0)), 0)
        records = self._server.gateway.engine.ledger.records
        return {"records": [record.as_json() for record in records[since:]]}
