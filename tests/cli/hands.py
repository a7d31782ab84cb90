"""A trader at the command line: everything is done by commands, and things go wrong at the broker by its book."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from phoenix.cli.exit_codes import ExitCode
from phoenix.history_check import HistoryReport
from phoenix.runtime.checkup.proof import prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Called, Phoenix
from tests.cli.forked_terminal import typing

WHY = ("--reason", "looked at the broker's terminal")


_NO_LIMITS = """
[limits]
duplicate_window_s = "none"
open_positions_max = "none"
position_quantity_max = "none"
buying_power_share_max = "none"
"""


def impatient(home: Home) -> Home:
    """The home once its commands do not stay long for a word that never comes, prices stand still for a minute, and
    nothing limits how much is traded."""
    file = home.directory / "phoenix.toml"
    text = file.read_text().replace("interval_s = 5", "interval_s = 60")
    file.write_text(f"{text}\n[commands]\nlinger_s = 0.2\n{_NO_LIMITS}")
    return Home.open(home.directory)


class Hands:
    """What a person does; every method is a command or two."""

    def __init__(self, home: Home, phoenix: Phoenix) -> None:
        self.home = home
        self.phoenix = phoenix
        self.look()

    def look(self) -> None:
        """Without an executor, asking for a quote connects, reads the books and does what fell due."""
        assert self("quote").code == ExitCode.OK

    def __call__(self, *arguments: str) -> Called:
        return self.phoenix(*arguments)

    def done(self, *arguments: str) -> dict[str, Any]:
        """A command that has to work; its answer."""
        called = self.phoenix(*arguments, "--json")
        assert called.code == ExitCode.OK, (called.out, called.err)
        document: dict[str, Any] = called.document
        return document

    # --- the broker ----------------------------------------------------------------------------------------------

    def at_broker(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """A change or a question in the broker's own book."""
        with closing(sqlite3.connect(self.home.directory / "book.db", timeout=5)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def fault(self, kind: str, **detail: Any) -> None:
        """Something goes wrong at the broker from the next thing on."""
        self.at_broker("INSERT INTO faults (kind, detail) VALUES (?, ?)", kind, json.dumps(detail))

    def healed(self) -> None:
        self.at_broker("DELETE FROM faults")

    # --- trading -------------------------------------------------------------------------------------------------

    def enter(self, *options: str) -> str:
        """A signal, proposed and approved, however its order fares. Answers the position."""
        signal = self.done("simulate-signal", *options)["signals"][0]
        assert self.approve(str(signal["intent_id"])) != ExitCode.REFUSED
        return str(signal["position_id"])

    def enter_limit(self) -> str:
        """As `enter`, with an order that rests away from the market."""
        return self.enter("--order-type", "LIMIT", "--limit", "20")

    def approve(self, intent_id: str) -> int:
        pending = {waiting["intent_id"]: waiting for waiting in self.done("pending")["pending"]}
        code, seen = typing(f"{pending[intent_id]['what']}\n", "approve", intent_id)
        assert "Traceback" not in seen, seen
        return code

    def close(self, position_id: str, *options: str) -> int:
        """The exit of a position, proposed and approved."""
        return self.approve(str(self.done("positions", "close", position_id, *options)["intent_id"]))

    def protect(self, position_id: str, *options: str) -> int:
        return self.approve(str(self.done("positions", "protect", position_id, *options)["intent_id"]))

    # --- looking -------------------------------------------------------------------------------------------------

    def position(self, position_id: str) -> dict[str, Any]:
        return self.done("positions", "show", position_id)

    def state(self, position_id: str) -> str:
        return str(self.position(position_id)["state"])

    def concerns(self, position_id: str) -> set[str]:
        return {concern["word"] for concern in self.position(position_id)["concerns"]}

    def ways(self, position_id: str) -> set[str]:
        return {way["decision"] for way in self.position(position_id)["ways"]}

    def adoptable(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.done("positions", "adopt")["adoptable"]
        return found

    def order(self, position_id: str, role: str) -> dict[str, Any]:
        """The last order of a role."""
        orders: list[dict[str, Any]] = self.position(position_id)["orders"]
        return [order for order in orders if order["role"] == role][-1]

    # --- the end -------------------------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Every drift acknowledged and every flag lifted, one by one."""
        for drift in self.done("drift", "list")["drifts"]:
            self.done("drift", "resolve", drift["drift_bead_id"], "--as", "ACKNOWLEDGED", *WHY)
        for flag in self.done("kill", "list")["kill_flags"]:
            self.done("kill", "lift", flag["flag_id"], *WHY)

    def proven(self) -> HistoryReport:
        """The verdict on the whole history, everything settled; nothing may be left that needs a human."""
        self.look()
        listed = self.done("positions", "list")
        assert [position["concerns"] for position in listed["positions"] if position["concerns"]] == []
        with Desk(self.home) as desk:
            report = prove(self.home, desk.store, settled=True)
        assert report.ok, report.text()
        return report
