"""Steps about signal documents: the paths they come by, the same one again, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from pytest_bdd import given, parsers, then, when

from phoenix.application.signals.cse import read_signal
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.simulation import run_now
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload, RefusalPayload, SignalPayload
from phoenix.domain.encoding import content_hash
from phoenix.domain.order_plan import action_of
from phoenix.domain.refusals import Refused
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.signals import signal_document
from phoenix.replay.signal_files import read_folder
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.specs.steps.gate import paper_account

MARK = "the value under test"
PATHS = (
    r"(?P<path>as bytes|as text|with its fields in other order|through another process|from a folder of files|"
    r"on a paper account)"
)


def changed(path: str, value: Any) -> dict[str, Any]:
    """A valid document with one field set to a value."""
    document = signal_document()
    *parents, last = path.split(".")
    inner = document
    for step in parents:
        inner = inner[step]
    inner[last] = value
    return document


def hand_in(scene: Scene, raw: bytes | str) -> None:
    """Hand a document to the executor, and keep it to hand it in again."""
    scene.notes["document"] = raw
    scene.signalled(run_now(scene.world.executor.ingest(raw)))


# --- by which path --------------------------------------------------------------------------------------------------


def _as_bytes(scene: Scene, document: dict[str, Any], _: Path) -> SignalOutcome:
    return run_now(scene.world.executor.ingest(orjson.dumps(document)))


def _as_text(scene: Scene, document: dict[str, Any], _: Path) -> SignalOutcome:
    return run_now(scene.world.executor.ingest(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()))


def _turned(scene: Scene, document: dict[str, Any], _: Path) -> SignalOutcome:
    return run_now(scene.world.executor.ingest(orjson.dumps(dict(reversed(document.items())))))


def _elsewhere(scene: Scene, document: dict[str, Any], _: Path) -> SignalOutcome:
    leave_in_inbox(scene, document)
    run_now(scene.world.executor.catch_up())
    return _outcome_on_record(scene, document["signal_id"])


def _from_folder(scene: Scene, document: dict[str, Any], folder: Path) -> SignalOutcome:
    (folder / "signal.json").write_bytes(orjson.dumps(document))
    (file,) = read_folder(folder)
    return run_now(scene.world.executor.ingest(file.document))


def _on_paper(scene: Scene, document: dict[str, Any], folder: Path) -> SignalOutcome:
    paper_account(scene)
    return _as_bytes(scene, document, folder)


_BY: dict[str, Callable[[Scene, dict[str, Any], Path], SignalOutcome]] = {
    "as bytes": _as_bytes,
    "as text": _as_text,
    "with its fields in other order": _turned,
    "through another process": _elsewhere,
    "from a folder of files": _from_folder,
    "on a paper account": _on_paper,
}


def leave_in_inbox(scene: Scene, document: dict[str, Any]) -> None:
    """The bead of a signal that another process took in, well-formed or not."""
    pair, strategy_id = document["pair"], document["strategy_id"]
    payload = SignalPayload(document["signal_id"], strategy_id, pair, content_hash(document), document)
    append_as_another_process(scene.world, payload)


def _outcome_on_record(scene: Scene, signal_id: str) -> SignalOutcome:
    for intent in scene.world.payloads(IntentPayload):
        if intent.signal_id == signal_id:
            return SignalOutcome(signal_id, intent.intent_id, intent.position_id)
    refusal = next(one for one in scene.world.payloads(RefusalPayload) if one.signal_id == signal_id)
    return SignalOutcome(signal_id, refusal=Refused(refusal.reason, refusal.field, refusal.detail, refusal.remedy))


@when(parsers.re(rf"a signal to buy GBPUSD comes {PATHS}"))
def comes_by(scene: Scene, path: str, tmp_path: Path) -> None:
    scene.signalled(_BY[path](scene, signal_document(), tmp_path))


@when(parsers.re(rf"a malformed signal comes {PATHS}"))
def malformed_comes_by(scene: Scene, path: str, tmp_path: Path) -> None:
    scene.signalled(_BY[path](scene, changed("confidence", "1.5"), tmp_path))
    assert scene.take_refused().field == "confidence"


@given("a malformed signal came in through another process and was not looked at yet")
def malformed_in_inbox(scene: Scene) -> None:
    leave_in_inbox(scene, {**changed("confidence", "1.5"), "signal_id": "00000000-0000-0000-0000-0000000000bb"})


@given("a signal with its entry at 1.260001 came in through another process and was not looked at yet")
def off_grid_in_inbox(scene: Scene) -> None:
    leave_in_inbox(scene, changed("parameters.entry", "1.260001"))


# --- once more ------------------------------------------------------------------------------------------------------


@given("a signal of the unknown strategy breakout was refused")
def of_unknown_strategy(scene: Scene) -> None:
    hand_in(scene, orjson.dumps(changed("strategy_id", "breakout")))
    scene.take_refused()


@given("the strategy breakout is registered afterwards")
def registered_afterwards(scene: Scene) -> None:
    scene.world.register("breakout")


@given("a signal whose confidence is 1.5 was refused")
def confidence_refused(scene: Scene) -> None:
    hand_in(scene, orjson.dumps(changed("confidence", 1.5)))
    scene.take_refused()


@when("the same signal arrives again")
def same_again(scene: Scene) -> None:
    hand_in(scene, scene.notes.get("document", orjson.dumps(signal_document())))


@when("the same signal arrives again with its fields in other order")
def same_again_turned(scene: Scene) -> None:
    hand_in(scene, orjson.dumps(dict(reversed(signal_document().items()))))


@when("a signal arrives under the same id with a target at 1.26300")
def other_content(scene: Scene) -> None:
    hand_in(scene, orjson.dumps(changed("parameters.target", "1.26300")))


# --- what is wrong --------------------------------------------------------------------------------------------------


@when(parsers.re(r"a signal arrives whose (?P<field>[\w.]+) is (?P<value>.+)"))
def with_value(scene: Scene, field: str, value: str) -> None:
    document = orjson.dumps(changed(field, MARK)).decode()
    hand_in(scene, document.replace(f'"{MARK}"', value))


@when(parsers.re(r"a signal arrives without its (?P<field>[\w.]+)"))
def without_field(scene: Scene, field: str) -> None:
    document = changed(field, MARK)
    *parents, last = field.split(".")
    inner = document
    for step in parents:
        inner = inner[step]
    del inner[last]
    hand_in(scene, orjson.dumps(document))


@when(parsers.re(r"a signal arrives with a stop at (?P<stop>[\d.]+) and a target at (?P<target>[\d.]+)"))
def with_prices(scene: Scene, stop: str, target: str) -> None:
    hand_in(scene, orjson.dumps(signal_document(stop=stop, target=target)))


@when(phrase("a document arrives that is {what}"))
def document_that_is(scene: Scene, what: str) -> None:
    hand_in(scene, _DOCUMENTS[what])


def _nested(levels: int) -> dict[str, Any]:
    return {} if levels == 0 else {"deep": _nested(levels - 1)}


_VALID = orjson.dumps(signal_document())
_DOCUMENTS: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"buy GBPUSD",
    "a list": b"[" + _VALID + b"]",
    "not UTF-8": _VALID.replace(b"FVG_RETEST", b"\xff\xfe"),
    "larger than 65536 bytes": _VALID + b" " * 65_536,
    "a signal with its confidence twice": b'{"confidence":"0.5",' + _VALID[1:],
    "a signal with evidence 17 levels deep": orjson.dumps(changed("evidence", _nested(16))),
}


# --- Then -----------------------------------------------------------------------------------------------------------


@then(parsers.re(
    r"the proposal is to (?P<action>buy|sell) (?P<quantity>\d+) GBPUSD at (?P<entry>[\d.]+), "
    r"stop (?P<stop>[\d.]+), target (?P<target>[\d.]+)"
))  # fmt: skip
def proposal_is(scene: Scene, action: str, quantity: str, entry: str, stop: str, target: str) -> None:
    terms = scene.position().terms
    prices = (f"{terms.entry_price:.5f}", f"{terms.stop_price:.5f}", f"{terms.target_price:.5f}")
    assert (action_of(terms.side).value.lower(), str(terms.quantity), prices) == (
        action, quantity, (entry, stop, target)
    )  # fmt: skip


@then("the signal is kept under the hash of its content")
def kept_under_hash(scene: Scene) -> None:
    (kept,) = scene.world.payloads(SignalPayload)
    assert kept.content_hash == read_signal(signal_document()).content_hash == content_hash(kept.document)


@then("it answers the same proposal")
def same_proposal(scene: Scene) -> None:
    first, again = scene.proposals[-2], scene.proposals[-1]
    assert again.is_repeat
    assert (again.intent_id, again.position_id) == (first.intent_id, first.position_id)


@then(parsers.re(r"the evidence warns that (?P<warning>reward/risk is [\d.]+)"))
def evidence_warns(scene: Scene, warning: str) -> None:
    bundle = scene.world.payloads(EvidencePayload)[-1].bundle
    assert isinstance(bundle, dict)
    assert warning in str(bundle["warnings"]), bundle
