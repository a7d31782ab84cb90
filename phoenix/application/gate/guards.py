"""The guards of an entry, in the order of SPEC 3.8. Each fails closed and raises Refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from phoenix.application.effects import CancelOrder, SendOrder
from phoenix.application.gate.conflicts import require_anchor
from phoenix.application.gate.contracts import require_contract
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.pacing import CANCEL_MESSAGES, ORDER_MESSAGES
from phoenix.application.promotion.checklist import missing_text, promotion_checklist
from phoenix.application.work import Work
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.instants import instant_text
from phoenix.domain.limits import LastQuote, LimitResult, RiskFacts, check_limits, first_failure
from phoenix.domain.numbers import ZERO
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.position import Position
from phoenix.domain.profit import MoneyRule
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, Strategy
from phoenix.domain.vocabulary import AccountMode, PositionState, RefusalReason, StrategyMode
from phoenix.ports.answers import Complete, Unknown

_COUNTED = frozenset({PositionState.SUBMITTED, PositionState.STALLED, PositionState.FILLED, PositionState.MANAGED})
_MESSAGES = {SendOrder: ORDER_MESSAGES, CancelOrder: CANCEL_MESSAGES}
_MICROSECOND = Decimal("0.000001")


def require_no_kill_flag(state: State, strategy_id: str) -> None:
    """Kill answers before everything else, and before the broker is touched."""
    flags = state.flags_for(strategy_id)
    if flags:
        raise Refused(
            RefusalReason.KILL_FLAG, "strategy_id", flags[0].text(), "Let a human lift it, or wait until it expires"
        )


def require_entry_allowed(work: Work, position: Position, facts: Facts, phase: str) -> None:
    """Everything that is checked both at approval and at submission, but for the token, pacing and the claim."""
    require_no_kill_flag(work.state, position.strategy_id)
    require_anchor(work, position, phase)
    require_strategy_mode(work, position.strategy_id, position.signal_id)
    require_limits(work, position, facts)


def require_strategy_mode(work: Work, strategy_id: str, signal_id: str | None = None) -> None:
    """On a live account only LIVE strategies trade, and none of them on a signal from before its promotion."""
    strategy = work.state.strategies.get(strategy_id)
    if strategy is None:
        raise Refused(
            RefusalReason.STRATEGY_UNKNOWN, "strategy_id", f"{strategy_id} is not registered", "Register it first"
        )
    if work.policy.account.mode is not AccountMode.LIVE:
        return
    if strategy.mode is not StrategyMode.LIVE:
        checklist = promotion_checklist(work.state, work.policy, strategy_id)
        lacks = missing_text(checklist) or "nothing but a human's promotion"
        raise Refused(
            RefusalReason.STRATEGY_MODE, "strategy_id",
            f"{strategy_id} is in mode {strategy.mode.value}; its promotion lacks {lacks}",
            "Keep it in SHADOW until the checklist is complete, then promote it",
        )  # fmt: skip
    _require_since_promotion(work, strategy, signal_id)


def _require_since_promotion(work: Work, strategy: Strategy, signal_id: str | None) -> None:
    """What was signalled before the promotion, or came in before it, ends its life as shadow."""
    bead = None if signal_id is None else work.find(Key("signal", signal_id))
    if bead is None or strategy.promoted_at is None:
        return
    signalled_at = min(bead.timestamp, bead.occurred_at or bead.timestamp)
    if signalled_at <= strategy.promoted_at:
        raise Refused(
            RefusalReason.STRATEGY_MODE, "signal_id",
            f"signalled at {instant_text(signalled_at)}, before {strategy.strategy_id} was promoted at "
            f"{instant_text(strategy.promoted_at)}: it ends its life as shadow",
            "Wait for the strategy's next signal",
        )  # fmt: skip


def require_instrument(work: Work, pair: str) -> None:
    if pair not in work.policy.instruments:
        known = ", ".join(sorted(work.policy.instruments))
        raise Refused(RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{pair} is not configured", f"Use one of: {known}")


def require_limits(work: Work, position: Position, facts: Facts) -> None:
    failed = first_failure(limit_results(work, position.terms, position.money_rule, facts, position.position_id))
    if failed is not None:
        raise Refused(
            RefusalReason.RISK_LIMIT, failed.name, f"{failed.found}; the limit is {failed.limit}",
            "Wait, or let a person change the limit in the configuration",
        )  # fmt: skip


def limit_results(
    work: Work, terms: EntryTerms, rule: MoneyRule, facts: Facts, position_id: str | None
) -> tuple[LimitResult, ...]:
    """Every risk limit against the state and the facts; `position_id` is the entry that is being weighed."""
    return check_limits(work.policy.limits, _risk_facts(work, terms, rule, facts, position_id))


def _risk_facts(work: Work, terms: EntryTerms, rule: MoneyRule, facts: Facts, position_id: str | None) -> RiskFacts:
    state, now = work.state, work.now
    others = [p for p in state.positions.values() if p.state in _COUNTED and p.position_id != position_id]
    account = facts.account.value if isinstance(facts.account, Complete) else None
    trading = facts.trading.get(terms.pair)
    day = state.day
    identical = (terms.pair, terms.side.value, terms.entry_price)
    return RiskFacts(
        now=now,
        instrument=work.policy.instruments[terms.pair],
        terms=terms,
        notional=rule.money(terms.quantity * terms.entry_price, terms.entry_price),
        equity=None if account is None else account.equity,
        buying_power=None if account is None else account.buying_power,
        quote=_last_quote(facts, terms.pair),
        net_quantity=state.net_quantity(terms.pair),
        in_flight_quantity=sum((p.in_flight_quantity for p in others if p.terms.pair == terms.pair), ZERO),
        open_positions=len(others),
        daily_realised_pnl=day.realised_pnl if day.covers(now) else ZERO,
        order_instants=day.orders,
        identical_entry_instants=tuple(
            recent.sent_at
            for recent in state.recent_entries
            if (recent.pair, recent.side, recent.entry_price) == identical
        ),
        market_open=None if trading is None else trading.is_open,
        clock_skew_s=_clock_skew_s(work, facts),
        stalled_pairs=frozenset(p.terms.pair for p in others if p.state is PositionState.STALLED),
        settling_pairs=state.settling_pairs,
        drift_pairs=state.unsettled_pairs,
    )


def _last_quote(facts: Facts, pair: str) -> LastQuote | None:
    answer = facts.quote(pair)
    if isinstance(answer, Unknown):
        return None
    return LastQuote(answer.value.bid, answer.value.ask, answer.value.as_of)


def _clock_skew_s(work: Work, facts: Facts) -> Decimal | None:
    if isinstance(facts.server_time, Unknown):
        return None
    delta = facts.server_time.value - work.now
    return Decimal(delta.days * 86_400_000_000 + delta.seconds * 1_000_000 + delta.microseconds) * _MICROSECOND


def require_account_and_connection(work: Work, pair: str, facts: Facts) -> None:
    """The session is there, on the account and in the mode that were configured, its books were compared, and the
    instrument is what was configured."""
    require_account(work, facts)
    require_no_reset(facts.reset_until)
    _require_answering(facts)
    if not work.state.session.is_reconciled:
        raise Refused(
            RefusalReason.CONNECTION, "session", f"entries are closed: {work.state.session.detail}",
            "Wait for complete recovery reads, or settle what they found",
        )  # fmt: skip
    require_fresh_data(work.state)
    require_contract(work, pair, facts.contract(pair))


def _require_answering(facts: Facts) -> None:
    """A session may be open and nobody at its other end; whoever lifts the limit on clocks has not lifted this."""
    if isinstance(facts.server_time, Unknown):
        raise Refused(
            RefusalReason.CONNECTION, "server_time", f"the broker does not answer: {facts.server_time.reason}",
            "Wait until it does, or connect anew",
        )  # fmt: skip


def require_no_reset(reset_until: datetime | None) -> None:
    """Entries wait while the broker resets its servers, whether or not the session outlives that."""
    if reset_until is not None:
        raise Refused(
            RefusalReason.CONNECTION, "reset_windows",
            f"entries are closed: the broker is in its nightly reset until {instant_text(reset_until)}",
            "Approve again after it",
        )  # fmt: skip


def require_fresh_data(state: State) -> None:
    """Entries wait while the broker says that its prices have stopped; how old a quote is, the limits judge."""
    if not state.session.is_data_fresh:
        raise Refused(
            RefusalReason.CONNECTION, "market_data", "entries are closed: the broker's prices are stale",
            "Wait until they flow again",
        )  # fmt: skip


def require_account(work: Work, facts: Facts) -> None:
    """As for every order, exits included: connected, and to the right account in the right mode."""
    if isinstance(facts.session, Unknown) or not work.state.session.is_connected:
        reason = facts.session.reason if isinstance(facts.session, Unknown) else work.state.session.detail
        raise Refused(
            RefusalReason.CONNECTION, "session", f"no broker session: {reason}", "Connect to the broker first"
        )
    session, policy = facts.session.value, work.policy.account
    if session.account != policy.account or session.mode is not policy.mode:
        raise Refused(
            RefusalReason.ACCOUNT, "account",
            f"the session is on {session.account} ({session.mode.value}), configured is {policy.account} "
            f"({policy.mode.value})",
            "Connect to the configured account, or change the configuration and restart",
        )  # fmt: skip
    if session.mode is AccountMode.LIVE and not policy.allow_live:
        raise Refused(RefusalReason.ACCOUNT, "allow_live", "live trading is not enabled", "Set allow_live and restart")


def require_pacing_slot(work: Work, facts: Facts) -> None:
    """Room for one more order behind everything that this very step has asked for already."""
    asked = sum(_MESSAGES.get(type(effect), 0) for effect in work.effects)
    if asked + ORDER_MESSAGES > facts.message_room:
        raise Refused(
            RefusalReason.PACING,
            "orders_per_second",
            "the broker's message limit leaves no room",
            "Try again in a second",
        )
