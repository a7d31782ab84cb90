"""Soaks in virtual time: whatever chance brings, the record stays clean and the books agree in the end."""

from __future__ import annotations

import pytest

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.adapters.simulation.faults import ForeignHolding
from phoenix.bunny.soaking import SEEDS_APART, STARTING_BALANCE, Soak, worlds

LIFECYCLES = 100


@pytest.mark.parametrize("mode", list(ChaosMode))
def test_a_soak_ends_clean_with_books_that_agree_and_nothing_left_open(mode: ChaosMode) -> None:
    soak = Soak(2, mode)
    soak.live(LIFECYCLES)
    result = soak.conclude()
    assert result.unexplained == ()
    assert result.history.ok, result.history.text()
    assert result.lifecycles == LIFECYCLES
    assert result.ended["EXECUTION"] > LIFECYCLES / 10


def test_the_same_seed_lives_the_same_life() -> None:
    heads = []
    for _ in range(2):
        soak = Soak(5, ChaosMode.ADVERSARIAL)
        soak.live(15)
        heads.append(soak.world.container.store().head())
    assert heads[0] == heads[1]


def test_a_holding_that_nobody_took_back_is_not_explained() -> None:
    soak = Soak(5, ChaosMode.INSTANT)
    soak.live(3)
    soak.world.inject(ForeignHolding(soak.world.now, "EURUSD", STARTING_BALANCE, STARTING_BALANCE / 10**6))
    result = soak.conclude()
    assert not result.ok
    assert any("EURUSD" in one for one in result.unexplained), result.unexplained
    assert result.history.ok


def test_a_long_soak_is_one_world_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phoenix.bunny.soaking.LIFECYCLES_OF_A_WORLD", 2)
    assert [one.lifecycles for one in worlds(1, ChaosMode.INSTANT, 5)] == [2, 2, 1]


def test_a_stop_that_is_heard_of_before_its_entry_is_no_flip() -> None:
    soak = Soak(6 * SEEDS_APART + 5, ChaosMode.REALISTIC)
    soak.live(60)
    assert soak.conclude().history.ok
