"""The drill's way through the T2 gate: a signal like any other, a human's approval of it, one send."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import orjson

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidTransition, InvalidValue
from phoenix.domain.numbers import decimal_text
from phoenix.domain.refusals import Refused, as_refused
from phoenix.domain.sizing import Rate
from phoenix.domain.vocabulary import AccountMode, DecisionKind, PositionState
from phoenix.ports.answers import Complete
from phoenix.runtime.drill.bracket import drill_signal
from phoenix.runtime.drill.floor import Floor
from phoenix.runtime.drill.plan import STRATEGY, TYPED_LIMIT_S
from phoenix.runtime.drill.steps import Result, Verdict, failed, not_done, ok
from phoenix.runtime.readings.outcomes import outcome_of_decision
from phoenix.runtime.readings.reviews import Review

NO_PROOF_HERE = (
    "a paper account's orders are approved with a passkey in the web console, which this Phoenix does not have yet"
)
NOT_CONFIRMED = "nobody approved it: nothing was sent, and the proposal was dropped"
_WHY = "a drill"

Told: TypeAlias = Callable[[Floor, DecisionPayload], Result]
"""Tells what came of an approval that was not refused."""


async def gate(floor: Floor) -> Result:
    """Propose the bracket, have it approved, and see it sent. On a paper account only the review can be shown."""
    try:
        review = await _proposed(floor)
        floor.position_id = review.position.position_id
        floor.approver.show(review, floor.quote)
        if floor.policy.account.mode is not AccountMode.SIMULATOR:
            await drop(floor, review.intent_id)
            return not_done(
                f"{NO_PROOF_HERE}. The review was shown and the proposal dropped; nothing was sent",
                "The connection is proven up to here. Use a simulator account to see the whole drill",
            )
        return await approved(floor, review, _sent)
    except (Refused, InvalidValue, InvalidTransition) as refusal:
        await _drop_what_waits(floor)
        return refused(refusal)


async def approved(floor: Floor, review: Review, told: Told) -> Result:
    """Have a review approved by a human, carry the approval out, and tell what came of it."""
    proof = await floor.attended(floor.approver.proof(review, TYPED_LIMIT_S))
    if proof is None:
        await drop(floor, review.intent_id)
        return not_done(NOT_CONFIRMED, "Drill again, and approve it")
    seq = floor.running.parts.store.head().seq
    decision = await floor.decide(
        DecisionKind.APPROVE, review.intent_id, _WHY, evidence_hash=review.bundle_hash, proof=proof
    )
    outcome = outcome_of_decision(floor.running.parts.store, decision, seq)
    if outcome is not None and outcome.refusal is not None:
        return refused(outcome.refusal)
    return told(floor, decision)


def refused(refusal: Refused | InvalidValue | InvalidTransition) -> Result:
    """What a rule said no to, with its own remedy."""
    found = as_refused(refusal)
    return Result(Verdict.FAILED, f"refused, {found.reason.value} {found.field}: {found.detail}", found.remedy,
                  {"reason": found.reason.value, "field": found.field}, found)  # fmt: skip


async def _proposed(floor: Floor) -> Review:
    """The drill's strategy registered, its signal taken in, its review. Raises Refused and InvalidValue."""
    executor, ids = floor.running.executor, floor.running.parts.ids
    if STRATEGY not in executor.state.strategies:
        await executor.register_strategy(
            STRATEGY, "Drills: round trips that prove the connection", floor.approver.signer
        )
    rates = await _rates(floor)
    assert floor.account is not None, "the step that asks for it came to OK"
    assert floor.quote is not None, "the step that asks for it came to OK"
    document = drill_signal(
        floor.plan, floor.policy, floor.account, floor.quote, rates, floor.clock.now(), ids.new_id()
    )  # fmt: skip
    outcome = await executor.ingest(orjson.dumps(document), floor.approver.signer)
    if outcome.refusal is not None:
        raise outcome.refusal
    found = floor.read.review(outcome.intent_id)
    assert isinstance(found, Review), "a signal proposes an entry"
    return found


async def _rates(floor: Floor) -> list[Rate]:
    answers = [await floor.answer(floor.broker.quote(pair)) for pair in sorted(floor.policy.instruments)]
    quotes = [answer.value for answer in answers if isinstance(answer, Complete)]
    return [Rate(quote.pair, quote.mid, quote.as_of) for quote in quotes]


def _sent(floor: Floor, _: DecisionPayload) -> Result:
    position = floor.position
    state = "none" if position.state is None else position.state.value
    terms = position.terms
    figures: dict[str, Json] = {
        "position_id": position.position_id, "intent_id": position.intent_id, "token_id": position.token_id,
        "order_group_id": position.order_group_id, "quantity": decimal_text(terms.quantity), "state": state,
    }  # fmt: skip
    if position.order_group_id is None or position.state in (PositionState.PROPOSED, PositionState.APPROVED):
        return failed(f"approved, and not sent: the position is {state}", "phoenix positions show", **figures)
    return ok(
        f"{terms.side.value} {decimal_text(terms.quantity)} {terms.pair}, entry {terms.entry_price}, stop "
        f"{terms.stop_price}, target {terms.target_price}: approved, token used, claim redeemed, sent once", **figures,
    )  # fmt: skip


async def drop(floor: Floor, intent_id: str) -> None:
    """Pass on what nobody approved, so that nothing is left waiting."""
    await floor.decide(DecisionKind.PASS, intent_id, "the drill went no further")


async def _drop_what_waits(floor: Floor) -> None:
    if floor.position_id and floor.position.state is PositionState.PROPOSED:
        await drop(floor, floor.position.intent_id)
