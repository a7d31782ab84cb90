"""The store in memory keeps the contract."""

from __future__ import annotations

import pytest

from phoenix.adapters.store.memory import MemoryStore
from phoenix.ports.claims import ClaimOffice
from tests.adapters.store.beads import TALLY, Tally
from tests.adapters.store.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self, office: ClaimOffice) -> MemoryStore[Tally]:
        return MemoryStore(TALLY, office)
