"""The page of the broker contract shows every card and every adapter, all of them passed."""

from __future__ import annotations

import re

from phoenix.testing.broker_contract import BrokerContract
from tools.contract_results import ADAPTERS, PAGE, page


def cards() -> list[str]:
    return [name for name in dir(BrokerContract) if re.match(r"test_card_\d+", name)]


def test_the_page_shows_each_card_passed_by_each_adapter() -> None:
    results = {(card, adapter): "passed" for card in cards() for adapter in ADAPTERS}
    assert len(cards()) > 40
    assert PAGE.read_text(encoding="utf-8") == page(results), "python -m tools.contract_results writes it anew"


def test_the_adapters_of_the_page_are_those_that_are_tested() -> None:
    tests = PAGE.parents[1] / "tests" / "adapters" / "brokers"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(tests.glob("test_*_contract.py")))
    assert set(re.findall(r"class (\w+)\(BrokerContract\)", text)) == set(ADAPTERS)
