"""What a drill asks of the broker before it sends anything. No answer is UNKNOWN, never zero or empty."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from phoenix.application.gate.contracts import contradictions
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.ports.answers import Unknown
from phoenix.runtime.documents.values import optional_number
from phoenix.runtime.drill.floor import Floor
from phoenix.runtime.drill.steps import Result, failed, ok, unknown

_ASK_AGAIN = "Look at the broker's own screen, then drill again; phoenix doctor"
_NOT_REPORTED = "not reported"
_THIS_MACHINE = "127.0.0.1"


async def connect(floor: Floor) -> Result:
    """The session that the executor has opened by now."""
    answer = floor.broker.session()
    if isinstance(answer, Unknown):
        return failed(
            f"{answer.reason}; {floor.read.state.session.detail}",
            "Start the broker's side and let it allow connections (docs/first-day-on-paper.md), then drill again",
        )
    session = answer.value
    figures: dict[str, Json] = {
        "adapter": session.adapter, "server_version": session.server_version, "account": session.account,
        "mode": session.mode.value, "next_session_order_id": str(session.next_session_order_id),
        **_address(floor),
    }  # fmt: skip
    place = f" at {figures['configured_address']}" if "configured_address" in figures else ""
    return ok(
        f"{session.adapter}{place}, server version {session.server_version}, account {session.account}, "
        f"{session.mode.value}", **figures,
    )  # fmt: skip


def _address(floor: Floor) -> dict[str, Json]:
    """Where the adapter was told to connect, if its table names a port."""
    options: Mapping[str, object] = floor.running.parts.home.settings.broker.options
    return (
        {"configured_address": f"{options.get('host', _THIS_MACHINE)}:{options['port']}"} if "port" in options else {}
    )


async def account(floor: Floor) -> Result:
    answer = await floor.answer(floor.broker.account())
    if isinstance(answer, Unknown):
        return unknown(answer.reason, answer.remedy or _ASK_AGAIN)
    found = floor.account = answer.value
    amounts = {name: getattr(found, name) for name in ("equity", "balance", "margin_used", "buying_power")}
    said = ", ".join(f"{name.replace('_', ' ')} {_amount(amount)}" for name, amount in amounts.items())
    figures: dict[str, Json] = {name: optional_number(amount) for name, amount in amounts.items()}
    figures |= {"account": found.account, "mode": found.mode.value, "currency": found.currency}
    wanted = floor.policy.account
    if (found.account, found.mode, found.currency) != (wanted.account, wanted.mode, wanted.currency):
        return failed(
            f"{found.account}, {found.mode.value}, in {found.currency}; configured is {wanted.account}, "
            f"{wanted.mode.value}, in {wanted.currency}", "Log in to the configured account, or correct [account]",
            **figures,
        )  # fmt: skip
    return ok(f"{found.account} in {found.currency}: {said}", **figures)


def _amount(amount: Decimal | None) -> str:
    return _NOT_REPORTED if amount is None else f"{amount:,.2f}"


async def clock(floor: Floor) -> Result:
    """The skew, from the middle of asking: the way there and back is not the clock's."""
    asked_at = floor.clock.now()
    answer = await floor.answer(floor.broker.server_time())
    if isinstance(answer, Unknown):
        return unknown(answer.reason, answer.remedy or _ASK_AGAIN)
    now = floor.clock.now()
    skew_s = Decimal(str(round((answer.value - (asked_at + (now - asked_at) / 2)).total_seconds(), 3)))
    limit_s = floor.policy.limits.clock_skew_max_s
    said = f"the broker's clock is {abs(skew_s)} s {'ahead' if skew_s > 0 else 'behind'}"
    figures: dict[str, Json] = {"skew_s": decimal_text(skew_s), "server_time": instant_text(answer.value)}
    if limit_s is not None and abs(skew_s) > limit_s:
        return failed(f"{said}, allowed is {limit_s} s", "Synchronise this machine's clock", **figures)
    return ok(said, **figures)


async def contract(floor: Floor) -> Result:
    """A configured grid may be coarser than the broker's; one that the broker would refuse contradicts it."""
    instrument = floor.plan.instrument
    answer = await floor.answer(floor.broker.contract(instrument.pair))
    if isinstance(answer, Unknown):
        return unknown(answer.reason, answer.remedy or _ASK_AGAIN)
    known = answer.value
    wrong = contradictions(instrument, known)
    figures: dict[str, Json] = {"pair": instrument.pair, "currency": known.currency}
    figures |= {name: optional_number(getattr(known, name)) for name in ("tick", "min_size", "size_step")}
    if wrong:
        return failed(
            "; ".join(wrong), f"Correct [instruments.{instrument.pair}] in the configuration: phoenix config show",
            **figures,
        )  # fmt: skip
    return ok(
        f"{instrument.pair}: tick {figures['tick']}, smallest size {figures['min_size'] or _NOT_REPORTED}, size step "
        f"{figures['size_step'] or _NOT_REPORTED}, in {known.currency}; the configuration agrees", **figures,
    )  # fmt: skip


async def quote(floor: Floor) -> Result:
    pair = floor.plan.instrument.pair
    answer = await floor.answer(floor.broker.quote(pair))
    remedy = "See that the account has market data for it and the market is open, then drill again"
    if isinstance(answer, Unknown):
        return unknown(answer.reason, answer.remedy or remedy)
    found = floor.quote = answer.value
    age_s = (floor.clock.now() - found.as_of).total_seconds()
    figures: dict[str, Json] = {
        "bid": decimal_text(found.bid), "ask": decimal_text(found.ask), "as_of": instant_text(found.as_of),
        "age_s": f"{age_s:.1f}",
    }  # fmt: skip
    said = f"{pair} {found.bid} / {found.ask}, {age_s:.1f} s old"
    limit_s = floor.policy.limits.quote_age_max_s
    if not ZERO < found.bid <= found.ask:
        return failed(f"{said}: that is no market", remedy, **figures)
    if limit_s is not None and age_s > limit_s:
        return failed(f"{said}, allowed are {limit_s} s", remedy, **figures)
    return ok(said, **figures)


async def books(floor: Floor) -> Result:
    """Every book must answer completely, and the session must have been found in agreement with them."""
    answers = {
        "open orders": await floor.answer(floor.broker.open_orders()),
        "completed orders": await floor.answer(floor.broker.completed_orders()),
        "executions": await floor.answer(floor.broker.executions()),
        "holdings": await floor.answer(floor.broker.holdings()),
    }
    missing = [f"{name}: {answer.reason}" for name, answer in answers.items() if isinstance(answer, Unknown)]
    if missing:
        return unknown("; ".join(missing), _ASK_AGAIN)
    counts = {name: len(answer.value) for name, answer in answers.items() if not isinstance(answer, Unknown)}
    figures: dict[str, Json] = {name.replace(" ", "_"): str(count) for name, count in counts.items()}
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    session = floor.read.state.session
    if not session.is_reconciled:
        return failed(
            f"{said}; entries stay closed: {session.detail}", "phoenix reconcile --now, then phoenix drift list",
            **figures,
        )  # fmt: skip
    return ok(f"all complete: {said}", **figures)
