"""Asking to close a position, or to protect it anew: a proposal with evidence of its own (SPEC 3.6, 11.8)."""

from __future__ import annotations

from decimal import Decimal

from phoenix.application.gate.facts import Facts
from phoenix.application.gate.guards import require_instrument
from phoenix.application.work import Work
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload
from phoenix.domain.encoding import Json
from phoenix.domain.evidence import HoldingFacts, bundle_hash, exit_bundle, protect_bundle
from phoenix.domain.instrument import Instrument
from phoenix.domain.limits import LastQuote
from phoenix.domain.numbers import ZERO, is_multiple
from phoenix.domain.order_plan import action_of, opposite
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import IntentKind, RefusalReason, Side
from phoenix.ports.answers import Unknown


def propose_exit(
    work: Work, position: Position, quantity: Decimal | None, reason: str, facts: Facts, decision_id: str
) -> str:
    """Freeze an EXIT intent for all that is open, or for part of it. Returns the intent's id; raises Refused."""
    _require_exitable(position)
    whole = max(position.open_quantity, position.terms.quantity)
    maximum = whole if quantity is None else _checked_quantity(work, position, quantity)
    intent_id = work.ids.new_id()
    holding = _facts(work, position, intent_id, maximum, reason, facts)
    bundle = exit_bundle(holding, opposite(action_of(position.terms.side)))
    _record(work, position, intent_id, IntentKind.EXIT, maximum, bundle, decision_id)
    return intent_id


def propose_protection(
    work: Work, position: Position, stop_price: Decimal, target_price: Decimal | None, reason: str, facts: Facts,
    decision_id: str,
) -> str:  # fmt: skip
    """Freeze a PROTECT intent: a new stop, and a target if one is given, in place of what works now."""
    _require_exitable(position)
    _require_prices(work, position, stop_price, target_price)
    intent_id = work.ids.new_id()
    maximum = max(position.open_quantity, position.terms.quantity)
    holding = _facts(work, position, intent_id, maximum, reason, facts)
    bundle = protect_bundle(holding, opposite(action_of(position.terms.side)), stop_price, target_price)
    _record(work, position, intent_id, IntentKind.PROTECT, maximum, bundle, decision_id, stop_price, target_price)
    return intent_id


def _require_exitable(position: Position) -> None:
    """What came late for a position that had ended is exited as the one that adopts it, lest it be sold twice."""
    if position.state is not None and position.state.is_terminal and position.open_quantity != ZERO:
        raise Refused(
            RefusalReason.WRONG_STATE, "position_id",
            f"position {position.position_id} ended as {position.state.value}, what came late is not its to exit",
            "Adopt it, and close the position it is adopted into",
        )  # fmt: skip
    if position.open_quantity <= ZERO:
        state = position.state.value if position.state else "none"
        raise Refused(
            RefusalReason.WRONG_STATE, "position_id", f"nothing is open in position {position.position_id} ({state})",
            "Cancel a resting entry instead",
        )  # fmt: skip
    unsettled = position.unsettled_action
    if unsettled is not None:
        raise Refused(
            RefusalReason.UNSETTLED, "position_id",
            f"{unsettled.kind.value} {unsettled.intent_id} is {unsettled.stage.value}", "Let it end, or drop it, first",
        )  # fmt: skip


def _instrument(work: Work, position: Position) -> Instrument:
    """The instrument's grids. Raises Refused where it left the configuration; a whole exit needs none."""
    require_instrument(work, position.terms.pair)
    return work.policy.instruments[position.terms.pair]


def _checked_quantity(work: Work, position: Position, quantity: Decimal) -> Decimal:
    step = _instrument(work, position).size_step
    if not ZERO < quantity <= position.open_quantity or not is_multiple(quantity, step):
        raise Refused(
            RefusalReason.MALFORMED, "quantity",
            f"{quantity} is not a multiple of {step} within the {position.open_quantity} that is open",
            "Give a quantity that is open",
        )  # fmt: skip
    return quantity


def _require_prices(work: Work, position: Position, stop: Decimal, target: Decimal | None) -> None:
    instrument = _instrument(work, position)
    for name, price in (("stop_price", stop), ("target_price", target)):
        if price is not None and not (price > ZERO and instrument.on_tick_grid(price)):
            raise Refused(
                RefusalReason.PRICE_INVALID, name, f"{price} is not on the tick grid of {instrument.tick}",
                "Give a price that the broker quotes",
            )  # fmt: skip
    is_crossed = target is not None and (stop >= target if position.terms.side is Side.LONG else stop <= target)
    if is_crossed:
        raise Refused(
            RefusalReason.PRICE_INVALID, "stop_price", f"stop {stop} and target {target} are on the wrong sides",
            "Put the stop on the losing side",
        )  # fmt: skip


def _facts(work: Work, position: Position, intent_id: str, maximum: Decimal, reason: str, facts: Facts) -> HoldingFacts:
    answer = facts.quote(position.terms.pair)
    quote = None if isinstance(answer, Unknown) else LastQuote(answer.value.bid, answer.value.ask, answer.value.as_of)
    return HoldingFacts(
        intent_id=intent_id, position_id=position.position_id, account=position.terms.account,
        account_mode=work.policy.account.mode, pair=position.terms.pair, side=position.terms.side,
        open_quantity=position.open_quantity, maximum_quantity=maximum, protection=position.protection, quote=quote,
        reason=reason, frozen_at=work.now,
    )  # fmt: skip


def _record(
    work: Work, position: Position, intent_id: str, kind: IntentKind, maximum: Decimal, bundle: Json,
    decision_id: str, stop_price: Decimal | None = None, target_price: Decimal | None = None,
) -> None:  # fmt: skip
    work.record(
        IntentPayload(
            intent_id=intent_id, kind=kind, position_id=position.position_id, signal_id=None,
            strategy_id=position.strategy_id, pair=position.terms.pair, side=position.terms.side,
            maximum_quantity=maximum, lapses_at=None, origin="CLOSE" if kind is IntentKind.EXIT else "PROTECT",
            stop_price=stop_price, target_price=target_price, decision_id=decision_id,
        )
    )  # fmt: skip
    work.record(
        EvidencePayload(
            intent_id=intent_id, position_id=position.position_id, bundle=bundle, bundle_hash=bundle_hash(bundle),
            order_hash=None, anchor_captured_at=None, anchor_regime=None, anchor_components={}, state_hash=None,
            stale_at=None,
        )
    )  # fmt: skip
