"""The facts of a step: what is asked for, and that what stays unanswered is unknown."""

from __future__ import annotations

import pytest

from phoenix.adapters.simulation.faults import Query, QueryUnanswered
from phoenix.application.gate.facts import Facts
from phoenix.application.simulation import run_now
from phoenix.ports.answers import Complete, Unknown
from phoenix.rehearsal.world import World


def read(world: World, *pairs: str) -> Facts:
    return run_now(world.container.facts().read(pairs))


@pytest.mark.parametrize(
    ("pairs", "quoted"),
    [
        ((), []),
        (("GBPUSD",), ["GBPUSD"]),
        (("USDJPY",), ["USDJPY"]),
        (("EURGBP",), ["EURGBP", "GBPUSD"]),
        (("EURGBP", "EURUSD", "EURUSD"), ["EURGBP", "EURUSD", "GBPUSD"]),
        (("XAUUSD",), []),
    ],
)
def test_the_rates_that_turn_a_pair_into_the_accounts_currency_are_asked_for(
    pairs: tuple[str, ...], quoted: list[str]
) -> None:
    facts = read(World(), *pairs)
    assert sorted(facts.quotes) == quoted
    assert sorted(facts.trading) == sorted({pair for pair in pairs if pair != "XAUUSD"})


def test_a_healthy_broker_is_known_in_every_part() -> None:
    facts = read(World(), "GBPUSD")
    assert isinstance(facts.account, Complete)
    assert isinstance(facts.quote("GBPUSD"), Complete)
    assert isinstance(facts.session, Complete)
    assert isinstance(facts.server_time, Complete)
    assert facts.message_room > 0


def test_a_quote_that_nobody_asked_for_is_unknown() -> None:
    assert isinstance(read(World(), "GBPUSD").quote("EURUSD"), Unknown)


@pytest.mark.parametrize("query", [Query.ACCOUNT, Query.QUOTE, Query.SERVER_TIME])
def test_one_answer_that_is_missing_is_unknown_and_leaves_the_others(query: Query) -> None:
    facts = read(World(faults=(QueryUnanswered(query=query),)), "GBPUSD")
    answers = {
        Query.ACCOUNT: facts.account, Query.QUOTE: facts.quote("GBPUSD"), Query.SERVER_TIME: facts.server_time,
    }  # fmt: skip
    assert {asked for asked, answer in answers.items() if isinstance(answer, Unknown)} == {query}


def test_without_a_session_nothing_of_the_broker_is_known() -> None:
    facts = read(World(connect=False), "GBPUSD")
    answers = (facts.account, facts.quote("GBPUSD"), facts.session, facts.server_time)
    assert all(isinstance(answer, Unknown) for answer in answers)
    assert facts.trading["GBPUSD"].is_open, "the calendar is no part of the broker"
