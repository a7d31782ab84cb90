"""What was changed by hand, or by anybody but the broker, is entered as something that happened at the broker.

The tables are taken at their word. Holdings and money are what their rows say, whatever the journal adds up to; an
order or an execution that nobody sent is there. What the broker's ledger has a word for is entered in it, so that the
ledger's holdings go on agreeing with the book's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from phoenix.adapters.simulation import tell, worldly
from phoenix.adapters.simulation.account import FLAT, Net
from phoenix.adapters.simulation.book_file.kept import KeptBook
from phoenix.adapters.simulation.book_file.reading import Stated
from phoenix.adapters.simulation.executions import Adjustment
from phoenix.adapters.simulation.faults import Fault, LineOutage, SocketDrop
from phoenix.adapters.simulation.keeping import BookRefused
from phoenix.adapters.simulation.ledger import BrokerLedger, LedgerKind
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus

_ENDS = {OrderStatus.CANCELLED: LedgerKind.CANCELLED, OrderStatus.REJECTED: LedgerKind.REJECTED}
_REASON = "changed by hand in the book"
_CODE = 0


def settle(world: World, book: KeptBook, stated: Stated) -> None:
    """Make world and ledger agree with what the file states."""
    told = _Told.by(world.ledger)
    for order in sorted((*book.live.values(), *book.completed.values()), key=lambda order: order.sequence):
        _settle_order(world, order, told)
    _settle_executions(world, book, told)
    _settle_holdings(world, book, stated.holdings)
    if stated.account is not None:
        _settle_money(world, *stated.account)


def settle_faults(world: World, former: Mapping[int, Fault], new: Iterable[int]) -> None:
    """Take out of the world the faults that are gone from the table or read differently now, and arrange the new."""
    faults = world.script.faults
    changed = {number for number, fault in former.items() if faults.get(number) != fault}
    for number in sorted(changed):
        worldly.withdraw(world, number, former[number])
    for number in sorted((changed & set(faults)).union(new)):
        worldly.arrange(world, number, faults[number])
    world.agenda.drop(
        item for item in world.agenda.appointments() if item.task in worldly.OF_FAULTS and item.subject not in faults
    )
    if not any(isinstance(fault, SocketDrop) for fault in faults.values()):
        world.delivery.socket_is_up = True
    if not any(isinstance(fault, LineOutage) for fault in faults.values()):
        world.delivery.upstream_is_up = True


@dataclass(slots=True)
class _Told:
    """What the ledger knows of: orders by permanent id, their ends, and each execution's latest revision."""

    orders: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    revisions: dict[str, int] = field(default_factory=dict)

    @classmethod
    def by(cls, ledger: BrokerLedger) -> _Told:
        told = cls()
        for record in ledger.records:
            permanent_id = record.details.get("permanent_id")
            if permanent_id is not None:
                told.orders.add(str(permanent_id))
                if record.kind in (LedgerKind.CANCELLED, LedgerKind.EXPIRED, LedgerKind.REJECTED):
                    told.ended.add(str(permanent_id))
            if record.kind in (LedgerKind.EXECUTION, LedgerKind.CORRECTION, LedgerKind.BUST):
                stem, _, revision = str(record.details["execution_id"]).rpartition(".")
                told.revisions[stem] = int(revision)
        return told


def _settle_order(world: World, order: Order, told: _Told) -> None:
    if order.permanent_id not in told.orders:
        tell.entered(world, order, LedgerKind.EXTERNAL_ORDER)
    kind = _ENDS.get(order.status)
    if kind is None or order.permanent_id in told.ended:
        return
    if kind is LedgerKind.REJECTED:
        world.ledger.append(world.now, kind, **tell.names(order), code=_CODE, reason=_REASON)
    else:
        world.ledger.append(world.now, kind, **tell.names(order), filled=order.filled, reason=_REASON)


def _settle_executions(world: World, book: KeptBook, told: _Told) -> None:
    for execution in book.executions():
        known = told.revisions.get(execution.stem)
        if known is not None and known >= execution.revision:
            continue
        kind = (
            LedgerKind.BUST if execution.is_bust else LedgerKind.EXECUTION if known is None else LedgerKind.CORRECTION
        )
        world.ledger.append(world.now, kind, **tell.execution_details(execution))


def _settle_holdings(world: World, book: KeptBook, stated: Mapping[str, Net]) -> None:
    in_ledger = world.ledger.holdings()
    for pair in sorted({*world.account.nets, *stated, *in_ledger}):
        known, wanted = world.account.nets.get(pair, FLAT), _wanted(world, pair, stated.get(pair, FLAT))
        price = wanted.average_price or known.average_price or ZERO
        for quantity, at in _changes(known, wanted):
            adjustment = Adjustment(pair, quantity, at, world.now)
            book.adjust(adjustment)
            world.account.book(adjustment)
        difference = wanted.quantity - in_ledger.get(pair, ZERO)
        if difference != ZERO:
            world.ledger.append(
                world.now, LedgerKind.EXTERNAL_HOLDING, account=world.options.account, pair=pair, quantity=difference,
                price=price,
            )  # fmt: skip


def _wanted(world: World, pair: str, stated: Net) -> Net:
    """The net that a row states; one without an average price was had at the market's."""
    if stated.quantity == ZERO:
        return FLAT
    if stated.average_price is not None:
        return stated
    quote = world.market_quote(pair)
    if quote is None:
        raise BookRefused(
            f"the simulated broker's book, holdings (pair {pair!r}), average_price: there is none, and no price of "
            f"{pair} to take in its place. Give one; nothing was changed"
        )
    return Net(stated.quantity, (quote.bid + quote.ask) / 2)


def _changes(known: Net, wanted: Net) -> list[tuple[Decimal, Decimal]]:
    """Signed quantities and prices that make one net of the other."""
    if known == wanted:
        return []
    if known.average_price is None or wanted.average_price in (None, known.average_price):
        price = known.average_price if known.average_price is not None else wanted.average_price
        return [(wanted.quantity - known.quantity, price or ZERO)]
    return [(-known.quantity, known.average_price), (wanted.quantity, wanted.average_price or ZERO)]


def _settle_money(world: World, balance: Decimal, realised: Decimal) -> None:
    account = world.account
    account.deposits = account.restated = ZERO
    account.deposits, account.restated = balance - account.balance, realised - account.realised
