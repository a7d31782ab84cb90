"""The summary tells a person every outcome, every refusal and why, and whether the record can be trusted."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from phoenix.cli.views.replay import summary
from phoenix.replay.result import Proof, ReplayResult
from tests.replay.results import REFUSED, closed, result, still_open


def text_of(what: ReplayResult) -> str:
    console = Console(file=StringIO(), width=160, color_system=None, highlight=False)
    console.print(summary(what))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_every_signal_has_its_outcome() -> None:
    text = text_of(result(closed("first-signal", 5, "2000"), still_open("other-signal"), refused=(REFUSED,)))
    assert "first-si" in text
    assert "TAKE_PROFIT" in text
    assert "+2,000.00" in text
    assert "+2.00" in text
    assert "MANAGED" in text
    assert "3 signals: 1 closed (1 with a profit), 1 not closed, 1 refused" in text
    assert "Realised +2,000.00 USD, +2.00 R, on 100,000.00 USD" in text


def test_a_refusal_says_why_and_what_to_do() -> None:
    text = text_of(result(refused=(REFUSED,)))
    assert "SIZING" in text
    assert "714 units is under the minimum size of 1000. Risk more" in text
    assert "bad.json" in text


def test_it_states_the_risk_profile_and_the_crossed_minutes() -> None:
    text = text_of(result())
    assert "Risk profile: PERMISSIVE" in text
    assert "7 of them crossed" in text


def test_it_says_what_was_verified() -> None:
    text = text_of(result())
    assert "Beads written: 42" in text
    assert "FAILED" not in text
    assert "Open drift: none" in text
    assert "no invariant broken (20 hold)" in text


def test_what_is_wrong_with_the_record_is_named() -> None:
    proof = Proof(
        42, False, "bead 7 does not follow bead 6", ("INV-T2-GATE-1 bead 9: no token",), "", ("GBPUSD: 0 against 5",)
    )
    text = text_of(result(proof=proof))
    assert "Chain: FAILED: bead 7 does not follow bead 6" in text
    assert "History check: FAILED: INV-T2-GATE-1 bead 9: no token" in text
    assert "Open drift: FAILED: GBPUSD: 0 against 5" in text


def test_the_contents_of_a_signal_are_never_markup() -> None:
    wild = replace(REFUSED, signal_id="[red]x", detail="[bold]7[/]", file="[link=a]b.json")
    text = text_of(result(refused=(wild,)))
    assert "[red]x" in text
    assert "[bold]7[/]" in text
    assert "[link=a]b.json" in text
