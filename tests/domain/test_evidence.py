from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from phoenix.domain.encoding import canonical_bytes
from phoenix.domain.evidence import (
    EntryFacts,
    Exposure,
    HoldingFacts,
    bundle_hash,
    entry_bundle,
    entry_order_hash,
    exit_bundle,
    protect_bundle,
)
from phoenix.domain.order_plan import bracket_plan
from phoenix.domain.sizing import RateUsed
from phoenix.domain.vocabulary import Action
from tests.support.evidence import ENTRY_FACTS, HOLDING_FACTS, TERMS

STOP, TARGET = Decimal("1.25"), Decimal("1.27")
BUNDLES = [
    entry_bundle(ENTRY_FACTS),
    exit_bundle(HOLDING_FACTS, Action.SELL),
    protect_bundle(HOLDING_FACTS, Action.SELL, STOP, TARGET),
]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def flipped(bundle: Any, path: tuple[Any, ...]) -> Any:
    changed = deepcopy(bundle)
    *parents, last = path
    inner = changed
    for step in parents:
        inner = inner[step]
    inner[last] = not inner[last] if isinstance(inner[last], bool) else f"{inner[last]}0"
    return changed


@pytest.mark.parametrize("bundle", BUNDLES, ids=["entry", "exit", "protect"])
def test_any_changed_leaf_changes_the_hash(bundle: Any) -> None:
    hashes = {bundle_hash(flipped(bundle, path)) for path in leaves(bundle)}
    assert bundle_hash(bundle) not in hashes
    assert len(hashes) == len(list(leaves(bundle)))


def other(value: Any) -> Any:
    """A value of the same kind that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, Decimal | int):
        return value + 1
    if isinstance(value, tuple):
        return (*value, value[0]) if value else value
    return f"{value}x"


def variations(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with one field changed, down to the smallest part."""
    for field in fields(value):
        part = getattr(value, field.name)
        if is_dataclass(part):
            yield from ((f"{field.name}.{name}", replace(value, **{field.name: new})) for name, new in variations(part))
        elif not isinstance(part, dict):
            yield field.name, replace(value, **{field.name: other(part)})


NOT_DISPLAYED = {
    # What the order, its sizing and the current anchor say holds; the signal's own words are bound by its content hash.
    "signal.pair", "signal.entry", "signal.stop", "signal.target", "signal.risk_percent", "signal.order_type",
    "signal.time_in_force", "signal.anchor.captured_at", "signal.anchor.regime", "signal.anchor.strategy_params",
    "signal.anchor.market_snapshot",
    # The components carry these two.
    "anchor.strategy_params", "anchor.market_snapshot",
    # Empty here; covered below.
    "sizing.rates_used",
}  # fmt: skip


def test_every_value_that_an_entry_shows_or_submits_is_covered() -> None:
    approved = bundle_hash(entry_bundle(ENTRY_FACTS))
    unmoved = {name for name, facts in variations(ENTRY_FACTS) if bundle_hash(entry_bundle(facts)) == approved}
    assert unmoved == NOT_DISPLAYED


def test_the_rates_that_entered_the_sizing_are_covered() -> None:
    used = RateUsed("GBPUSD", Decimal("1.25"), "QUOTE", HOLDING_FACTS.frozen_at)
    hashes = {
        bundle_hash(entry_bundle(replace(ENTRY_FACTS, sizing=replace(ENTRY_FACTS.sizing, rates_used=rates))))
        for rates in ((), (used,), *((changed,) for _, changed in variations(used)))
    }
    assert len(hashes) == 2 + len(fields(used))


def test_every_value_that_an_exit_or_a_protection_shows_is_covered() -> None:
    for name, facts in variations(HOLDING_FACTS):
        assert exit_bundle(facts, Action.SELL) != BUNDLES[1], name
        assert protect_bundle(facts, Action.SELL, STOP, TARGET) != BUNDLES[2], name
    assert exit_bundle(HOLDING_FACTS, Action.BUY) != BUNDLES[1]
    for stop, target in ((STOP, None), (None, TARGET), (STOP + 1, TARGET), (STOP, TARGET + 1)):
        assert protect_bundle(HOLDING_FACTS, Action.SELL, stop, target) != BUNDLES[2]


def test_an_exit_and_a_protection_of_one_position_are_told_apart() -> None:
    assert bundle_hash(exit_bundle(HOLDING_FACTS, Action.SELL)) != bundle_hash(
        protect_bundle(HOLDING_FACTS, Action.SELL, None, None)
    )


def test_a_bundle_carries_the_hash_of_the_order_that_its_terms_become() -> None:
    plan = bracket_plan(TERMS, "7d444840-9dc0-11d1-b245-5ffdce74fad2", 4711)
    assert entry_bundle(ENTRY_FACTS)["order_hash"] == plan.order_hash() == entry_order_hash(TERMS)


def test_the_source_s_evidence_is_shown_whole() -> None:
    assert entry_bundle(ENTRY_FACTS)["evidence"] == ENTRY_FACTS.signal.evidence


@pytest.mark.parametrize("bundle", BUNDLES, ids=["entry", "exit", "protect"])
def test_a_bundle_holds_no_numbers(bundle: Any) -> None:
    assert canonical_bytes(bundle)


def test_an_exposure_that_is_not_known_reads_unknown_and_never_zero() -> None:
    facts = replace(ENTRY_FACTS, exposure=Exposure(None, None, None))
    assert set(dict(entry_bundle(facts))["exposure"].values()) == {"unknown"}  # type: ignore[union-attr]


def test_a_quote_that_is_not_known_reads_unknown() -> None:
    facts: HoldingFacts = replace(HOLDING_FACTS, quote=None)
    assert exit_bundle(facts, Action.SELL)["quote"] == "unknown"


def test_the_same_facts_give_the_same_hash() -> None:
    again: EntryFacts = replace(ENTRY_FACTS)
    assert bundle_hash(entry_bundle(again)) == bundle_hash(entry_bundle(ENTRY_FACTS))
