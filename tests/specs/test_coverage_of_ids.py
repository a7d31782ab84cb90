"""Every id of the specification that is owned so far has a scenario that runs, and no tag names an unknown id."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd.parser import Feature, FeatureParser

from phoenix.history_check.catalogue import STATEMENTS

FEATURES = Path(__file__).parents[2] / "features"
SPECS = Path(__file__).parent
CHAOS_SUITE = SPECS.parent / "bunny" / "chaos_suite_s32.py"

GATES = tuple(f"GATE_S32_{number}" for number in range(1, 9))
VECTORS = (
    "CV_S32_TOKEN_REPLAY", "CV_S32_TOKEN_EXPIRED", "CV_S32_TOKEN_WRONG_INTENT", "CV_S32_ORDER_WITHOUT_TOKEN",
    "CV_S32_TOKEN_RACE", "CV_S32_IBKR_TIMEOUT", "CV_S32_IBKR_REJECTION", "CV_S32_FILL_PARTIAL",
    "CV_S32_PARTIAL_DRIFT", "CV_S32_RECONCILIATION_DRIFT", "CV_S32_ORDER_RACE", "CV_S32_LIFECYCLE_INVALID",
    "CV_S32_PROMOTION_BYPASS", "CV_S32_PROMOTION_PARTIAL", "CV_S32_PROMOTION_VETO", "CV_S32_KILL_ENTRY_ATTEMPT",
    "CV_S32_STALE_APPROVAL",
)  # fmt: skip
VECTORS_BEYOND = (
    "CV_CRASH_BEFORE_CLAIM", "CV_CRASH_AFTER_CLAIM", "CV_CRASH_AFTER_SEND", "CV_CRASH_BEFORE_FILL_BEAD",
    "CV_CRASH_AFTER_KILL", "CV_CRASH_LOOP", "CV_SECOND_EXECUTOR", "CV_RESOLVE_VS_LATE_ACK", "CV_BUST",
    "CV_POSITION_LAG", "CV_MANUAL_ORDER", "CV_WRONG_ABSENT_ATTESTATION",
)  # fmt: skip
SPECIFIED = frozenset({*GATES, *VECTORS, *VECTORS_BEYOND, *STATEMENTS})
"""Every id that a tag may name: exit gates, chaos vectors of the quota and beyond it, invariants."""

OWNED = tuple(sorted(SPECIFIED))
"""The ids that must have a scenario: all of them."""

_SCENARIO = re.compile(r"^\s*(?:Scenario|Scenario Outline|Example):\s*(.+?)\s*$", re.MULTILINE)


def features() -> list[Feature]:
    paths = sorted(FEATURES.rglob("*.feature"))
    return [FeatureParser(str(FEATURES), path.relative_to(FEATURES).as_posix()).parse() for path in paths]


def tags_of_scenarios() -> Counter[str]:
    """How many scenarios bear each tag, on themselves, their rule or their feature."""
    tags: Counter[str] = Counter()
    for feature in features():
        for scenario in feature.scenarios.values():
            tags.update(scenario.tags | feature.tags | (scenario.rule.tags if scenario.rule else set()))
    return tags


def bound_features() -> Iterator[str]:
    """The feature files that these modules bind, as often as they bind them."""
    for module in sorted([*SPECS.glob("*.py"), CHAOS_SUITE]):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "scenarios":
                yield from (str(ast.literal_eval(argument)) for argument in node.args)


@pytest.fixture(scope="module")
def tags() -> Counter[str]:
    return tags_of_scenarios()


@pytest.mark.parametrize("owned", OWNED)
def test_an_owned_id_has_a_scenario(owned: str, tags: Counter[str]) -> None:
    assert tags[owned] > 0, f"{owned} has no scenario in features/"


def test_the_ids_are_those_of_the_catalogue() -> None:
    assert len(GATES) == 8
    assert len(set(VECTORS)) == 17
    assert len(STATEMENTS) == 30


def test_no_tag_names_an_id_that_is_not_specified(tags: Counter[str]) -> None:
    assert set(tags) <= SPECIFIED, f"misspelt or unknown: {sorted(set(tags) - SPECIFIED)}"


def test_every_feature_is_bound_exactly_once() -> None:
    """A feature that nothing binds has scenarios that never run."""
    written = [path.relative_to(FEATURES).as_posix() for path in FEATURES.rglob("*.feature")]
    assert sorted(bound_features()) == sorted(written)


@pytest.mark.parametrize("feature", features(), ids=lambda feature: str(feature.rel_filename))
def test_every_scenario_stands_under_a_rule_and_bears_an_id(feature: Feature) -> None:
    for scenario in feature.scenarios.values():
        assert scenario.rule is not None, f"{scenario.name} stands under no rule"
        assert SPECIFIED & (scenario.tags | feature.tags | scenario.rule.tags), f"{scenario.name} shows no id"


@pytest.mark.parametrize("feature", features(), ids=lambda feature: str(feature.rel_filename))
def test_no_two_scenarios_of_a_feature_share_a_name(feature: Feature) -> None:
    """The latter of the two would run in place of both."""
    names = _SCENARIO.findall(Path(feature.filename).read_text(encoding="utf-8"))
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(names) == len(feature.scenarios)
