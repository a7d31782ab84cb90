from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from phoenix.application.signals.cse import read_signal
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import check_signal
from phoenix.domain.vocabulary import RefusalReason as R
from phoenix.domain.vocabulary import Side
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import MONDAY, short_signal_document, signal_document

SKEW_S = 5


def check(document: dict[str, Any]) -> tuple[str, ...]:
    return check_signal(read_signal(document), INSTRUMENTS, MONDAY, SKEW_S)


def test_a_target_above_the_entry_makes_a_long_and_below_it_a_short() -> None:
    assert read_signal(signal_document()).side is Side.LONG
    assert read_signal(short_signal_document()).side is Side.SHORT


@pytest.mark.parametrize("document", [signal_document(), short_signal_document()])
def test_a_plan_that_may_win_twice_what_it_risks_passes_without_a_warning(document: dict[str, Any]) -> None:
    assert check(document) == ()
    assert read_signal(document).reward_risk == 2


def test_a_plan_that_risks_more_than_it_may_win_passes_with_a_warning() -> None:
    (warning,) = check(signal_document(target="1.26095"))
    assert "0.95" in warning


def test_a_plan_that_risks_as_much_as_it_may_win_is_not_warned_about() -> None:
    assert check(signal_document(target="1.26100")) == ()


def test_a_ratio_just_under_one_is_never_shown_as_one() -> None:
    signal = read_signal(signal_document(entry="10.00000", stop="0.00005", target="19.99990"))
    assert signal.reward_risk == Decimal("0.9999")


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"pair": "GBPCHF"}, R.INSTRUMENT_UNKNOWN, "pair"),
        ({"at": MONDAY + timedelta(seconds=6)}, R.SIGNAL_FROM_FUTURE, "timestamp"),
        ({"captured_at": MONDAY + timedelta(seconds=6)}, R.SIGNAL_FROM_FUTURE, "state_anchor.captured_at"),
        ({"entry": "1.26001"}, R.PRICE_INVALID, "parameters.entry"),
        ({"stop": "1.258999"}, R.PRICE_INVALID, "parameters.stop"),
        ({"target": "1.262000000000000001"}, R.PRICE_INVALID, "parameters.target"),
        ({"target": "1.26000"}, R.PRICE_INVALID, "parameters.target"),
        ({"stop": "1.26"}, R.PRICE_INVALID, "parameters.stop"),
        ({"stop": "1.26100"}, R.PRICE_INVALID, "parameters.stop"),
        ({"stop": "1.25900", "target": "1.25800"}, R.PRICE_INVALID, "parameters.stop"),
        ({"stop": "0"}, R.PRICE_INVALID, "parameters.stop"),
        ({"stop": "-1.25900"}, R.PRICE_INVALID, "parameters.stop"),
        ({"entry": "0"}, R.PRICE_INVALID, "parameters.entry"),
        ({"target": "1000000000"}, R.PRICE_INVALID, "parameters.target"),
        ({"target": "999999999999999999.999999999999999999"}, R.PRICE_INVALID, "parameters.target"),
    ],
)
def test_a_signal_that_can_not_be_traded_is_refused_by_field(changes: dict[str, Any], reason: R, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check(signal_document(**changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert refused.value.remedy


def test_a_clock_within_the_allowed_skew_is_no_future() -> None:
    assert check(signal_document(at=MONDAY + timedelta(seconds=SKEW_S))) == ()
