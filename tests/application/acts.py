"""What tests of the core do to a world beside what people do: other processes' beads, the broker's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from uuid import UUID

from phoenix.application.alerts import AlertKind
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Bead, Payload, Signer
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.errors import DomainError
from phoenix.domain.position import LegState
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, KillSource, LegRole, RefusalReason
from phoenix.ports.broker_events import BrokerEvent
from phoenix.ports.store import Proposal
from phoenix.rehearsal.world import OPERATOR, TRADER, World

_NUMBERS = count(0xD0000)


def registered(**settings: object) -> World:
    """A world that knows the strategy of the made-up signals."""
    world = World(**settings)  # type: ignore[arg-type]
    world.register()
    return world


def decision(
    kind: DecisionKind, subject_id: str, evidence_hash: str | None = None, detail: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> DecisionPayload:  # fmt: skip
    """A decision with an id of its own and the simulator's proof."""
    decision_id = str(UUID(int=next(_NUMBERS)))
    return DecisionPayload(decision_id, kind, subject_id, evidence_hash, reason, detail or {}, {"kind": "SIMULATED"})


def append(world: World, *payloads: Payload, signer: Signer = TRADER) -> None:
    """Another process appends beads; the executor has not seen them yet."""
    for payload in payloads:
        bead = Bead(world.ids.new_id(), payload, signer, world.now, None)
        world.container.store().transact(lambda _, bead=bead: Proposal([bead], None))  # type: ignore[misc]


def approval_of(world: World, outcome: SignalOutcome) -> DecisionPayload:
    """The approval of what is shown of a proposal right now."""
    assert outcome.intent_id is not None, outcome.refusal
    return decision(DecisionKind.APPROVE, outcome.intent_id, world.evidence_hash(outcome.intent_id))


def say(world: World, *events: BrokerEvent) -> None:
    """The broker says something, and the core takes it in."""
    for event in events:
        world.container.events()(event)
    run_now(world.executor.pump())


def kill(world: World, strategy_id: str | None = None) -> str:
    return run_now(world.executor.set_kill_flag(strategy_id, "made up", KillSource.MANUAL, OPERATOR))


def lift(world: World, flag_id: str) -> None:
    world.decide(DecisionKind.KILL_LIFT, flag_id, signer=OPERATOR, reason="over")


def leg(world: World, position_id: str, role: LegRole) -> LegState:
    """The newest order of a position in a role."""
    return [leg for leg in world.position(position_id).legs if leg.leg.role is role][-1]


def alerts(world: World, kind: AlertKind) -> list[AlertPayload]:
    return world.raised(kind.value)


def refusals(world: World, reason: RefusalReason) -> list[RefusalPayload]:
    return [refusal for refusal in world.payloads(RefusalPayload) if refusal.reason is reason]


def reason_of(error: DomainError) -> RefusalReason:
    assert isinstance(error, Refused), repr(error)
    return error.reason


def received(world: World) -> Sequence[str]:
    """The references of the orders that the broker received, in order."""
    return [str(record["reference"]) for record in world.ledger("ORDER_RECEIVED")]
