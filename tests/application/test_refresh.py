"""A refresh sizes a proposal anew: what was approved before it no longer counts, what is sent is what it shows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from phoenix.domain.beads.setup import EvidencePayload, IntentPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.evidence import bundle_hash, entry_order_hash
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.rehearsal.world import World
from tests.application.acts import reason_of, registered


def with_a_size_that_moved() -> tuple[World, Position]:
    """A proposal, and an equity that another position has changed since it was sized."""
    world = registered()
    outcome = world.signal(risk_percent="0.5")
    world.enter(risk_percent="0.5")
    world.wait(2)
    world.price("1.26150")
    assert outcome.position_id is not None
    return world, world.position(outcome.position_id)


def refreshed(world: World, before: Position) -> Position:
    world.decide(DecisionKind.REFRESH, before.intent_id)
    return world.position(before.position_id)


def test_a_refresh_sizes_the_same_proposal_anew() -> None:
    world, before = with_a_size_that_moved()
    after = refreshed(world, before)
    assert after.state is PositionState.PROPOSED
    assert after.terms == replace(before.terms, quantity=after.terms.quantity)
    assert after.terms.quantity > before.terms.quantity
    assert len(world.payloads(IntentPayload)) == 2


def test_the_new_evidence_is_of_the_new_quantity() -> None:
    world, before = with_a_size_that_moved()
    after = refreshed(world, before)
    evidence = world.payloads(EvidencePayload)[-1]
    assert evidence.entry == after.terms
    assert evidence.order_hash == entry_order_hash(after.terms)
    assert evidence.bundle_hash == bundle_hash(evidence.bundle)
    assert after.binding is not None
    assert before.binding is not None
    assert after.binding.bundle_hash == evidence.bundle_hash != before.binding.bundle_hash
    assert after.binding.order_hash == evidence.order_hash != before.binding.order_hash


def test_the_old_evidence_can_no_longer_be_approved() -> None:
    world, before = with_a_size_that_moved()
    refreshed(world, before)
    assert before.binding is not None
    old = before.binding.bundle_hash
    refusal = world.refused(lambda: world.approve(before.intent_id, evidence_hash=old))
    assert reason_of(refusal) is RefusalReason.STALE_EVIDENCE


def test_what_is_sent_is_the_new_quantity() -> None:
    world, before = with_a_size_that_moved()
    after = refreshed(world, before)
    world.approve(before.intent_id)
    world.wait(2)
    [plan] = [o.plan for o in world.payloads(OrderPayload) if o.plan is not None and o.intent_id == before.intent_id]
    assert {leg.quantity for leg in plan.legs} == {after.terms.quantity}
    opened = world.position(before.position_id)
    assert opened.open_quantity == after.terms.quantity
    assert opened.partial_fill_ratio == Decimal(1)
    assert not world.history().findings


def test_a_refresh_takes_over_the_rate_it_shows() -> None:
    world, before = with_a_size_that_moved()
    refreshed(world, before)
    evidence = world.payloads(EvidencePayload)[-1]
    assert evidence.money_rule == world.position(before.position_id).money_rule
