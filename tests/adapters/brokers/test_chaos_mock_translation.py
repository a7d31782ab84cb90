"""Which of the simulated broker's words contradict what we think of an order, so that its books must be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from phoenix.adapters.brokers.chaos_mock.translation import event_of
from phoenix.adapters.simulation.messages import Notice, OrderIds, Rejected
from phoenix.ports.broker_events import BrokerNotice, OrderRejected

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IDS = OrderIds(1, "PX1-E", 7, "900")


@pytest.mark.parametrize("code", [103, 135])
def test_an_id_that_is_taken_or_unknown_is_no_rejection_of_the_order_that_was_meant(code: int) -> None:
    said = event_of(Rejected(IDS, code, "duplicate order id 7", NOW))
    assert said == BrokerNotice(code, "duplicate order id 7", "PX1-E", "ERROR", NOW, is_about_order_state=True)


def test_any_other_rejection_is_one() -> None:
    assert isinstance(event_of(Rejected(IDS, 201, "insufficient margin", NOW)), OrderRejected)


@pytest.mark.parametrize(("code", "is_about_state"), [(161, True), (10147, True), (10148, True), (399, False)])
def test_only_notices_that_leave_an_order_open_say_so(code: int, is_about_state: bool) -> None:
    said = event_of(Notice(code, "as the broker has it", IDS, "PX1-E", NOW))
    assert isinstance(said, BrokerNotice)
    assert said.is_about_order_state is is_about_state
