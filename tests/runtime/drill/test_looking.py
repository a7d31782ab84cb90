"""When a configured grid contradicts the broker's, and when it is only coarser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phoenix.ports.broker_facts import ContractDetails
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.runtime.drill.looking import contradictions

SMALLEST = GBPUSD.min_size
KNOWN = ContractDetails("GBPUSD", GBPUSD.tick, SMALLEST, GBPUSD.size_step, "USD")


def test_the_same_grid_and_a_coarser_one_agree() -> None:
    assert contradictions(GBPUSD, KNOWN) == []
    coarser = replace(
        GBPUSD, tick=GBPUSD.tick * 2, min_size=GBPUSD.min_size * 3, size_step=GBPUSD.size_step * 5
    )  # fmt: skip
    assert contradictions(coarser, KNOWN) == []


def test_sizes_that_the_broker_did_not_report_contradict_nothing() -> None:
    assert contradictions(GBPUSD, replace(KNOWN, min_size=None, size_step=None)) == []


@pytest.mark.parametrize(
    ("known", "part"),
    [
        (replace(KNOWN, tick=KNOWN.tick * 2), "tick"),
        (replace(KNOWN, min_size=SMALLEST + 1), "min_size"),
        (replace(KNOWN, size_step=GBPUSD.size_step * 2), "size_step"),
        (replace(KNOWN, currency="EUR"), "currency USD is EUR at the broker"),
    ],
)
def test_a_grid_on_which_the_broker_would_refuse_an_order_contradicts(known: ContractDetails, part: str) -> None:
    (said,) = contradictions(GBPUSD, known)
    assert said.startswith(part)
