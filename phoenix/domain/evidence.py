"""Evidence bundles: what a human sees and an approval covers, frozen and hashed (SPEC 3.4).

A bundle holds text only (and yes or no), instants are absolute, and everything that is displayed or submitted is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.domain.anchor import Anchor, Components
from phoenix.domain.encoding import Json, content_hash
from phoenix.domain.instants import instant_text
from phoenix.domain.limits import UNKNOWN, LastQuote, LimitResult
from phoenix.domain.numbers import decimal_text
from phoenix.domain.order_plan import EntryTerms, bracket_plan
from phoenix.domain.signal import Signal
from phoenix.domain.sizing import Sizing
from phoenix.domain.typed_json import encode_value
from phoenix.domain.vocabulary import AccountMode, Action, IntentKind, Protection, Side, StrategyMode

BUNDLE_VERSION = "1"
_NO_GROUP = "00000000-0000-0000-0000-000000000000"
"""An order's hash covers its terms and no ids, so any group will do to work it out."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is at work in the instrument already; None is unknown. Quantities are units, the net is signed."""

    net_quantity: Decimal | None
    in_flight_quantity: Decimal | None
    open_positions: int | None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """Everything an entry's bundle is made of. `kill_flags` and `drift` are in words, `warnings` too."""

    intent_id: str
    signal: Signal
    terms: EntryTerms
    account_mode: AccountMode
    strategy_mode: StrategyMode
    sizing: Sizing
    anchor: Anchor
    components: Components
    stale_at: datetime
    kill_flags: tuple[str, ...]
    drift: tuple[str, ...]
    exposure: Exposure
    limits: tuple[LimitResult, ...]
    warnings: tuple[str, ...]
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class HoldingFacts:
    """What the bundle of an EXIT or a PROTECT is made of. `quote` is None where it isn't known."""

    intent_id: str
    position_id: str
    account: str
    account_mode: AccountMode
    pair: str
    side: Side
    open_quantity: Decimal
    maximum_quantity: Decimal
    protection: Protection
    quote: LastQuote | None
    reason: str
    frozen_at: datetime


def bundle_hash(bundle: Json) -> str:
    """SHA-256 over the canonical bytes; the `evidence_hash` of a token is this one."""
    return content_hash(bundle)


def entry_order_hash(terms: EntryTerms) -> str:
    """The hash of the order that these terms become; what is sent must have the same."""
    return bracket_plan(terms, _NO_GROUP, 0).order_hash()


def entry_bundle(facts: EntryFacts) -> dict[str, Json]:
    """The bundle of an entry."""
    return {
        "bundle_version": BUNDLE_VERSION,
        "kind": IntentKind.ENTRY.value,
        "intent_id": facts.intent_id,
        "frozen_at": instant_text(facts.frozen_at),
        "setup": _setup(facts.signal, facts.strategy_mode),
        "evidence": facts.signal.evidence,
        "order": {**encode_value(facts.terms), "account_mode": facts.account_mode.value},
        "order_hash": entry_order_hash(facts.terms),
        "sizing": encode_value(facts.sizing),
        "anchor": _anchor(facts.anchor, facts.components, facts.stale_at),
        "kill_flags": list(facts.kill_flags),
        "drift": list(facts.drift),
        "exposure": {name: UNKNOWN if v is None else v for name, v in encode_value(facts.exposure).items()},
        "limits": [encode_value(result) for result in facts.limits],
        "warnings": list(facts.warnings),
    }


def exit_bundle(facts: HoldingFacts, action: Action) -> dict[str, Json]:
    """The bundle of an exit: at most `maximum_quantity` of what is then open, at the market."""
    return {**_holding(facts), "kind": IntentKind.EXIT.value, "action": action.value}


def protect_bundle(
    facts: HoldingFacts, action: Action, stop_price: Decimal | None, target_price: Decimal | None
) -> dict[str, Json]:
    """The bundle of a new stop, a new target or both; a price that is None leaves no such order working."""
    return {
        **_holding(facts),
        "kind": IntentKind.PROTECT.value,
        "action": action.value,
        "stop_price": _price(stop_price),
        "target_price": _price(target_price),
    }


def _setup(signal: Signal, strategy_mode: StrategyMode) -> Json:
    return {
        "signal_id": signal.signal_id,
        "content_hash": signal.content_hash,
        "signal_evidence_hash": signal.evidence_hash,
        "signalled_at": instant_text(signal.timestamp),
        "source": signal.source.value,
        "strategy_id": signal.strategy_id,
        "strategy_mode": strategy_mode.value,
        "setup_type": signal.setup_type,
        "confidence": decimal_text(signal.confidence),
    }


def _anchor(anchor: Anchor, components: Components, stale_at: datetime) -> Json:
    return {
        "captured_at": instant_text(anchor.captured_at),
        "regime": anchor.regime.value,
        "components": components.as_mapping(),
        "state_hash": components.combined_hash(),
        "stale_at": instant_text(stale_at),
    }


def _holding(facts: HoldingFacts) -> dict[str, Json]:
    fields = encode_value(facts)
    return {**fields, "bundle_version": BUNDLE_VERSION, "quote": UNKNOWN if facts.quote is None else fields["quote"]}


def _price(price: Decimal | None) -> str | None:
    return None if price is None else decimal_text(price)
