"""Decay becomes a bead, and from a score on a warning or a kill flag that only a human lifts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from phoenix.application.simulation import run_now
from phoenix.application.watch.decay_watch import DecayWatch
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.safety import DecayPayload, KillFlagPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.decay import ALL_STRATEGIES, DecayPolicy
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, KillSource
from phoenix.ports.decay import DecayReading, DecaySource
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, World, make_policy
from tests.application.acts import registered


@pytest.fixture
def world() -> World:
    return registered()


def tell(
    world: World, score: Any, subject: str = "fvg-retest", reason: str | None = "win rate fell", **more: Any
) -> None:
    more.setdefault("signer", SYSTEM)
    world.decide(DecisionKind.DECAY, subject, reason=reason, detail={"score": score}, **more)


def alerts(world: World) -> list[str]:
    return [alert.kind for alert in world.raised()]


@pytest.mark.parametrize(
    ("score", "flags", "kinds"),
    [("0.59", 0, []), ("0.6", 0, ["STRATEGY_DECAYS"]), ("0.79", 0, ["STRATEGY_DECAYS"]), ("0.8", 1, ["KILL_FLAG_SET"])],
)
def test_a_score_warns_and_kills_as_the_policy_says(score: str, flags: int, kinds: list[str], world: World) -> None:
    tell(world, score)
    assert [one.score for one in world.payloads(DecayPayload)] == [Decimal(score)]
    assert len(world.state.flags) == flags
    assert alerts(world) == kinds
    assert not world.state.decisions


def test_the_flag_is_signalmans_on_this_strategy_and_blocks_its_entries(world: World) -> None:
    tell(world, "0.9")
    (flag,) = world.state.flags.values()
    assert (flag.source, flag.strategy_id, flag.expires_at) == (KillSource.SIGNALMAN, "fvg-retest", None)
    assert "win rate fell" in flag.reason
    refused = world.signal().refusal
    assert refused is not None
    assert refused.reason == "KILL_FLAG"


def test_a_decay_of_all_strategies_kills_them_all(world: World) -> None:
    tell(world, "1", ALL_STRATEGIES)
    assert [flag.strategy_id for flag in world.state.flags.values()] == [None]


def test_a_second_decay_sets_no_second_flag_and_a_better_score_lifts_none(world: World) -> None:
    for score in ("0.8", "0.95", "0.1"):
        tell(world, score)
    assert len(world.payloads(KillFlagPayload)) == 1
    assert len(world.payloads(DecayPayload)) == 3
    assert len(world.state.flags) == 1


def test_after_a_human_lifted_it_a_later_decay_sets_another(world: World) -> None:
    tell(world, "0.8")
    world.decide(DecisionKind.KILL_LIFT, next(iter(world.state.flags)), signer=OPERATOR, reason="looked into it")
    tell(world, "0.9")
    assert len(world.state.flags) == 1


def test_the_thresholds_are_the_policys() -> None:
    world = registered(policy=make_policy(decay=DecayPolicy(Decimal("0.1"), Decimal("0.2"))))
    tell(world, "0.2")
    assert len(world.state.flags) == 1


@pytest.mark.parametrize(
    ("score", "subject", "reason", "field"),
    [
        ("1.01", "fvg-retest", "r", "score"), ("-0.1", "fvg-retest", "r", "score"), ("NaN", "fvg-retest", "r", "score"),
        (None, "fvg-retest", "r", "score"), ("high", "fvg-retest", "r", "score"), ("0.5", "nobody", "r", "strategy_id"),
        ("0.5", "fvg-retest", None, "reason"), ("0.5", "fvg-retest", "x" * 501, "reason"),
    ],
)  # fmt: skip
def test_a_decay_that_says_nothing_is_refused(
    score: Any, subject: str, reason: str | None, field: str, world: World
) -> None:
    refused = world.refused(lambda: tell(world, score, subject, reason))
    assert isinstance(refused, Refused)
    assert refused.field == field
    assert not world.payloads(DecayPayload)


def test_an_assistant_tells_no_decay(world: World) -> None:
    refused = world.refused(lambda: tell(world, "0.9", signer=ASSISTANT))
    assert isinstance(refused, Refused)
    assert refused.reason == "NOT_ALLOWED"
    assert not world.state.flags


class Said(DecaySource):
    """Says what it was told to, once, and remembers what it was shown."""

    def __init__(self, *readings: DecayReading) -> None:
        self.waiting = list(readings)
        self.seen: list[Bead] = []

    def observe(self, bead: Bead) -> None:
        self.seen.append(bead)

    def readings(self) -> Sequence[DecayReading]:
        said, self.waiting = self.waiting, []
        return said


def test_a_source_is_heard_and_shown_what_it_asked_for(world: World) -> None:
    source = Said(DecayReading("fvg-retest", Decimal("0.85"), "drawdown"))
    watch = DecayWatch(world.container.store(), source, world.executor)
    run_now(watch.turn())
    assert len(world.state.flags) == 1
    run_now(watch.turn())
    assert [type(bead.payload) for bead in source.seen] == [DecayPayload]


def test_a_reading_that_is_refused_is_on_record_and_stops_nothing(world: World) -> None:
    source = Said(DecayReading("nobody", Decimal("0.9"), "x"), DecayReading("fvg-retest", Decimal("0.9"), "x"))
    run_now(DecayWatch(world.container.store(), source, world.executor).turn())
    assert [one.subject_kind for one in world.payloads(RefusalPayload)] == ["DECAY"]
    assert len(world.state.flags) == 1
