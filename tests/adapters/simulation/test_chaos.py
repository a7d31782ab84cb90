"""Chance: seeded, per order, and silent where it has no share."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode, ChaosProfile, draw_fate
from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.adapters.simulation.faults import OrderFault, Which, never_fill
from phoenix.adapters.simulation.messages import Executed, Rejected
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import ZERO
from tests.adapters.simulation.bench import Bench, bracket, order, quotes

D = Decimal
ADVERSARIAL = PROFILES[ChaosMode.ADVERSARIAL]


def outcome(fate: Fate) -> str:
    if fate.reject_code is not None:
        return "reject"
    if fate.hold_s is not None:
        return "delay"
    return "fill" if fate.fill_ratio is None else "partial"


def test_the_modes_have_the_shares_they_promise() -> None:
    assert {mode: (p.fill_probability, p.partial_fill_prob, p.reject_prob, p.delay_prob, p.delay_range_sec)
            for mode, p in PROFILES.items()} == {
        ChaosMode.INSTANT: (1.0, 0.0, 0.0, 0.0, (0.0, 0.0)),
        ChaosMode.REALISTIC: (0.90, 0.05, 0.03, 0.02, (10.0, 30.0)),
        ChaosMode.ADVERSARIAL: (0.70, 0.15, 0.10, 0.05, (10.0, 30.0)),
    }  # fmt: skip


def test_an_instant_broker_leaves_nothing_to_chance() -> None:
    assert all(draw_fate(PROFILES[ChaosMode.INSTANT], 7, number) is PLAIN_FATE for number in range(50))


def test_outcomes_come_in_the_shares_of_the_profile() -> None:
    counts = Counter(outcome(draw_fate(ADVERSARIAL, 7, number)) for number in range(2000))
    shares = {name: count / 2000 for name, count in counts.items()}
    assert shares == pytest.approx({"fill": 0.70, "partial": 0.15, "reject": 0.10, "delay": 0.05}, abs=0.03)


def test_delays_latencies_and_ratios_stay_in_their_ranges() -> None:
    fates = [draw_fate(ADVERSARIAL, 7, number) for number in range(500)]
    assert all(0.05 <= fate.latency_s <= 2.0 for fate in fates)
    assert all(10.0 <= fate.hold_s <= 30.0 for fate in fates if fate.hold_s is not None)
    assert all(0 < fate.fill_ratio < 1 for fate in fates if fate.fill_ratio is not None)


def test_what_the_shares_leave_stays_unfilled() -> None:
    assert draw_fate(ChaosProfile(fill_probability=0.0), 7, 1).fill_ratio == ZERO


@pytest.mark.parametrize(
    "wrong",
    [
        {"fill_probability": 0.9, "reject_prob": 0.2},
        {"fill_probability": -0.1},
        {"delay_range_sec": (30.0, 10.0)},
        {"latency_range_s": (-1.0, 1.0)},
        {"partial_ratio_range": (0.5, 1.0)},
        {"fill_probability": float("nan")},
    ],
)
def test_shares_and_ranges_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidValue):
        ChaosProfile(**wrong)  # type: ignore[arg-type]


def storm(seed: int, *faults: OrderFault) -> Bench:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2630"), (2, "1.2570")), seed=seed, profile=ADVERSARIAL, faults=faults)
    for number in range(40):
        bench.submit(*bracket(first_id=10 * number + 1))
    bench.run(5)
    return bench


def test_the_same_seed_gives_the_same_ledger() -> None:
    assert storm(3).engine.ledger.to_json_lines() == storm(3).engine.ledger.to_json_lines()


def test_another_seed_gives_another_ledger() -> None:
    assert storm(3).engine.ledger.to_json_lines() != storm(4).engine.ledger.to_json_lines()


def test_a_fault_for_one_order_leaves_the_luck_of_the_others_alone() -> None:
    plain, scripted = storm(3), storm(3, never_fill(Which(reference="101-E")))

    def others(bench: Bench) -> list[tuple[str | None, Decimal, Decimal]]:
        fills = [(fill[0], fill[1], fill[2]) for fill in bench.fills()]
        return [fill for fill in fills if not str(fill[0]).startswith("101-")]

    assert others(plain) == others(scripted)
    assert others(plain)


def test_chance_spares_protective_children_unless_told_otherwise() -> None:
    cruel = ChaosProfile(fill_probability=0.0, reject_prob=1.0)
    spared = Bench(quotes((0, "1.2600")), profile=cruel, faults=[])
    spared.submit(*bracket())
    struck = Bench(quotes((0, "1.2600")), profile=cruel, chaos_on_children=True)
    struck.submit(*bracket())
    assert [message.ids.reference for message in spared.said(Rejected)] == ["1-E"]
    assert [message.ids.reference for message in struck.said(Rejected)] == ["1-E", "1-T", "1-S"]


def test_a_script_takes_the_place_of_chance() -> None:
    cruel = ChaosProfile(fill_probability=0.0, reject_prob=1.0)
    bench = Bench(quotes((0, "1.2600")), profile=cruel, faults=[never_fill(Which(nth=1))])
    bench.submit(order("BUY"))
    assert bench.said(Rejected) == []
    assert bench.said(Executed) == []
