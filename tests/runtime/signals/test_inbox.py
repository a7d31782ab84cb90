"""The inbox folder: each document once, whole, answered; sudden death between any two steps changes nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from phoenix.adapters.files import read_file
from phoenix.adapters.yaml_notation import read_yaml
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX, Reader, read_json
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.errors import StoreUnavailable
from phoenix.runtime.faults.points import FaultPoints
from phoenix.runtime.saying import silently
from phoenix.runtime.signals.handing_in import answer_to, hand_in
from phoenix.runtime.signals.inbox import Inbox
from phoenix.runtime.signals.notations import Notation


class Died(BaseException):
    """Stands for kill -9 at a point."""


class DyingAt(FaultPoints):
    def __init__(self, point: str | None) -> None:
        super().__init__()
        self.point = point

    def reach(self, *points: str) -> None:
        if self.point in points:
            raise Died


class Intake:
    """Takes in documents as the executor does: once by content, refusing what says so."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.readers: list[Reader] = []

    async def __call__(self, document: bytes, *, read: Reader) -> SignalOutcome:
        self.readers.append(read)
        repeat = document in self.seen
        if not repeat:
            self.seen.append(document)
        if document.startswith(b"bad"):
            return SignalOutcome("", refusal=Refused(RefusalReason.MALFORMED, "document", "bad", "Send a good one"))
        return SignalOutcome("S", "I", "P", is_repeat=repeat)


def pick_up(folder: Path, intake: Intake, point: str | None = None) -> None:
    asyncio.run(Inbox(folder, intake, DyingAt(point), silently).pick_up())


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_document_is_put_away_with_its_answer(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"good")
    (tmp_path / "b.json").write_bytes(b"bad")
    pick_up(tmp_path, Intake())
    assert names(tmp_path) == {
        "accepted/a.json", "accepted/a.answer.json", "refused/b.json", "refused/b.answer.json"
    }  # fmt: skip
    accepted = json.loads((tmp_path / "accepted" / "a.answer.json").read_text())
    assert (accepted["outcome"], accepted["intent_id"]) == ("PROPOSED", "I")
    refused = json.loads((tmp_path / "refused" / "b.answer.json").read_text())
    assert refused["refusal"] == {
        "reason": "MALFORMED", "field": "document", "detail": "bad", "remedy": "Send a good one"
    }  # fmt: skip


def test_what_is_not_finished_is_left_alone(tmp_path: Path) -> None:
    for name in ("a.json.tmp", ".b.json", "c.txt"):
        (tmp_path / name).write_bytes(b"half")
    intake = Intake()
    pick_up(tmp_path, intake)
    assert intake.seen == []
    assert names(tmp_path) == {"a.json.tmp", ".b.json", "c.txt"}


def test_a_document_that_is_too_long_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"x" * (DOCUMENT_BYTES_MAX + 1))
    intake = Intake()
    pick_up(tmp_path, intake)
    assert intake.seen == []
    assert "refused/a.json" in names(tmp_path)


def test_a_document_that_cannot_be_read_is_refused_and_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"good")

    def forbidden(path: Path, length: int) -> bytes:
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied")
        return read_file(path, length)

    monkeypatch.setattr("phoenix.runtime.signals.inbox.read_file", forbidden)
    pick_up(tmp_path, Intake())
    assert {"refused/a.json", "accepted/b.json"} < names(tmp_path)
    assert "Permission denied" in (tmp_path / "refused" / "a.answer.json").read_text()


def test_a_document_that_was_taken_back_holds_up_nothing(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"good")

    class TakenBack(FaultPoints):
        def reach(self, *points: str) -> None:
            (tmp_path / "a.json").unlink(missing_ok=True)

    asyncio.run(Inbox(tmp_path, Intake(), TakenBack(), silently).pick_up())
    assert names(tmp_path) == {"accepted/b.json", "accepted/b.answer.json"}


def test_a_name_too_long_for_its_answer_is_shortened(tmp_path: Path) -> None:
    for letter in "ab":
        (tmp_path / f"{'n' * 249}{letter}.json").write_bytes(letter.encode())
    pick_up(tmp_path, Intake())
    kept = sorted(path.name for path in (tmp_path / "accepted").iterdir())
    assert [name.endswith(".answer.json") for name in kept].count(True) == 2
    assert len(kept) == 4


def test_folders_that_were_removed_are_made_again(tmp_path: Path) -> None:
    folder, intake = tmp_path / "inbox", Intake()
    inbox = Inbox(folder, intake, DyingAt(None), silently)
    for number in range(2):
        asyncio.run(inbox.pick_up())
        (folder / "a.json").write_bytes(b"%d" % number)
        asyncio.run(inbox.pick_up())
        shutil.rmtree(folder)
    assert intake.seen == [b"0", b"1"]


def test_a_folder_that_cannot_be_worked_in_is_told_of_once(tmp_path: Path) -> None:
    said: list[str] = []
    folder = tmp_path / "inbox"
    folder.write_text("no folder")
    inbox = Inbox(folder, Intake(), DyingAt(None), said.append)
    for _ in range(3):
        asyncio.run(inbox.pick_up())
    [line] = said
    assert "no signals are picked up" in line


def test_a_document_that_cannot_be_put_away_is_taken_in_once(tmp_path: Path) -> None:
    """Each time that it is refused is on record; one that comes round and round would fill the store."""
    (tmp_path / "accepted" / "a.answer.json").mkdir(parents=True)
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(name.encode())
    said: list[str] = []
    intake = Intake()
    inbox = Inbox(tmp_path, intake, DyingAt(None), said.append)
    for _ in range(3):
        asyncio.run(inbox.pick_up())
    assert len(intake.readers) == 2
    assert {"processing/a.json", "accepted/b.json"} < names(tmp_path)
    [line] = said
    assert "its answer could not be left" in line


def test_a_name_that_comes_again_keeps_what_came_before(tmp_path: Path) -> None:
    for content in (b"one", b"two", b"two"):
        (tmp_path / "a.json").write_bytes(content)
        pick_up(tmp_path, Intake())
    kept = [path.read_bytes() for path in (tmp_path / "accepted").glob("a*.json") if "answer" not in path.name]
    assert sorted(kept) == [b"one", b"two"]


def test_the_ending_of_a_name_tells_the_notation(tmp_path: Path) -> None:
    for name in ("a.json", "b.yaml", "c.yml"):
        (tmp_path / name).write_bytes(name.encode())
    intake = Intake()
    pick_up(tmp_path, intake)
    assert intake.readers == [read_json, read_yaml, read_yaml]
    assert names(tmp_path) == {
        "accepted/a.json", "accepted/a.answer.json", "accepted/b.yaml", "accepted/b.answer.json", "accepted/c.yml",
        "accepted/c.answer.json",
    }  # fmt: skip


def test_documents_of_one_name_in_two_notations_keep_their_answers_apart(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"one")
    (tmp_path / "a.yaml").write_bytes(b"two")
    pick_up(tmp_path, Intake())
    assert len([name for name in names(tmp_path) if name.endswith(".answer.json")]) == 2
    assert len(names(tmp_path)) == 4


def test_what_is_handed_in_is_seen_whole_and_its_answer_found(tmp_path: Path) -> None:
    place = hand_in(tmp_path, "one", b"bad", Notation.YAML)
    assert (place.name, place.read_bytes()) == ("one.yaml", b"bad")
    assert answer_to(tmp_path, "one") is None
    pick_up(tmp_path, Intake())
    answer = answer_to(tmp_path, "one")
    assert answer is not None
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.refusal.detail) == (RefusalReason.MALFORMED, "bad")
    hand_in(tmp_path, "two", b"good", Notation.JSON)
    pick_up(tmp_path, Intake())
    assert answer_to(tmp_path, "two") == SignalOutcome("S", "I", "P")


def test_an_inbox_that_is_not_there_is_no_silence(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nothing was recorded"):
        hand_in(tmp_path / "missing", "one", b"bad", Notation.JSON)


@pytest.mark.parametrize(
    "point",
    [
        f"inbox.{step}.{moment}"
        for step in ("pick_up", "ingest", "answer", "put_away")
        for moment in ("before", "after")
    ],
)
@pytest.mark.parametrize("content", [b"good", b"bad"])
def test_dying_at_any_step_neither_loses_nor_repeats_a_signal(tmp_path: Path, point: str, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    intake = Intake()
    with pytest.raises(Died):
        pick_up(tmp_path, intake, point)
    pick_up(tmp_path, intake)
    folder = "accepted" if content == b"good" else "refused"
    assert intake.seen == [content]
    assert names(tmp_path) == {f"{folder}/a.json", f"{folder}/a.answer.json"}
