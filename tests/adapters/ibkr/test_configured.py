"""The table of an IBKR adapter is refused where it is wrong, and never read more widely than it was meant."""

from __future__ import annotations

from typing import Any, cast

import pytest

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ibkr.configured import ibkr_broker
from phoenix.adapters.ibkr.line import Endpoint, Line, Listener
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ConfigurationError
from tests.adapters.ibkr.scripted import GBPUSD, PAIR, START, Script, ScriptedLine


def line(endpoint: Endpoint, listener: Listener) -> Line:
    return ScriptedLine(Script(), endpoint, listener)


def context(options: dict[str, Any]) -> BrokerContext:
    return BrokerContext(
        options, AccountPolicy("DU1", AccountMode.PAPER, "USD"), {PAIR: GBPUSD}, SimulatedClock(START),
        cast(TradingCalendar, None), ClaimOffice(), lambda _: None,
    )  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"accounts_allowed": ["DU1", "DU2"]}, {"gateway_zone": "America/New_York"}])
def test_a_table_that_fits_gives_a_broker(more: dict[str, Any]) -> None:
    assert ibkr_broker("ibapi", context({"port": 4002} | more), line).name == "ibapi"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "port"),
        ({"port": 4001}, "PAPER"),
        ({"port": 4002, "accounts_allowed": []}, "not among the allowed"),
        ({"port": 4002, "accounts_allowed": ["DU2"]}, "not among the allowed"),
        ({"port": 4002, "client_id": 0}, "client_id"),
        ({"port": 4002, "gateway_zone": "Nowhere/Land"}, "gateway_zone"),
        ({"port": 4002, "prot": 1}, "prot"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_by_name(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        ibkr_broker("ibapi", context(options), line)
