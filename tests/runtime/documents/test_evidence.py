"""The evidence of a signal in words: nothing is lost, failed checks come first, and no shape is too odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.encoding import Json
from phoenix.rehearsal.signals import EVIDENCE
from phoenix.runtime.documents.evidence import NOT_GIVEN, RedCheck, setup_words

JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_the_usual_evidence_reads_well() -> None:
    told = setup_words(EVIDENCE)
    assert (told.score, told.breakdown) == ("0.81", "gap 0.42, displacement 1.9")
    assert told.htf == "4H, BULLISH, aligned, above the middle of the range"
    assert told.ltf == "15M, FVG, gap 1.26010 to 1.26035"
    assert told.red_checks == (RedCheck("session", True, "London"),)
    assert told.others == ()


def test_what_is_not_given_is_said_to_be_missing() -> None:
    told = setup_words({})
    assert (told.score, told.htf, told.ltf, told.red_checks) == (NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, None)


def test_an_alignment_that_is_missing_is_not_overlooked() -> None:
    assert setup_words({"htf": {"bias": "BEARISH", "aligned": False}}).htf == "BEARISH, NOT ALIGNED"


def test_failed_checks_come_first_and_unjudged_ones_before_passed_ones() -> None:
    checks: Json = [{"name": "a", "passed": True}, "b", {"name": "c", "passed": False, "detail": "late"}]
    told = setup_words({"red_checks": checks}).red_checks
    assert told == (RedCheck("c", False, "late"), RedCheck("b", None, ""), RedCheck("a", True, ""))


@pytest.mark.parametrize("passed", ["yes", "false", 1, None])
def test_a_check_passes_only_where_it_says_so_in_as_many_words(passed: Json) -> None:
    told = setup_words({"red_checks": {"spread": {"passed": passed}}}).red_checks
    assert told is not None
    assert [check.passed for check in told] == [None]


def test_fields_without_a_place_of_their_own_are_kept() -> None:
    assert setup_words({"note": {"by": "hand", "sure": False}}).others == (("note", "by hand, sure no"),)


@given(st.dictionaries(st.sampled_from(["quality", "htf", "ltf", "red_checks", "else"]), JSON))
def test_every_shape_is_put_up_with(evidence: dict[str, Json]) -> None:
    setup_words(evidence)
