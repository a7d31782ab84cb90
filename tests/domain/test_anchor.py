from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.anchor import AnchorPolicy, Components, freshness, stale_at
from phoenix.domain.vocabulary import Regime
from phoenix.rehearsal.signals import MONDAY

POLICY = AnchorPolicy()
COMPONENTS = Components("params-1", "market-1", "flag-1", "decay-1")
NAMES = ("strategy_params", "market_snapshot", "kill_flags", "decay_alerts")


def after(seconds: float, regime: Regime = Regime.NORMAL, policy: AnchorPolicy = POLICY) -> tuple[bool, bool]:
    fresh = freshness(MONDAY, regime, policy, MONDAY + timedelta(seconds=seconds))
    return fresh.is_stale, fresh.is_beyond_threshold


@pytest.mark.parametrize(("regime", "limit_s"), [("NORMAL", 900), ("HIGH_VOL", 900), ("NEWS", 600)])
def test_an_anchor_stands_for_the_smaller_of_its_life_and_the_threshold(regime: str, limit_s: int) -> None:
    assert after(limit_s, Regime(regime))[0] is False
    assert after(limit_s + 0.000001, Regime(regime))[0] is True
    assert stale_at(MONDAY, Regime(regime), POLICY) == MONDAY + timedelta(seconds=limit_s)


@pytest.mark.parametrize("regime", list(Regime))
def test_only_beyond_the_threshold_does_staleness_also_kill(regime: Regime) -> None:
    assert after(900, regime)[1] is False
    assert after(900.000001, regime) == (True, True)


def test_a_life_shorter_than_the_threshold_makes_stale_without_a_kill() -> None:
    assert after(601, Regime.NEWS) == (True, False)


def test_life_and_threshold_are_configurable() -> None:
    patient = AnchorPolicy(ttl_s=dict.fromkeys(Regime, 7200), stale_threshold_s=3600)
    assert after(3600, policy=patient) == (False, False)
    assert after(3601, policy=patient) == (True, True)


def test_the_age_is_told_in_seconds_to_the_microsecond() -> None:
    fresh = freshness(MONDAY, Regime.NEWS, POLICY, MONDAY + timedelta(seconds=1, microseconds=5))
    assert (fresh.age_s, fresh.limit_s) == (Decimal("1.000005"), 600)


@pytest.mark.parametrize("name", NAMES)
def test_each_component_that_differs_is_named_and_changes_the_combined_hash(name: str) -> None:
    changed = replace(COMPONENTS, **{name: "other"})
    assert changed.changed(COMPONENTS.as_mapping()) == (name,)
    assert changed.combined_hash() != COMPONENTS.combined_hash()


@given(st.sets(st.sampled_from(NAMES)))
def test_all_that_differ_are_named_and_none_else(names: set[str]) -> None:
    changed = replace(COMPONENTS, **dict.fromkeys(names, "other"))
    assert set(changed.changed(COMPONENTS.as_mapping())) == names


def test_a_component_that_was_never_bound_counts_as_changed() -> None:
    assert COMPONENTS.changed({}) == NAMES
