"""When the heart beats, what goes on record, and what makes each of its checks fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import ClockSkew, LineOutage, Query, QueryUnanswered, SocketDrop, Which
from phoenix.application.simulation import run_now
from phoenix.application.watch import vital_signs as vital
from phoenix.application.watch.vital_signs import Found, checks_of
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.heartbeat import Sign
from phoenix.domain.vocabulary import Action, DecisionKind, KillSource, LegRole, ReconciliationVerdict, Severity
from phoenix.ports.answers import Complete
from phoenix.ports.broker_events import ExecutionReported
from phoenix.rehearsal.world import ACCOUNT, OPERATOR, World
from tests.application.acts import append, decision, registered, say
from tests.application.watch.beating import Beating

ENTRY = Which(role=LegRole.ENTRY)


def degraded(world: World) -> list[str]:
    return [alert.message for alert in world.raised("HEARTBEAT_DEGRADED")]


# --- when -----------------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10_000))
def test_it_beats_every_30_seconds_give_or_take_5(seed: int) -> None:
    beating = Beating(World(seed=seed), seed)
    beats = []
    for _ in range(20):
        beating.beat()
        beats.append(beating.world.now)
    gaps = {(later - earlier).total_seconds() for earlier, later in pairwise(beats)}
    assert min(gaps) >= 25
    assert max(gaps) <= 35
    assert len(gaps) > 10


def test_the_same_seed_beats_at_the_same_instants() -> None:
    def instants(seed: int) -> list[object]:
        beating = Beating(World(), seed)
        beating.live(300)
        return [bead.timestamp for bead in beating.world.beads] + [beating.heart.next_due]

    assert instants(5) == instants(5)
    assert instants(5) != instants(6)


def test_it_does_not_beat_before_it_is_due() -> None:
    beating = Beating(World())
    beating.beat()
    before = beating.heart.beaten_at
    assert not run_now(beating.heart.beat_if_due(beating.world.now))
    assert beating.heart.beaten_at == before


def test_every_beat_asks_the_broker_so_that_the_session_stays_alive() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(QueryUnanswered(query=Query.SERVER_TIME, times=1))
    beating.beat()
    assert beating.signs() == {vital.CONNECTION: Sign.UNKNOWN}
    beating.beat()
    assert beating.signs() == {}


# --- what goes on record --------------------------------------------------------------------------------------------


def test_a_healthy_heart_goes_on_record_at_least_every_ten_minutes_and_no_oftener_than_it_must() -> None:
    beating = Beating(World())
    beating.live(3600)
    instants = [bead.timestamp for bead in beating.world.beads if isinstance(bead.payload, HeartbeatPayload)]
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    assert all(timedelta(minutes=9) < gap <= timedelta(minutes=10) for gap in gaps)
    assert len(gaps) >= 5
    assert {payload.verdict for payload in beating.recorded()} == {"HEALTHY"}
    assert degraded(beating.world) == []


def test_every_change_of_verdict_goes_on_record_and_only_worsening_is_told() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(QueryUnanswered(query=Query.SERVER_TIME, times=2))
    for _ in range(4):
        beating.beat()
    assert [payload.verdict for payload in beating.recorded()] == ["HEALTHY", "DEGRADED", "HEALTHY"]
    (told,) = beating.world.raised("HEARTBEAT_DEGRADED")
    assert told.severity is Severity.WARNING
    assert "does not tell its time" in told.message


def test_another_check_that_fails_is_told_although_the_verdict_stays() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(QueryUnanswered(query=Query.SERVER_TIME))
    beating.beat()
    beating.beat(late=("reconciliation",))
    first, second = degraded(beating.world)
    assert vital.PROCESS not in first
    assert "reconciliation is late" in second
    assert vital.CONNECTION not in second


def test_what_the_last_process_recorded_is_known_to_the_next() -> None:
    beating = Beating(World())
    beating.beat()
    state = EMPTY
    for bead in beating.world.beads:
        state = evolve(state, bead)
    assert state.pulse == beating.world.state.pulse is not None
    another = Beating(beating.world, seed=9)
    another.beat()
    assert len(another.recorded()) == 1


# --- what makes each check fail -------------------------------------------------------------------------------------


def test_a_late_worker_degrades_the_process() -> None:
    beating = Beating(World())
    beating.beat(late=("stall watch",))
    assert beating.signs() == {vital.PROCESS: Sign.DEGRADED}


def test_a_lost_session_degrades_the_connection() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(SocketDrop(beating.world.now + timedelta(seconds=1), None))
    beating.beat()
    assert beating.signs()[vital.CONNECTION] is Sign.DEGRADED


def test_a_line_that_is_down_degrades_the_connection() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(LineOutage(beating.world.now + timedelta(seconds=1), None))
    beating.beat()
    assert beating.signs()[vital.CONNECTION] is Sign.DEGRADED


def test_clocks_that_are_apart_degrade_the_connection() -> None:
    beating = Beating(World())
    beating.world.inject(ClockSkew(skew_s=-6))
    beating.beat()
    assert beating.signs() == {vital.CONNECTION: Sign.DEGRADED}


def test_an_order_that_is_not_answered_is_not_flowing() -> None:
    beating = Beating(registered(faults=[faults.unheard(Which())]))
    beating.world.enter()
    beating.beat()
    assert beating.signs() == {}
    beating.world.wait(61)
    beating.beat()
    assert beating.signs() == {vital.ORDERS: Sign.DEGRADED, vital.STUCK: Sign.DEGRADED}


def test_a_cancel_that_is_not_answered_is_not_flowing() -> None:
    beating = Beating(registered(faults=[faults.ignore_cancel(ENTRY)]))
    position = beating.world.enter(order_type="LIMIT", entry="1.25500", stop="1.25400", target="1.25700")
    beating.world.decide(DecisionKind.CANCEL, position.position_id)
    beating.beat()
    assert beating.signs() == {}
    beating.world.wait(61)
    beating.beat()
    assert beating.signs() == {vital.ORDERS: Sign.DEGRADED}


def test_a_fill_without_its_execution_is_not_updating() -> None:
    which = [faults.partial(ENTRY, Decimal("0.5")), faults.claim_fill(ENTRY, Decimal("0.6"))]
    beating = Beating(registered(faults=which))
    beating.world.enter()
    beating.world.wait(11)
    beating.beat()
    assert beating.signs()[vital.FILLS] is Sign.DEGRADED


def test_books_that_the_broker_does_not_tell_are_not_known() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.inject(QueryUnanswered(query=Query.HOLDINGS))
    beating.world.wait(301)
    beating.beat()
    assert beating.signs() == {vital.RECONCILIATION: Sign.UNKNOWN}


def test_a_comparison_that_is_overdue_is_not_fresh() -> None:
    beating = Beating(World())
    beating.beat()
    beating.world.clock.advance_to(beating.world.now + timedelta(seconds=331))
    beating.world.broker.advance(beating.world.now)
    run_now(beating.heart.beat_if_due(beating.world.now))
    assert beating.signs() == {vital.RECONCILIATION: Sign.DEGRADED}


def test_a_decision_that_nobody_answers_is_stuck() -> None:
    beating = Beating(World())
    append(beating.world, decision(DecisionKind.PASS, "some intent"))
    beating.beat()
    assert beating.signs() == {}
    beating.world.wait(61)
    beating.beat()
    assert beating.signs() == {vital.STUCK: Sign.DEGRADED}


def test_a_timer_that_nobody_looks_at_is_stuck() -> None:
    beating = Beating(registered())
    world, until = beating.world, beating.world.now + timedelta(seconds=60)
    run_now(world.executor.set_kill_flag("fvg-retest", "for a moment", KillSource.MANUAL, OPERATOR, until))
    beating.world.clock.advance_to(beating.world.now + timedelta(seconds=100))
    beating.world.broker.advance(beating.world.now)
    run_now(beating.heart.beat_if_due(beating.world.now))
    assert beating.signs() == {vital.STUCK: Sign.DEGRADED}


def test_an_exit_that_is_not_answered_is_stuck() -> None:
    beating = Beating(registered(faults=[faults.lose(Which(role=LegRole.EXIT))]))
    position = beating.world.enter()
    beating.world.wait(5)
    beating.world.decide(DecisionKind.CLOSE, position.position_id)
    beating.world.approve(str(beating.world.position(position.position_id).actions[-1].intent_id))
    beating.world.wait(61)
    beating.beat()
    assert beating.signs() == {vital.ORDERS: Sign.DEGRADED, vital.STUCK: Sign.DEGRADED}


def test_an_execution_of_nobodys_is_not_updating() -> None:
    world = registered()
    position = world.enter()
    stranger = ExecutionReported(
        "stranger.01", None, None, "900001", ACCOUNT, position.terms.pair, Action.BUY, Decimal(1000), Decimal("1.26"),
        world.now,
    )  # fmt: skip
    say(world, stranger)
    checks = checks_of(world.state, world.policy, fine(world), world.now)
    assert {check.name for check in checks if check.sign is not Sign.OK} == {vital.FILLS}


def test_books_that_were_never_compared_are_not_known() -> None:
    world = World()
    checks = checks_of(world.state, world.policy, replace(fine(world), compared_at=None), world.now)
    assert {check.name: check.sign for check in checks if check.sign is not Sign.OK} == {
        vital.RECONCILIATION: Sign.UNKNOWN
    }


def fine(world: World) -> Found:
    """What a process finds while all is well."""
    return Found(
        world.broker.session(), Complete(world.now, world.now), world.now, ReconciliationVerdict.HEALTHY,
        is_market_open=True, late=(),
    )  # fmt: skip
