"""Steps about what the beads tell of a token, and which beads were written together."""

from __future__ import annotations

from datetime import timedelta

from pytest_bdd import given, then

from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.tokens import secret_hash
from phoenix.domain.vocabulary import DecisionKind
from phoenix.rehearsal.world import TRADER
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.specs.steps.others import CommitLog
from tests.specs.steps.tokens import show, token_of


@given("every commit is watched")
def commits_watched(scene: Scene) -> None:
    scene.prepare(store_factory=CommitLog)


@given("the token of the proposal was shown again")
def was_shown_again(scene: Scene) -> None:
    show(scene, token_of(scene, -1), scene.intent())
    scene.take_refusal()


def _issued(scene: Scene) -> TokenPayload:
    return scene.world.tokens(scene.intent())[0]


@then("its token names the trader, their decision and the evidence they saw")
def token_names(scene: Scene) -> None:
    issued, decision = _issued(scene), scene.world.payloads(DecisionPayload)[-1]
    shown = scene.world.payloads(EvidencePayload)[-1]
    assert issued.approver == TRADER.identity
    assert (issued.decision_id, decision.kind) == (decision.decision_id, DecisionKind.APPROVE)
    assert issued.evidence_hash == decision.evidence_hash == shown.bundle_hash


@then(phrase("its token expires {time:Minutes} minutes after it was issued"))
def token_expires(scene: Scene, time: timedelta) -> None:
    issued = _issued(scene)
    assert issued.issued_at == scene.world.now
    assert issued.expires_at == scene.world.now + time


@then("the secret of the token stands in no bead")
def secret_in_no_bead(scene: Scene) -> None:
    secret = scene.tokens[-1].secret
    assert len(bytes.fromhex(secret)) == 32
    assert _issued(scene).secret_hash == secret_hash(secret)
    assert not any(secret.encode() in sealed.body for sealed in scene.world.container.store().read())


@then(phrase("one commit holds {titles}"))
def one_commit_holds(scene: Scene, titles: str) -> None:
    log, wanted = scene.world.container.store(), titles.split(", ")
    assert isinstance(log, CommitLog)
    assert any(set(wanted) <= set(commit) for commit in log.commits), log.commits
