"""The broker contract: an adapter's test class subclasses one of these and provides the fixture `harness`."""

from __future__ import annotations

import pytest

from phoenix.testing.broker_cards import BookCards, ClaimCards, OrderCards, SessionCards
from phoenix.testing.broker_harness import BrokerHarness, PlainHarness
from phoenix.testing.fault_cards import BookFaultCards, OrderFaultCards, SessionFaultCards


class PlainBrokerContract(SessionCards, ClaimCards, OrderCards, BookCards):
    """The cards for an adapter before something that cannot be told to misbehave: half of the contract.

    What the fault cards show, such an adapter has to show in tests of its own. The harness is connected when a card
    begins.
    """

    @pytest.fixture
    def harness(self) -> PlainHarness:
        raise NotImplementedError("an adapter's test class provides its harness")


class BrokerContract(PlainBrokerContract, SessionFaultCards, OrderFaultCards, BookFaultCards):
    """All cards: what an adapter to a real broker passes, before a simulator of it."""

    @pytest.fixture
    def harness(self) -> BrokerHarness:
        raise NotImplementedError("an adapter's test class provides its harness")
