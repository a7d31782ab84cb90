"""The two books for people: the last comparison, and both sides of what differs next to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.cli.views.figures import NONE, add, inert, table, units
from phoenix.cli.views.times import clock_and_left, distance
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.state import OpenDrift
from phoenix.domain.vocabulary import ReconciliationVerdict, Resolution
from phoenix.runtime.desk.books import Comparison, DriftReading
from phoenix.runtime.readings.adoptable import Adoptable, AdoptableKind
from phoenix.runtime.readings.books import BooksReading
from phoenix.runtime.readings.corrections import Correction
from phoenix.runtime.words.ids import short

NO_DRIFT = "No difference between the books is open."
_RESOLVE = "  phoenix drift resolve {id} --as PHOENIX_CORRECTED|BROKER_CORRECTED|ACKNOWLEDGED -r WHY"
_VERDICTS = {
    ReconciliationVerdict.HEALTHY: "HEALTHY: the books agree",
    ReconciliationVerdict.SETTLING: "SETTLING: it is not settled yet whether the books differ",
    ReconciliationVerdict.DRIFT: "DRIFT: the books differ, and a human has to resolve it",
    ReconciliationVerdict.UNKNOWN: "UNKNOWN: the broker did not tell its books, so nothing is known of them",
}
_SAYS = {
    Resolution.PHOENIX_CORRECTED: "Phoenix's book is wrong, and becomes the broker's",
    Resolution.BROKER_CORRECTED: "the broker's book was wrong, and has been corrected there",
    Resolution.ACKNOWLEDGED: "both may stay as they are, until either changes",
}


def comparison_view(comparison: Comparison, now: datetime) -> RenderableType:
    """The verdict with its age; then what is unknown, what differs, and what was agreed to differ."""
    books = comparison.books
    parts: list[RenderableType] = [Text(inert("\n".join(_verdict_lines(comparison, now))))]
    if books.stalled:
        parts.append(_stalled(books, now))
    rows = [(_drift_name(drift), drift.mismatch) for drift in books.drifts]
    rows += [("settling", mismatch) for mismatch in books.settling]
    rows += [("acknowledged", mismatch) for mismatch in books.acknowledged]
    if rows:
        parts += [Text(), _mismatches(rows, now)]
    for pair, quantity in books.adjustments.items():
        parts.append(Text(f"{units(quantity)} {pair} are in Phoenix's book by a human's word; no position bears them"))
    parts += [Text(inert(line)) for line in _next_lines(books)]
    return Group(*parts)


def drifts_view(drifts: Sequence[OpenDrift], unclaimed: Sequence[Adoptable], now: datetime) -> RenderableType:
    """Each open difference with both sides; then what the broker has and nobody claims."""
    parts: list[RenderableType] = []
    if drifts:
        rows = [(_drift_name(drift), drift.mismatch) for drift in drifts]
        how = _RESOLVE.format(id="DRIFT")
        parts += [
            _mismatches(rows, now), *(Text(line) for line in _agreeing(drifts, now)),
            Text(f"\nEntries in these pairs wait. phoenix drift show DRIFT says what each resolution changes;\n{how}"),
        ]  # fmt: skip
    else:
        parts.append(Text(NO_DRIFT))
    if unclaimed:
        parts += [Text("\nAt the broker, and nobody's:"), *(Text(inert(line)) for line in _unclaimed(unclaimed, now))]
    return Group(*parts)


def drift_view(reading: DriftReading, now: datetime) -> RenderableType:
    """One drift in full, with what each way to resolve it would change."""
    drift, mismatch = reading.drift, reading.drift.mismatch
    sides = table("", "Phoenix", "Broker")
    ours, theirs = dict(_sides(mismatch.phoenix_state)), dict(_sides(mismatch.broker_state))
    for name in dict.fromkeys([*ours, *theirs]):
        add(sides, name, ours.get(name, NONE), theirs.get(name, NONE))
    return Group(Text(inert("\n".join(_about(reading, now)))), Text(), sides, Text(),
                 Text(inert("\n".join(_resolutions(drift, reading.corrections)))))  # fmt: skip


def correction_lines(correction: Correction) -> Iterator[str]:
    """What a resolution would change in Phoenix's book."""
    if correction.refusal is not None:
        yield f"would be refused: {correction.refusal}"
        return
    if correction.changes_nothing:
        yield "changes nothing in Phoenix's book"
        return
    if correction.net_before != correction.net_after:
        yield (
            f"Phoenix's net of {correction.pair} goes from {units(correction.net_before)} to "
            f"{units(correction.net_after)}"
        )
    for change in correction.positions:
        state_before = NONE if change.state_before is None else change.state_before.value
        state_after = NONE if change.state_after is None else change.state_after.value
        state = state_after if state_before == state_after else f"{state_before} -> {state_after}"
        held = f"open {units(change.open_before)} -> {units(change.open_after)}"
        yield f"position {short(change.position_id)}: {held}, {state}"
    for order in correction.orders:
        yield f"order {order.name}: {order.status_before} -> {order.status_after}"
    if correction.unattributed != ZERO:
        yield f"{units(correction.unattributed)} {correction.pair} are borne by no position"


def side_words(state: Json) -> str:
    """One side in a few words."""
    return ", ".join(value if name in _PLAIN else f"{name} {value}" for name, value in _sides(state)) or NONE


_PLAIN = frozenset({"detail"})
_HIDDEN = frozenset({"order", "pair"})


def _sides(state: Json) -> Iterator[tuple[str, str]]:
    """What one side states; which order and instrument it is about stands elsewhere."""
    entries = state.items() if isinstance(state, Mapping) else ()
    for name, value in entries:
        if name not in _HIDDEN and value is not None:
            yield str(name).replace("_", " "), str(value)


def _verdict_lines(comparison: Comparison, now: datetime) -> Iterator[str]:
    books, outcome = comparison.books, comparison.outcome
    if outcome is not None and outcome.refusal is not None:
        yield f"refused: {outcome.refusal}"
    elif outcome is not None and comparison.run is None:
        yield "not yet known: a comparison was asked for, and no executor has answered. What was known before:"
    if books.verdict is None:
        yield "UNKNOWN: the books were never compared. phoenix reconcile --now compares them"
        return
    yield _VERDICTS[books.verdict]
    if comparison.looked_at is not None:
        yield f"compared  {clock_and_left(comparison.looked_at, now)}"
    if books.books_as_of is not None:
        is_older = books.verdict is ReconciliationVerdict.UNKNOWN
        what = "last told" if is_older else "as of"
        yield f"books     {what} {clock_and_left(books.books_as_of, now)}"
    if books.verdict is ReconciliationVerdict.UNKNOWN:
        yield f"detail    {books.detail}"
    if comparison.run is not None:
        yield f"looked at {comparison.run.compared} instruments and orders"


def _stalled(books: BooksReading, now: datetime) -> RenderableType:
    made = table("STALLED", "Pair", "Since", "What to do")
    for position in books.stalled:
        since = NONE if position.since is None else distance(position.since, now)
        way = f"phoenix positions settle {short(position.position_id)}"
        add(made, short(position.position_id), position.terms.pair, since, way)
    return Group(Text("\nNobody knows what the broker made of these; that comes first:"), made)


def _mismatches(rows: Sequence[tuple[str, Mismatch]], now: datetime) -> RenderableType:
    made = table("Drift", "Type", "About", "Phoenix", "Broker", "Origin", "Since")
    for name, mismatch in rows:
        add(
            made, name, mismatch.drift_type.value, _subject(mismatch), side_words(mismatch.phoenix_state),
            side_words(mismatch.broker_state), mismatch.origin.value, distance(mismatch.since, now),
        )  # fmt: skip
    return made


def _subject(mismatch: Mismatch) -> str:
    """The instrument and the order that a difference is about."""
    order = next((value for value in map(_order_of, (mismatch.phoenix_state, mismatch.broker_state)) if value), "")
    return " ".join(part for part in (mismatch.pair, order) if part) or "profit"


def _order_of(state: Json) -> str:
    value = state.get("order") if isinstance(state, Mapping) else None
    return value if isinstance(value, str) else ""


def _drift_name(drift: OpenDrift) -> str:
    return short(drift.drift_bead_id)


def _agreeing(drifts: Sequence[OpenDrift], now: datetime) -> Iterator[str]:
    for drift in drifts:
        if drift.agrees_since is not None:
            yield (
                f"{short(drift.drift_bead_id)}: the books agree again, {distance(drift.agrees_since, now)}; "
                "it is still to be resolved"
            )


def _unclaimed(unclaimed: Sequence[Adoptable], now: datetime) -> Iterator[str]:
    for found in unclaimed:
        told = "" if found.told_at is None else f", {distance(found.told_at, now)}"
        what = (
            f"{found.side.value} {units(found.quantity)} {found.pair}, " if found.side is not None else ""
        )  # fmt: skip
        yield f"{found.kind.value} {found.name}: {what}{found.text}{told}"
    kinds = {found.kind for found in unclaimed}
    named = "execution or order" if len(kinds) > 1 else "order" if AdoptableKind.ORDER in kinds else "execution"
    yield f"phoenix positions adopt makes a position of an {named}. One that is none of Phoenix's is set aside:"
    yield "  phoenix drift resolve NAME --as ACKNOWLEDGED --reason WHY"


def _about(reading: DriftReading, now: datetime) -> Iterator[str]:
    drift, mismatch, position = reading.drift, reading.drift.mismatch, reading.position
    yield f"drift     {drift.drift_bead_id}"
    yield f"type      {mismatch.drift_type.value}, {mismatch.severity.value}, {mismatch.origin.value}"
    yield f"about     {_subject(mismatch)}"
    yield f"found by  {'a comparison' if drift.key else 'a word of the broker that contradicted another'}"
    yield f"since     {clock_and_left(mismatch.since, now)}, on record {distance(drift.opened_at, now)}"
    if drift.agrees_since is not None:
        yield f"agrees    the books agree again, {clock_and_left(drift.agrees_since, now)}"
    if drift.position_id is not None:
        state = "ended" if position is None or position.state is None else position.state.value
        held = "" if position is None else f", {units(position.open_quantity)} open"
        yield f"position  {drift.position_id}: {state}{held}"
        yield f"          phoenix positions show {short(drift.position_id)}"


def _resolutions(drift: OpenDrift, corrections: Sequence[Correction]) -> Iterator[str]:
    for correction in corrections:
        yield f"{correction.resolution.value}: {_SAYS[correction.resolution]}"
        yield from (f"  {line}" for line in correction_lines(correction))
    yield ""
    yield _RESOLVE.format(id=short(drift.drift_bead_id))


def _next_lines(books: BooksReading) -> Iterator[str]:
    if books.drifts:
        yield f"\nphoenix drift show DRIFT, then\n{_RESOLVE.format(id='DRIFT')}"
    elif books.settling:
        yield "\nA second look decides once nothing can lag any more: phoenix reconcile --now"
