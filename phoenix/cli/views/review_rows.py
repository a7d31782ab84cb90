"""The rows of a review: what the frozen evidence says, a label and a line each, the worst of every kind first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from phoenix.cli.plain import plain
from phoenix.cli.views.times import clock, clock_and_left
from phoenix.domain.encoding import Json
from phoenix.domain.instants import parse_instant
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import decimal_text, parse_decimal
from phoenix.runtime.documents.evidence import RedCheck, setup_words, words
from phoenix.runtime.readings.reviews import Recommendation, Review

TEXT_MAX = 166
"""Characters that one entry may take: two lines of a screen."""
ENTRIES_MAX = 3
"""Entries of one kind that are shown."""
WHO_MAX = 40
HASH_SHOWN = 16

Row = tuple[str, str]


def cut(text: str) -> str:
    """Text from outside made harmless, and cut where it would fill the screen."""
    inert = plain(text)
    return inert if len(inert) <= TEXT_MAX else f"{inert[: TEXT_MAX - 24]}… (all with --json)"


def price_text(price: Decimal, instrument: Instrument | None) -> str:
    """A price with the decimals of its tick; as it is, where that would lose any."""
    if instrument is None or not instrument.on_tick_grid(price):
        return decimal_text(price)
    return instrument.price_text(price)


def entry_rows(bundle: Mapping[str, Json], instrument: Instrument | None, now: datetime) -> list[Row]:
    """The rows of an entry: terms, risk, setup, checks, limits."""
    setup, order, sizing = (_fields(bundle.get(name)) for name in ("setup", "order", "sizing"))
    told = setup_words(bundle.get("evidence"))
    strategy = f"{setup.get('strategy_id')} ({setup.get('strategy_mode')})"
    source = f"{setup.get('setup_type')} by {strategy} from {setup.get('source')}"
    rows = [
        ("order", _order(order, instrument)),
        ("risk", _risk(sizing, now)),
        ("setup", f"{source}, confidence {setup.get('confidence')}"),
        ("quality", f"{told.score} ({told.breakdown})" if told.breakdown else told.score),
        ("HTF", told.htf),
        ("LTF", told.ltf),
        *_several("red checks", _red_checks(told.red_checks)),
    ]  # fmt: skip
    if told.others:
        rows.append(("also said", "; ".join(f"{name} {text}" for name, text in told.others)))
    rows += _several("warnings", _texts(bundle.get("warnings")), when_empty=None)
    rows += _several("kill flags", _texts(bundle.get("kill_flags")))
    rows += _several("drift", _texts(bundle.get("drift")))
    rows.append(("exposure", words(_exposure(bundle))))
    rows += _several("limits", _limits(bundle.get("limits")))
    return rows


def holding_rows(review: Review, bundle: Mapping[str, Json], now: datetime) -> list[Row]:
    """The rows of an EXIT or a PROTECT: what is open, what would be done, and the quote it was asked on."""
    quote = _fields(bundle.get("quote"))
    asked_on = f"{quote['bid']} / {quote['ask']} at {_clock(quote['as_of'], now)}" if quote else "not known"
    frozen = f"{bundle.get('side')} {bundle.get('open_quantity')} {bundle.get('pair')} open"
    position = review.position
    current = f"{decimal_text(position.open_quantity)} open, protection {position.protection.value}"
    return [
        ("position", str(bundle.get("position_id"))),
        ("when asked", f"{frozen}, protection {bundle.get('protection')}, quote {asked_on}"),
        ("by now", current),
        ("action", _action(bundle)),
        ("reason", str(bundle.get("reason"))),
    ]


def common_rows(review: Review, now: datetime) -> list[Row]:
    """How long it stands, what it is bound to, and what others think of it."""
    rows = [("frozen", f"{clock_and_left(review.frozen_at, now)}, evidence {review.bundle_hash[:HASH_SHOWN]}…")]
    if review.stale_at is not None:
        word = "STALE since" if now > review.stale_at else "stale at"
        regime = _fields(_fields(review.bundle).get("anchor")).get("regime")
        rows.append(("freshness", f"{word} {clock_and_left(review.stale_at, now)}; regime {regime}"))
    if review.lapses_at is not None:
        rows.append(("lapses", f"{clock_and_left(review.lapses_at, now)}, with the session"))
    return [*rows, *opinion_rows(review.recommendations, now)]


def opinion_rows(given: Sequence[Recommendation], now: datetime) -> list[Row]:
    """What others think of it, the newest first."""
    return list(_several("opinions", [_opinion(one, now) for one in reversed(given)], when_empty=None))


def _opinion(given: Recommendation, now: datetime) -> str:
    who = f"{given.signer.kind.value.lower()} {given.signer.identity}"
    return f"{plain(who)[:WHO_MAX]} has an opinion, which decides nothing ({clock(given.made_at, now)}): {given.text}"


def _order(order: Mapping[str, Json], instrument: Instrument | None) -> str:
    entry = _price(order, "entry_price", instrument)
    how = f"{order.get('order_type')} {order.get('time_in_force')}"
    parts = [f"{how}, entry {entry}"]
    for name in ("stop", "target"):
        away = _pips(order, name, instrument)
        parts.append(f"{name} {_price(order, f'{name}_price', instrument)}{away}")
    return ", ".join(parts)


def _price(order: Mapping[str, Json], name: str, instrument: Instrument | None) -> str:
    return price_text(parse_decimal(str(order.get(name))), instrument)


def _pips(order: Mapping[str, Json], name: str, instrument: Instrument | None) -> str:
    if instrument is None:
        return ""
    away = parse_decimal(str(order.get(f"{name}_price"))) - parse_decimal(str(order.get("entry_price")))
    return f" ({away / instrument.pip:+.1f} pips)"


def _risk(sizing: Mapping[str, Json], now: datetime) -> str:
    money, equity = (parse_decimal(str(sizing.get(name))) for name in ("money_at_risk", "equity"))
    share = money / equity * 100
    currency = sizing.get("currency")
    return (
        f"{money:,.2f} {currency} = {share:.2f} % of {equity:,.2f} {currency} ({sizing.get('equity_source')}, "
        f"{_clock(sizing.get('equity_as_of'), now)}), R {sizing.get('reward_risk')}"
    )


def _red_checks(checks: Sequence[RedCheck] | None) -> list[str]:
    if checks is None:
        return ["not given by the source"]
    words_of = {True: "passed", False: "FAILED", None: "not judged"}
    return [f"{words_of[check.passed]} {check.name}: {check.detail}".rstrip(": ") for check in checks]


def _limits(limits: Json) -> list[str]:
    """Failed ones a line each; the others are counted."""
    results = [_fields(result) for result in limits] if isinstance(limits, Sequence) else []
    failed = [result for result in results if result.get("passed") is not True]
    lines = [f"FAILED {r.get('name')}: found {r.get('found')}, limit {r.get('limit')}" for r in failed]
    return [*lines, f"passed {len(results) - len(failed)} of {len(results)}"]


def _exposure(bundle: Mapping[str, Json]) -> str:
    exposure = _fields(bundle.get("exposure"))
    return (
        f"net {exposure.get('net_quantity')}, in flight {exposure.get('in_flight_quantity')}, "
        f"{exposure.get('open_positions')} open positions"
    )


def _action(bundle: Mapping[str, Json]) -> str:
    if "stop_price" not in bundle:
        return (
            f"{bundle.get('action')} at most {bundle.get('maximum_quantity')} at the market, after cancelling the rest"
        )
    prices = [
        f"{name} {'none' if bundle.get(f'{name}_price') is None else bundle.get(f'{name}_price')}"
        for name in ("stop", "target")
    ]
    return f"replace what protects it: {', '.join(prices)}, for at most {bundle.get('maximum_quantity')}"


def _several(label: str, texts: Sequence[str], when_empty: str | None = "none") -> Iterator[Row]:
    """One row an entry, the label on the first; what is too much is counted."""
    if not texts:
        if when_empty is not None:
            yield label, when_empty
        return
    shown = list(texts) if len(texts) <= ENTRIES_MAX + 1 else [*texts[:ENTRIES_MAX], _rest(texts)]
    for index, text in enumerate(shown):
        yield (label if index == 0 else ""), cut(text)


def _rest(texts: Sequence[str]) -> str:
    return f"and {len(texts) - ENTRIES_MAX} more (all with --json)"


def _texts(value: Json) -> list[str]:
    return [words(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else []


def _fields(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _clock(instant: Json, now: datetime) -> str:
    return clock(parse_instant(str(instant)), now)
