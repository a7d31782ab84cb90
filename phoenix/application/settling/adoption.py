"""Adoption: a human takes a broker order or holding that has no position of its own into Phoenix's book (SPEC 3.6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from phoenix.application.gate.approval import require_human, wrong_state
from phoenix.application.settling.adoption_facts import (
    Holding,
    holding_of,
    require_agreement,
    require_fitting_executions,
    require_own_account,
    require_stated,
)
from phoenix.application.settling.settlement import number_of, text_of
from phoenix.application.trading.executions import apply_parked
from phoenix.application.trading.positions import progress, snapshot
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.setup import IntentPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.executions import Fill
from phoenix.domain.lifecycle import transition
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.order_plan import EntryTerms, Leg, OrderPlan, action_of
from phoenix.domain.position import Position
from phoenix.domain.profit import Conversion, MoneyRule
from phoenix.domain.reconciliation.compare import pair_of_net_key
from phoenix.domain.reconciliation.mismatch import NET, stated
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import (
    Action,
    DriftOrigin,
    IntentKind,
    LegRole,
    OrderEvent,
    OrderType,
    PositionState,
    RefusalReason,
    Side,
    TimeInForce,
    Trigger,
)


def adopt(work: Work, decision: DecisionPayload, signer: Signer) -> str:
    """Adopt a stray position, a parked execution, what an external drift shows, or an external order.

    `detail` says `what` (HOLDING or ORDER), the planned `stop_price` and `target_price`, and the strategy_id where
    nothing else tells it. Pair, side, quantity and entry_price are what the broker reported: they may be said as well
    and then have to agree; only a price that it did not report has to be said. Returns the new position's id.
    """
    require_human(signer)
    _require_known_books(work)
    if text_of(decision, "what") == "ORDER":
        return _adopt_order(work, decision, signer)
    holding = _stray(work, decision) or _parked(work, decision) or _drifted(work, decision)
    if holding is None:
        raise Refused(
            RefusalReason.NOT_FOUND, "subject_id", f"nothing called {decision.subject_id} waits for adoption",
            "List what waits for adoption",
        )  # fmt: skip
    require_agreement(decision, holding)
    if holding.former is not None:
        _require_at_rest(holding.former)
    position = _begin(work, decision, holding, OrderType.MARKET)
    payload = snapshot(
        position, transition(None, Trigger.HOLDING_ADOPTED), Trigger.HOLDING_ADOPTED, detail=decision.reason,
        decision_id=decision.decision_id, adopted_from=decision.subject_id,
        adopted=Fill("adopted", "adopted", 0, LegRole.ENTRY, "", holding.quantity, holding.price, work.now),
    )  # fmt: skip
    if holding.execution_id is not None:
        payload = replace(payload, adopted_execution_id=holding.execution_id)
    if holding.former is not None:
        _hand_over(work, holding.former, signer, position.position_id)
    work.record(payload, signer=signer)
    return position.position_id


def _require_known_books(work: Work) -> None:
    if not work.state.session.are_books_known:
        raise Refused(
            RefusalReason.UNKNOWN_OUTCOME, "subject_id", "what the broker has is not known: its books were not read "
            f"completely ({work.state.session.detail})", "Adopt it once the broker answers for all its books",
        )  # fmt: skip


def _require_at_rest(former: Position) -> PositionState:
    """The state of a position that nothing is on its way for. Raises Refused."""
    if former.state is None or former.unsettled_action is not None or former.alive_legs:
        raise wrong_state(former, "at rest", "Let its orders and exits end first")
    return former.state


def _hand_over(work: Work, former: Position, signer: Signer, adopter_id: str) -> None:
    """A position gives what is not its own any more to its adopter, so that nobody can close it twice."""
    state = _require_at_rest(former)
    emptied = replace(former, handed_over=former.handed_over + former.open_quantity)
    payload = snapshot(emptied, state, Trigger.HOLDING_ADOPTED, detail=f"handed over to {adopter_id}")
    work.record(replace(payload, handed_over=former.open_quantity), signer=signer)
    progress(work, work.require_position(former.position_id))


def _stray(work: Work, decision: DecisionPayload) -> Holding | None:
    stray = work.state.strays.get(decision.subject_id)
    former = None if stray is None else work.position(stray.position_id)
    if stray is None or former is None:
        return None
    price = former.fills.average_entry_price or former.terms.entry_price
    side = Side.LONG if stray.quantity > ZERO else Side.SHORT
    return Holding(stray.pair, side, abs(stray.quantity), price, former.strategy_id, former)


def _parked(work: Work, decision: DecisionPayload) -> Holding | None:
    parked = work.state.parked.get(decision.subject_id)
    if parked is None or parked.quantity is None or not parked.quantity > ZERO or parked.price is None:
        return None
    require_own_account(work, parked.account)
    side = Side.LONG if parked.action is Action.BUY else Side.SHORT
    return Holding(
        parked.pair, side, parked.quantity, parked.price, text_of(decision, "strategy_id"),
        execution_id=parked.execution_id,
    )  # fmt: skip


def _drifted(work: Work, decision: DecisionPayload) -> Holding | None:
    """What the broker holds beyond Phoenix's book, by an open drift. The drift is then a human's to resolve."""
    drift = work.state.drifts.get(decision.subject_id)
    pair = None if drift is None else pair_of_net_key(drift.key)
    if drift is None or pair is None or drift.mismatch.origin is not DriftOrigin.EXTERNAL:
        return None
    ours, surplus = work.state.net_quantity(pair), drift.mismatch.surplus
    if not drift.mismatch.describes(ours):
        raise Refused(
            RefusalReason.CONFLICT, "subject_id", f"Phoenix holds {decimal_text(ours)} {pair} by now, the drift says "
            f"{stated(drift.mismatch.phoenix_state, NET)}", "Compare the books, and adopt what then differs",
        )  # fmt: skip
    side = Side.LONG if surplus > ZERO else Side.SHORT
    price = number_of(decision, "entry_price")
    return Holding(pair, side, abs(surplus), price, text_of(decision, "strategy_id"))


def _adopt_order(work: Work, decision: DecisionPayload, signer: Signer) -> str:
    permanent_id = decision.subject_id
    if work.find(Key("permanent_id", permanent_id)) is not None:
        raise Refused(
            RefusalReason.CONFLICT,
            "permanent_id",
            f"{permanent_id} is an order of Phoenix already",
            "Look at the orders",
        )
    if work.state.external_orders.get(permanent_id) is not None:
        raise Refused(
            RefusalReason.CONFLICT, "permanent_id", f"{permanent_id} is a second id of an order of Phoenix",
            "Settle the order it contradicts",
        )  # fmt: skip
    if permanent_id not in work.state.external_orders:
        raise Refused(
            RefusalReason.NOT_FOUND, "permanent_id", f"the broker never spoke of an order {permanent_id}",
            "Read the books first",
        )  # fmt: skip
    stated = require_stated(work, permanent_id)
    holding = holding_of(decision, stated)
    require_agreement(decision, holding)
    require_fitting_executions(work, permanent_id, holding)
    position = _begin(work, decision, holding, stated.order_type or OrderType.LIMIT)
    _bind(work, position, permanent_id, decision)
    position = work.require_position(position.position_id)
    payload = snapshot(
        position, transition(None, Trigger.ORDER_ADOPTED), Trigger.ORDER_ADOPTED, detail=decision.reason,
        decision_id=decision.decision_id, adopted_from=permanent_id,
    )  # fmt: skip
    work.record(payload, signer=signer)
    apply_parked(work, f"ADOPTED-{permanent_id}", permanent_id)
    return position.position_id


def _begin(work: Work, decision: DecisionPayload, holding: Holding, order_type: OrderType) -> Position:
    if holding.pair not in work.policy.instruments:
        raise Refused(
            RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{holding.pair} is not configured", "Configure the instrument"
        )
    position_id = work.ids.new_id()
    terms = EntryTerms(
        account=work.policy.account.account, pair=holding.pair, side=holding.side, quantity=holding.quantity,
        order_type=order_type, time_in_force=TimeInForce.GTC, entry_price=holding.price,
        stop_price=number_of(decision, "stop_price"), target_price=number_of(decision, "target_price"),
    )  # fmt: skip
    work.record(
        IntentPayload(
            intent_id=work.ids.new_id(), kind=IntentKind.ENTRY, position_id=position_id, signal_id=None,
            strategy_id=holding.strategy_id, pair=holding.pair, side=holding.side, maximum_quantity=holding.quantity,
            lapses_at=None, origin="ADOPT", entry=terms, money_rule=_money_rule(work, holding.pair),
            decision_id=decision.decision_id,
        )
    )  # fmt: skip
    return work.require_position(position_id)


def _bind(work: Work, position: Position, permanent_id: str, decision: DecisionPayload) -> None:
    group_id = work.ids.new_id()
    terms = position.terms
    leg = Leg(
        LegRole.ENTRY, action_of(terms.side), terms.order_type, terms.quantity, terms.time_in_force,
        f"ADOPTED-{permanent_id}", 0,
        limit_price=terms.entry_price if terms.order_type is OrderType.LIMIT else None,
        stop_price=terms.entry_price if terms.order_type is OrderType.STOP else None,
    )  # fmt: skip
    work.record(
        OrderPayload(
            event=OrderEvent.BOUND, order_group_id=group_id, intent_id=position.intent_id,
            intent_kind=IntentKind.ENTRY, position_id=position.position_id, client_order_id=leg.reference,
            role=LegRole.ENTRY, plan=OrderPlan(group_id, terms.account, terms.pair, (leg,)),
            permanent_id=permanent_id, decision_id=decision.decision_id,
        )
    )  # fmt: skip


def _money_rule(work: Work, pair: str) -> MoneyRule:
    """How profit becomes money for an instrument whose sizing never was worked out here."""
    instrument, currency = work.policy.instruments[pair], work.policy.account.currency
    if instrument.currency == currency:
        return MoneyRule(Conversion.NONE, Decimal(1))
    if instrument.symbol == currency:
        return MoneyRule(Conversion.AT_EXIT_PRICE, Decimal(1))
    raise Refused(
        RefusalReason.NOT_ALLOWED, "pair", f"no rate from {instrument.currency} to {currency} is configured",
        "Close it in the broker's own terminal",
    )  # fmt: skip
