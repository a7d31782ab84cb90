"""Whoever has to mend a connection reads what is wrong, where, and what to do: one sentence for each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ibkr.causes import connect_error, refusal
from phoenix.adapters.ibkr.guard import REAL_PORTS, USUAL_PORTS, SessionGuard
from phoenix.adapters.ibkr.line import LineFailed
from phoenix.adapters.ibkr.said import ErrorSaid
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable

PAPER = AccountPolicy("DU1234567", AccountMode.PAPER, "USD")
SETTINGS = IbkrSettings(
    "127.0.0.1", 4002, 7, PAPER, {}, SimulatedClock(datetime(2026, 3, 2, tzinfo=UTC)), frozenset({PAPER.account})
)
READ_ONLY = "Error validating request.-'b7' : cause - The API interface is currently in Read-Only mode."


def test_every_usual_port_is_named() -> None:
    assert all(f"{port} ({mode.value.lower()})" in USUAL_PORTS for port, mode in REAL_PORTS.items())


@pytest.mark.parametrize("is_silent", [True, False])
@pytest.mark.parametrize("stage", ["connect", "handshake", "session"])
def test_a_connection_that_cannot_be_had_names_its_place_once(stage: str, is_silent: bool) -> None:
    error = connect_error(LineFailed("127.0.0.1:4002: why", stage, is_silent=is_silent), "ibapi", SETTINGS)
    assert isinstance(error, BrokerUnavailable)
    assert error.cause.count("127.0.0.1:4002") == 1
    assert "(why)" in error.cause
    assert str(error) == f"{error.cause}. {error.remedy}"


def test_each_stage_has_a_sentence_of_its_own() -> None:
    causes = {
        connect_error(LineFailed("why", stage, code, is_silent=is_silent), "ibapi", SETTINGS).cause
        for stage in ("connect", "handshake", "session", "version")
        for code in (None, 326)
        for is_silent in (True, False)
    }
    assert len(causes) == 7


@pytest.mark.parametrize(("stage", "code"), [("version", None), ("session", 326)])
def test_what_trying_again_does_not_mend_is_a_refusal(stage: str, code: int | None) -> None:
    assert isinstance(connect_error(LineFailed("why", stage, code), "ibapi", SETTINGS), BrokerRefused)


@pytest.mark.parametrize("request_id", [-1, 2147483647])
def test_a_read_only_gateway_is_told_by_its_words(request_id: int) -> None:
    told = refusal(ErrorSaid(request_id, 321, READ_ONLY))
    assert "read-only" in told.reason
    assert "Read-Only API" in str(told.remedy)
    assert refusal(ErrorSaid(request_id, 321, "Invalid account code")).remedy is None


def test_a_live_account_in_a_paper_login() -> None:
    guard = SessionGuard(PAPER, "127.0.0.1", 4002, frozenset({PAPER.account}))
    objection = guard.objection((PAPER.account, "U1234567"))
    assert objection is not None
    assert str(objection) == "account U1234567 of this login is no PAPER account. Log in to PAPER accounts only"
