"""Each invariant, broken once in an otherwise sound history: exactly that one is violated, and named."""

from __future__ import annotations

import pytest

from phoenix.history_check.catalogue import RULES
from tests.history_check import books_breaches, fill_breaches, gate_breaches, lifecycle_breaches, promotion_breaches
from tests.history_check.breaches import BREACHES, Breach
from tests.history_check.histories import ASSISTANT, alert, drift, kill_flag
from tests.history_check.trades import QUANTITY, Trade, one_trade, opened

MODULES = (books_breaches, fill_breaches, gate_breaches, lifecycle_breaches, promotion_breaches)
"""Importing them fills the list of breaches."""


@pytest.mark.parametrize(("invariant", "breach"), BREACHES, ids=[f"{i}-{b.__name__}" for i, b in BREACHES])
def test_exactly_the_broken_invariant_is_named(invariant: str, breach: Breach) -> None:
    report = breach().check()
    assert report.violated == (invariant,), report.text()
    assert not report.ok
    assert invariant in report.text()


def test_an_assistants_approval_violates_the_gate_and_the_human_rule() -> None:
    history, _ = one_trade()
    history.find("DECISION").signer = ASSISTANT
    assert history.check().violated == ("INV-T2-GATE-1", "INV-HUMAN-1")


def test_an_exit_that_flips_the_position_is_named() -> None:
    history = opened()
    made = Trade(history, at=10).managed()
    made.protection = "NONE"
    for nth, suffix in enumerate("TS", start=1):
        made.made(suffix, 20 + nth)
        made.open = str(int(made.open) - int(QUANTITY))
        made.execution(suffix, 20 + nth)
        made.position("MANAGED", "EXECUTION", 20 + nth)
    drift(history, 22, made.position_id)
    kill_flag(history, 22, "flag")
    alert(history, 22, "OVERFILL", made.position_id)
    report = history.check()
    assert report.violated == ("INV-EXIT-1",)
    assert {finding.seq is None for finding in report.findings} == {True, False}


def test_every_invariant_that_a_history_can_show_is_broken_here() -> None:
    assert {rule.invariant for rule in RULES} == {invariant for invariant, _ in BREACHES}
