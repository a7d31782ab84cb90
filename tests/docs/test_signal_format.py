"""The example of the signal format is one that Phoenix takes."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from inspect import getsource
from pathlib import Path

from phoenix.adapters.market.currency_pairs import currency_pair
from phoenix.adapters.yaml_notation import read_yaml
from phoenix.application.signals.cse import read_signal
from phoenix.domain.signal import check_signal
from phoenix.domain.vocabulary import OrderType, Side, TimeInForce

PAGE = (Path(__file__).parent.parent.parent / "docs/signal-format.md").read_text()


def _block(language: str) -> str:
    return PAGE.split(f"```{language}\n")[1].split("```")[0]


def test_the_example_is_a_tradable_signal_with_the_defaults_that_the_table_states() -> None:
    signal = read_signal(_block("json"))
    assert check_signal(signal, {"GBPUSD": currency_pair("GBPUSD")}, datetime(2026, 1, 30, 14, 31, tzinfo=UTC), 5) == ()
    assert (signal.side, signal.order_type, signal.time_in_force) == (Side.LONG, OrderType.MARKET, TimeInForce.DAY)
    assert signal.risk_percent == Decimal("1.0")


def test_the_example_in_yaml_is_the_same_signal_but_for_the_spelling_of_its_numbers() -> None:
    in_yaml, in_json = read_signal(_block("yaml"), read_yaml), read_signal(_block("json"))
    assert in_yaml.evidence == in_json.evidence
    names = ("signal_id", "timestamp", "confidence", "entry", "stop", "target", "risk_percent", "anchor")
    assert [getattr(in_yaml, name) for name in names] == [getattr(in_json, name) for name in names]


def evidence_hash(evidence: dict[str, object]) -> str:
    canonical = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def test_the_printed_function_gives_the_printed_hash() -> None:
    printed = _block("python").split("\n\n\n")[1].strip()
    assert getsource(evidence_hash).strip() == printed
    document = json.loads(_block("json"))
    assert evidence_hash(document["evidence"]) == document["evidence_hash"]


def test_every_field_of_the_example_is_in_the_table() -> None:
    table = " ".join(re.findall(r"^\| (.+?) \|", PAGE, re.MULTILINE))
    document = json.loads(_block("json"))
    for name in [*document, *document["parameters"], *document["state_anchor"]["components"]]:
        assert name in table
