from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.application.signals.cse import read_signal, signal_from_document
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX
from phoenix.domain.anchor import Anchor
from phoenix.domain.encoding import canonical_bytes, content_hash
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import OrderType, RefusalReason, Regime, SignalSource, TimeInForce
from phoenix.rehearsal.signals import EVIDENCE, MONDAY, signal_document

ABSENT = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    """A valid document with one field set, or taken out; the evidence hash stays right."""
    document: dict[str, Any] = json.loads(json.dumps(signal_document()))
    *parents, last = path.split(".")
    inner = document
    for step in parents:
        inner = inner[step]
    if value is ABSENT:
        del inner[last]
    else:
        inner[last] = value
    return document


def refusal_of(document: bytes | str | dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        read_signal(document)
    assert refused.value.remedy
    assert canonical_bytes([refused.value.field, refused.value.detail, refused.value.remedy])
    return refused.value


def test_a_well_formed_document_becomes_a_signal() -> None:
    signal = read_signal(signal_document(number=7, order_type="LIMIT", time_in_force="GTC", risk_percent="0.5"))
    assert signal.signal_id == "00000000-0000-0000-0000-000000000007"
    assert signal.timestamp == MONDAY
    assert (signal.strategy_id, signal.source, signal.pair) == ("fvg-retest", SignalSource.CSO, "GBPUSD")
    assert (signal.setup_type, signal.confidence) == ("FVG_RETEST", Decimal("0.81"))
    assert (signal.entry, signal.stop, signal.target) == (Decimal("1.26"), Decimal("1.259"), Decimal("1.262"))
    assert (signal.risk_percent, signal.order_type) == (Decimal("0.5"), OrderType.LIMIT)
    assert signal.time_in_force is TimeInForce.GTC
    assert signal.anchor == Anchor(MONDAY, Regime.NORMAL, "params-1", "market-1")
    assert signal.evidence == EVIDENCE


def test_what_may_be_left_out_has_its_default() -> None:
    signal = read_signal(signal_document())
    assert signal.risk_percent == 1
    assert signal.order_type is OrderType.MARKET
    assert signal.time_in_force is TimeInForce.DAY


def test_bytes_text_and_mapping_make_the_same_signal() -> None:
    document = signal_document()
    text = json.dumps(document, indent=2)
    assert read_signal(text) == read_signal(text.encode()) == read_signal(document)


def test_the_order_of_keys_and_white_space_do_not_change_the_content() -> None:
    document = signal_document()
    turned = json.dumps(dict(reversed(document.items())), indent=4)
    assert read_signal(turned).content_hash == read_signal(document).content_hash


def test_different_content_has_a_different_hash() -> None:
    hashes = {
        read_signal(document).content_hash
        for document in (signal_document(), signal_document(target="1.26300"), signal_document(confidence="0.82"))
    }
    assert len(hashes) == 3


def test_the_content_hash_is_over_the_whole_document() -> None:
    signal = read_signal(signal_document())
    assert signal.content_hash == content_hash(signal.document)
    assert signal.evidence_hash == content_hash(signal.evidence)


def test_numbers_are_hashed_as_canonical_decimal_text() -> None:
    evidence = {"quality": {"score": 0.750, "count": 3}, "extra": [1e-5]}
    as_text: dict[str, Any] = {"quality": {"score": "0.75", "count": "3"}, "extra": ["0.00001"]}
    document = signal_document(evidence=evidence, evidence_hash=content_hash(as_text))
    assert read_signal(json.dumps(document)).evidence == as_text
    assert read_signal(document).evidence == as_text


def test_prices_given_as_numbers_are_exact() -> None:
    signal = read_signal(json.dumps(signal_document(entry=1.2605, stop=1.25, target=1.3)))
    assert (signal.entry, signal.stop, signal.target) == (Decimal("1.2605"), Decimal("1.25"), Decimal("1.3"))


def test_extra_fields_of_the_evidence_are_kept() -> None:
    evidence = {"anything": {"deep": [True, None, "text"]}}
    assert read_signal(signal_document(evidence=evidence)).evidence == evidence


def test_an_offset_is_turned_into_utc() -> None:
    signal = read_signal(signal_document(timestamp="2026-03-02T11:30:00.5+02:00"))
    assert signal.timestamp == datetime(2026, 3, 2, 9, 30, 0, 500_000, tzinfo=UTC)


def test_evidence_that_is_not_what_was_hashed_is_refused() -> None:
    refused = refusal_of(signal_document(evidence_hash="0" * 64))
    assert (refused.reason, refused.field) == (RefusalReason.EVIDENCE_MISMATCH, "evidence_hash")


MALFORMED: list[tuple[str, Any]] = [
    ("cse_version", "1.1"), ("cse_version", 1.0), ("cse_version", ABSENT),
    ("signal_id", "not-a-uuid"), ("signal_id", "E964033B-7E70-46BA-ACC5-4574C654C699"),
    ("signal_id", "{e964033b-7e70-46ba-acc5-4574c654c699}"), ("signal_id", "e964033b7e7046baacc54574c654c699"),
    ("signal_id", "e964033b-7e70-46ba-acc5-4574c654c699\n"), ("signal_id", 5), ("signal_id", ABSENT),
    ("timestamp", "2026-03-02T09:30:00"), ("timestamp", "2026-03-02"), ("timestamp", "yesterday"),
    ("timestamp", "2026-02-30T09:30:00Z"), ("timestamp", 1772443800), ("timestamp", "2026-W10-1T09:30:00Z"),
    ("timestamp", "0001-01-01T00:00:00+14:00"), ("timestamp", "2026-03-02T09:30:00.1234567Z"),
    ("timestamp", "2026-03-02T09:30:00Z\n"), ("timestamp", "\uff12026-03-02T09:30:00Z"), ("timestamp", ABSENT),
    ("strategy_id", ""), ("strategy_id", "a\x00b"), ("strategy_id", "a\nb"), ("strategy_id", "stratégie"),
    ("strategy_id", "s" * 101), ("strategy_id", 12), ("strategy_id", None), ("strategy_id", ABSENT),
    ("source", "TWITTER"), ("source", "cso"), ("source", ["CSO"]), ("source", ABSENT),
    ("pair", ""), ("pair", "GBP\u202eUSD"), ("pair", "P" * 33), ("pair", True), ("pair", ABSENT),
    ("setup_type", ""), ("setup_type", "s" * 101), ("setup_type", "a\x1b[31m"), ("setup_type", ABSENT),
    ("confidence", "1.01"), ("confidence", "-0.1"), ("confidence", "high"), ("confidence", True),
    ("confidence", "NaN"), ("confidence", None), ("confidence", ABSENT),
    ("parameters", []), ("parameters", None), ("parameters", ABSENT),
    ("parameters.entry", "1,26"), ("parameters.entry", "1e5"), ("parameters.entry", " 1.26"),
    ("parameters.entry", "1_000"), ("parameters.entry", "\u0661.\u0662"), ("parameters.entry", "Infinity"),
    ("parameters.entry", "9" * 19), ("parameters.entry", "0." + "1" * 19), ("parameters.entry", ABSENT),
    ("parameters.stop", False), ("parameters.stop", {}), ("parameters.stop", ABSENT), ("parameters.target", ABSENT),
    ("parameters.risk_percent", "0.49"), ("parameters.risk_percent", "2.51"), ("parameters.risk_percent", None),
    ("parameters.order_type", "STOP"), ("parameters.order_type", "market"),
    ("parameters.time_in_force", "IOC"), ("parameters.time_in_force", None), ("parameters.quantity", "1000000"),
    ("evidence", []), ("evidence", "trust me"), ("evidence", None), ("evidence", ABSENT),
    ("evidence_hash", "A" * 64), ("evidence_hash", "0" * 63), ("evidence_hash", None), ("evidence_hash", ABSENT),
    ("state_anchor", ABSENT), ("state_anchor", "fresh"), ("state_anchor.age", "0"),
    ("state_anchor.captured_at", "2026-03-02T09:30:00"), ("state_anchor.captured_at", ABSENT),
    ("state_anchor.regime", "TREND"), ("state_anchor.regime", ABSENT), ("state_anchor.components", ABSENT),
    ("state_anchor.components.strategy_params", ""), ("state_anchor.components.strategy_params", "h" * 129),
    ("state_anchor.components.market_snapshot", "h\u00e9"), ("state_anchor.components.market_snapshot", ABSENT),
    ("state_anchor.components.kill_flags", "none"),
    ("approved", True), ("account", "U1234567"), ("token", "secret"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), MALFORMED)
def test_a_malformed_field_is_refused_by_its_path(path: str, value: Any) -> None:
    refused = refusal_of(changed(path, value))
    assert (refused.reason, refused.field) == (RefusalReason.MALFORMED, path)


@pytest.mark.parametrize(("path", "value"), [row for row in MALFORMED if row[1] is not ABSENT])
def test_a_stored_document_passes_the_same_checks(path: str, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return  # stored documents hold no numbers
    with pytest.raises(Refused) as refused:
        signal_from_document(changed(path, value))
    assert refused.value.field == path


@pytest.mark.parametrize("document", [b"[]", b'"signal"', b"null", b"1"])
def test_a_document_that_is_no_object_is_refused(document: bytes) -> None:
    assert refusal_of(document).field == "document"
    with pytest.raises(Refused, match="document"):
        signal_from_document(json.loads(document))


def test_a_flaw_deep_in_the_evidence_is_named_by_its_path() -> None:
    text = json.dumps(signal_document()).replace('"passed": true', '"passed": true, "weight": NaN')
    assert refusal_of(text).field == "evidence.red_checks[0].weight"


def test_a_repeated_top_level_field_is_refused_even_if_both_agree() -> None:
    text = json.dumps(signal_document())
    assert refusal_of(text[:-1] + ', "pair": "GBPUSD"}').field == "pair"


def test_a_mapping_too_large_to_store_is_refused() -> None:
    evidence = {"text": "x" * DOCUMENT_BYTES_MAX}
    assert "bytes" in refusal_of(signal_document(evidence=evidence)).detail


def test_a_refusal_quotes_no_more_than_a_glance_of_what_was_sent() -> None:
    assert len(str(refusal_of(signal_document(strategy_id="x" * 60_000)))) < 400


@given(
    st.dictionaries(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6),
        st.none() | st.booleans() | st.text(max_size=6) | st.integers(-999, 999) | st.decimals(-9, 9, places=3),
        max_size=5,
    )
)
def test_an_accepted_document_reads_back_to_the_same_signal(evidence: dict[str, Any]) -> None:
    hashed = content_hash(
        {
            key: item if item is None or isinstance(item, bool | str) else format(Decimal(item).normalize() + 0, "f")
            for key, item in evidence.items()
        }
    )
    signal = read_signal(signal_document(evidence=evidence, evidence_hash=hashed))
    assert signal_from_document(signal.document) == signal
    assert read_signal(canonical_bytes(signal.document)) == signal


def test_every_signal_of_the_real_month_is_read(real_month: Path) -> None:
    signals = [read_signal(path.read_bytes()) for path in sorted((real_month / "signals").glob("*.json"))]
    assert len({signal.signal_id for signal in signals}) == 49
