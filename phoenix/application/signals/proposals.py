"""From a signal to a proposal: strategy, kill flags, anchor, size, order plan, evidence, in that order (SPEC 2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from phoenix.application.gate.conflicts import Bound, components_of, require_standing
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.guards import limit_results, require_no_kill_flag, require_strategy_mode
from phoenix.application.signals.cse import signal_from_document
from phoenix.application.trading.positions import move
from phoenix.application.work import Work
from phoenix.domain.anchor import Anchor, stale_at
from phoenix.domain.beads.catalogue import Key, proposal_key
from phoenix.domain.beads.envelope import SYSTEM, Payload, Signer
from phoenix.domain.beads.operations import AccountPayload
from phoenix.domain.beads.setup import AnchorPayload, EvidencePayload, IntentPayload, SignalPayload
from phoenix.domain.evidence import EntryFacts, Exposure, bundle_hash, entry_bundle, entry_order_hash
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal, check_not_future, check_signal
from phoenix.domain.sizing import Rate, Sizing, SizingInput, size
from phoenix.domain.state import in_order
from phoenix.domain.vocabulary import IntentKind, PositionState, RefusalReason, Trigger
from phoenix.ports.answers import Complete
from phoenix.ports.broker_facts import AccountSnapshot


def propose(
    work: Work, signal: Signal, facts: Facts, *, number: int = 1, decision_id: str | None = None
) -> Position:  # fmt: skip
    """Freeze a proposal for a signal. Raises Refused; what was found on the way (a conflict, a flag) stays recorded."""
    require_strategy_mode(work, signal.strategy_id, signal.signal_id)
    require_no_kill_flag(work.state, signal.strategy_id)
    anchor = _standing_anchor(work, signal, is_first=number == 1)
    sizing = _size(work, signal, facts)
    intent_id, position_id = work.ids.new_id(), work.ids.new_id()
    terms = _terms(work, signal, sizing.quantity)
    trading = facts.trading.get(signal.pair)
    work.record(
        IntentPayload(
            intent_id=intent_id, kind=IntentKind.ENTRY, position_id=position_id, signal_id=signal.signal_id,
            strategy_id=signal.strategy_id, pair=signal.pair, side=signal.side, maximum_quantity=sizing.quantity,
            lapses_at=None if trading is None else trading.ends_at, origin="SIGNAL" if number == 1 else "REPROPOSE",
            entry=terms, proposal_number=number,
            money_rule=sizing.money_rule, decision_id=decision_id,
        )
    )  # fmt: skip
    position = work.require_position(position_id)
    position = freeze(work, position, signal, anchor, sizing, facts, decision_id=None)
    return move(work, position, Trigger.INTENT_ACCEPTED)


def refresh(work: Work, intent_id: str, facts: Facts, decision_id: str) -> Position:
    """Bind a proposal to the current anchor, size it and freeze it anew; the old evidence can no longer be approved."""
    position = work.require_position_of_intent(intent_id)
    if position.state is not PositionState.PROPOSED:
        state = position.state.value if position.state else "none"
        raise Refused(
            RefusalReason.WRONG_STATE, "intent_id", f"the position is {state}, not PROPOSED", "Propose the signal again"
        )
    signal = signal_of(work, position.signal_id)
    require_no_kill_flag(work.state, signal.strategy_id)
    anchor = _current_anchor(work, signal)
    _require_fresh(work, signal, anchor, "REFRESH", position)
    sizing = _size(work, signal, facts)
    position = replace(position, terms=_terms(work, signal, sizing.quantity), money_rule=sizing.money_rule)
    return freeze(work, position, signal, anchor, sizing, facts, decision_id=decision_id)


def repropose(work: Work, signal_id: str, facts: Facts, decision_id: str) -> Position:
    """A new intent, with a new position, for a signal whose former one ended without exposure."""
    signal = signal_of(work, signal_id)
    check_signal(signal, work.policy.instruments, work.now, work.policy.clock_skew_s)
    return propose(work, signal, facts, number=_next_number(work, signal_id), decision_id=decision_id)


def _next_number(work: Work, signal_id: str) -> int:
    """The number of a signal's next proposal; the first is the signal's own, and may have been refused."""
    number = 1
    while True:
        bead = work.find(proposal_key(signal_id, number))
        if bead is not None:
            _require_ended_without_exposure(work, bead.payload)
        elif number > 1:
            return number
        number += 1


def signal_of(work: Work, signal_id: str | None) -> Signal:
    """The signal by its id, as it came in. Raises Refused when there is none."""
    bead = work.find(Key("signal", signal_id or ""))
    if bead is None or not isinstance(bead.payload, SignalPayload):
        raise Refused(RefusalReason.NOT_FOUND, "signal_id", f"no signal {signal_id} is known", "List the signals")
    return signal_from_document(bead.payload.document)


def _require_ended_without_exposure(work: Work, intent: Payload) -> None:
    position_id = intent.position_id if isinstance(intent, IntentPayload) else None
    former = None if position_id is None else work.position(position_id)
    if former is None or (former.state is not None and former.state.is_terminal and not former.fills.fills):
        return
    raise Refused(
        RefusalReason.WRONG_STATE, "signal_id",
        f"its position {position_id} is {former.state} and holds or held {former.fills.entry_quantity}",
        "Wait for its end, or for the next signal",
    )  # fmt: skip


def freeze(
    work: Work, position: Position, signal: Signal, anchor: Anchor, sizing: Sizing, facts: Facts, *,
    decision_id: str | None,
) -> Position:  # fmt: skip
    """Freeze what a human will see of a position, and bind the intent to it; a refresh may have changed its order."""
    is_refresh = decision_id is not None
    components = components_of(work, signal.strategy_id, anchor)
    stale = stale_at(anchor.captured_at, anchor.regime, work.policy.anchor)
    bundle = entry_bundle(_entry_facts(work, position, signal, anchor, sizing, facts))
    record_account(work, facts)
    work.record(
        EvidencePayload(
            intent_id=position.intent_id, position_id=position.position_id, bundle=bundle,
            bundle_hash=bundle_hash(bundle), order_hash=entry_order_hash(position.terms),
            anchor_captured_at=anchor.captured_at, anchor_regime=anchor.regime,
            anchor_components=components.as_mapping(), state_hash=components.combined_hash(), stale_at=stale,
            decision_id=decision_id, entry=position.terms if is_refresh else None,
            money_rule=position.money_rule if is_refresh else None,
        )
    )  # fmt: skip
    return work.require_position(position.position_id)


def _entry_facts(
    work: Work, position: Position, signal: Signal, anchor: Anchor, sizing: Sizing, facts: Facts
) -> EntryFacts:
    strategy = work.state.strategies[signal.strategy_id]
    warnings = check_signal(signal, work.policy.instruments, work.now, work.policy.clock_skew_s)
    living = [p for p in work.state.positions.values() if p.state is not None and p.order_group_id is not None]
    in_flight = sum((p.in_flight_quantity for p in living if p.terms.pair == signal.pair), ZERO)
    return EntryFacts(
        intent_id=position.intent_id, signal=signal, terms=position.terms, account_mode=work.policy.account.mode,
        strategy_mode=strategy.mode, sizing=sizing, anchor=anchor,
        components=components_of(work, signal.strategy_id, anchor),
        stale_at=stale_at(anchor.captured_at, anchor.regime, work.policy.anchor),
        kill_flags=tuple(flag.text() for flag in in_order(work.state.flags)),
        drift=tuple(drift.detail for drift in in_order(work.state.drifts)),
        exposure=Exposure(work.state.net_quantity(signal.pair), in_flight, len(living)),
        limits=limit_results(work, position.terms, position.money_rule, facts, position.position_id),
        warnings=warnings, frozen_at=work.now,
    )  # fmt: skip


def record_account(work: Work, facts: Facts) -> None:
    """An ACCOUNT bead, where the account says something new."""
    if not isinstance(facts.account, Complete):
        return
    seen, last = facts.account.value, work.state.account
    if last is None or _money(seen) != (last.account, last.equity, last.balance, last.margin_used, last.buying_power):
        work.record(
            AccountPayload(
                account=seen.account, mode=seen.mode, currency=seen.currency, equity=seen.equity,
                balance=seen.balance, margin_used=seen.margin_used, buying_power=seen.buying_power, as_of=seen.as_of,
            ),
            occurred_at=seen.as_of,
        )  # fmt: skip


def _money(seen: AccountSnapshot) -> tuple[str, Decimal, Decimal, Decimal | None, Decimal | None]:
    return seen.account, seen.equity, seen.balance, seen.margin_used, seen.buying_power


def register_anchor(
    work: Work, strategy_id: str, pair: str, anchor: Anchor, origin: str, signal_id: str | None, *,
    signer: Signer = SYSTEM,
) -> None:  # fmt: skip
    """Make an anchor the current one. Raises Refused for one from the future, or older than the registered one."""
    check_not_future("state_anchor.captured_at", anchor.captured_at, work.now, work.policy.clock_skew_s)
    current = work.state.anchors.get((strategy_id, pair))
    if current is not None and anchor.captured_at < current.captured_at:
        raise Refused(
            RefusalReason.STATE_CONFLICT, "state_anchor.captured_at",
            f"captured at {instant_text(anchor.captured_at)}, registered is a newer one of "
            f"{instant_text(current.captured_at)}",
            "Capture the context anew",
        )  # fmt: skip
    if current == anchor:
        return
    work.record(
        AnchorPayload(
            strategy_id=strategy_id, pair=pair, captured_at=anchor.captured_at, regime=anchor.regime,
            strategy_params=anchor.strategy_params, market_snapshot=anchor.market_snapshot, origin=origin,
            signal_id=signal_id,
        ),
        signer=signer,
        occurred_at=anchor.captured_at,
    )  # fmt: skip


def _standing_anchor(work: Work, signal: Signal, *, is_first: bool) -> Anchor:
    """The anchor a proposal stands on: the signal's own, registered with it, or for a re-proposal the current one."""
    anchor = signal.anchor if is_first else _current_anchor(work, signal)
    _require_fresh(work, signal, anchor, "PROPOSAL", None)
    if is_first:
        register_anchor(work, signal.strategy_id, signal.pair, anchor, "SIGNAL", signal.signal_id)
    return anchor


def _require_fresh(work: Work, signal: Signal, anchor: Anchor, phase: str, position: Position | None) -> None:
    components = components_of(work, signal.strategy_id, anchor)
    bound = Bound(
        phase, signal.strategy_id, signal.pair, anchor.captured_at, anchor.regime, components.as_mapping(),
        signal.signal_id, None if position is None else position.intent_id,
        None if position is None else position.position_id, position is not None and position.stale_kill_set,
    )  # fmt: skip
    require_standing(work, bound, components)


def _current_anchor(work: Work, signal: Signal) -> Anchor:
    return work.state.anchors.get((signal.strategy_id, signal.pair), signal.anchor)


def _size(work: Work, signal: Signal, facts: Facts) -> Sizing:
    if not isinstance(facts.account, Complete):
        raise Refused(
            RefusalReason.SIZING, "equity", f"not known: {facts.account.reason}",
            "Let the account answer, then propose again",
        )  # fmt: skip
    account, on_balance = facts.account.value, work.policy.sizes_on_balance
    rates = tuple(
        Rate(pair, answer.value.mid, answer.value.as_of)
        for pair, answer in facts.quotes.items()
        if isinstance(answer, Complete)
    )
    inputs = SizingInput(
        equity=account.balance if on_balance else account.equity, equity_currency=account.currency,
        equity_as_of=account.as_of, equity_source=f"{'balance' if on_balance else 'equity'} of {account.account}",
        risk_percent=signal.risk_percent, entry=signal.entry,
        stop=signal.stop, target=signal.target, instrument=work.policy.instruments[signal.pair], rates=rates,
    )  # fmt: skip
    return size(inputs, work.policy.sizing, work.now)


def _terms(work: Work, signal: Signal, quantity: Decimal) -> EntryTerms:
    return EntryTerms(
        account=work.policy.account.account, pair=signal.pair, side=signal.side, quantity=quantity,
        order_type=signal.order_type, time_in_force=signal.time_in_force, entry_price=signal.entry,
        stop_price=signal.stop, target_price=signal.target,
    )  # fmt: skip
