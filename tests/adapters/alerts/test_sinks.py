"""Alert sinks raise nothing and lose nothing quietly."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from phoenix.adapters.alerts import FileSink, RecordingSink
from phoenix.adapters.alerts import file as file_sink
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity


def alert(name: str) -> AlertPayload:
    return AlertPayload(name, AlertEvent.RAISED, Severity.CRITICAL, "POSITION_STALLED", name, "look", "stalled.md")


def names_in(path: Path) -> list[str]:
    return [orjson.loads(line)["alert_id"] for line in path.read_bytes().splitlines()]


def test_a_recording_sink_keeps_the_order() -> None:
    sink = RecordingSink()
    for name in "ba":
        sink.deliver(alert(name))
    assert [kept.alert_id for kept in sink.delivered] == ["b", "a"]


def test_a_file_sink_appends_a_line_for_each_alert(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    FileSink(path).deliver(alert("a"))
    FileSink(path).deliver(alert("b"))
    assert names_in(path) == ["a", "b"]


def test_a_file_sink_tells_of_a_failure_and_tries_again(tmp_path: Path) -> None:
    path = tmp_path / "not yet" / "alerts.jsonl"
    sink = FileSink(path)
    sink.deliver(alert("a"))
    assert sink.failure is not None
    assert "No such file" in sink.failure
    path.parent.mkdir()
    sink.deliver(alert("b"))
    assert names_in(path) == ["a", "b"]
    assert sink.failure is None
    assert sink.lost == 0


def test_a_file_sink_keeps_the_newest_when_too_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_sink, "WAITING_MAX", 2)
    path = tmp_path / "not yet" / "alerts.jsonl"
    sink = FileSink(path)
    for name in "abc":
        sink.deliver(alert(name))
    path.parent.mkdir()
    sink.deliver(alert("d"))
    assert names_in(path) == ["b", "c", "d"]
    assert sink.lost == 1
