"""The unified map holds what its merge instructions demand."""

from __future__ import annotations

import re
from pathlib import Path

MAP = (Path(__file__).parent.parent.parent / "docs/S32_BUILD_MAP_v0.2.md").read_text()


def _part(heading: str) -> str:
    """The text under a heading, up to the next one of the same level."""
    level = heading.split(maxsplit=1)[0]
    return MAP.split(f"\n{heading}\n")[1].split(f"\n{level} ")[0]


def test_the_chaos_quota_of_seventeen_is_met_and_every_vector_has_its_wave() -> None:
    section = _part("## CHAOS VECTORS")
    waves = _part("### Bunny wave order")
    vectors = re.findall(r"^(CV_S32_\w+):", section, re.MULTILINE)
    assert len(set(vectors)) == len(vectors) == 17
    assert sorted(re.findall(r"- (CV_S32_\w+)", waves)) == sorted(vectors)


def test_every_vector_says_what_is_injected_and_what_is_expected() -> None:
    for block in re.split(r"\n(?=CV_S32_)", _part("## CHAOS VECTORS").split("### Bunny")[0])[1:]:
        assert "  inject: " in block
        assert "  expect: " in block


def test_ten_original_seven_added_and_thirteen_further_invariants_are_listed_once_each() -> None:
    section = _part("## INVARIANTS TO PROVE")
    groups = re.split(r"^(?:ORIGINAL|ADDENDUM|SPECIFICATION):.*$", section, flags=re.MULTILINE)[1:]
    ids = [re.findall(r"^  (INV-[A-Z0-9-]+):", group, re.MULTILINE) for group in groups]
    assert [len(group) for group in ids] == [10, 7, 13]
    assert len({name for group in ids for name in group}) == 30


def test_all_five_open_questions_are_marked_resolved() -> None:
    section = _part("## OPEN QUESTIONS — RESOLVED")
    assert len(re.findall(r"^Q[1-5]_\w+:\n  status: RESOLVED$", section, re.MULTILINE)) == 5


def test_every_departure_that_is_marked_is_explained() -> None:
    assert set(re.findall(r"\[(D\d)\]", MAP)) == set(re.findall(r"^\| (D\d) \|", _part("## DEPARTURES"), re.MULTILINE))


def test_all_twelve_merge_actions_are_accounted_for() -> None:
    actions = re.findall(r"^\| (\d+) ", _part("## MERGE RECORD"), re.MULTILINE)
    assert actions == [str(number) for number in range(1, 13)]
