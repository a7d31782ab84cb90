"""A folder of signals is read in the order of their times, and no file of it is lost on the way."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from phoenix.domain.errors import InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.domain.vocabulary import RefusalReason
from phoenix.rehearsal.signals import MONDAY, signal_document
from phoenix.replay.signal_files import common_pair, read_folder


def keep(folder: Path, name: str, document: dict[str, Any]) -> None:
    (folder / name).write_text(json.dumps(document))


def test_signals_come_in_the_order_of_their_times_then_names(tmp_path: Path) -> None:
    keep(tmp_path, "a.json", signal_document(number=1, at=MONDAY + timedelta(hours=1)))
    keep(tmp_path, "c.json", signal_document(number=2))
    keep(tmp_path, "b.json", signal_document(number=3))
    assert [file.name for file in read_folder(tmp_path)] == ["b.json", "c.json", "a.json"]


def test_a_file_that_holds_no_signal_stays_in_as_its_refusal(tmp_path: Path) -> None:
    keep(tmp_path, "good.json", signal_document())
    (tmp_path / "bad.json").write_text("{")
    bad, good = read_folder(tmp_path)
    assert isinstance(good.reading, Signal)
    assert isinstance(bad.reading, Refused)
    assert bad.reading.reason is RefusalReason.MALFORMED
    assert bad.signal_id is None


def test_a_refused_document_keeps_the_id_it_claims(tmp_path: Path) -> None:
    keep(tmp_path, "bad.json", signal_document(number=5, evidence_hash="0" * 64))
    (bad,) = read_folder(tmp_path)
    assert isinstance(bad.reading, Refused)
    assert bad.reading.reason is RefusalReason.EVIDENCE_MISMATCH
    assert bad.signal_id == signal_document(number=5)["signal_id"]


def test_a_file_of_any_size_is_read_no_further_than_a_signal_can_be_long(tmp_path: Path) -> None:
    (tmp_path / "huge.json").write_bytes(b'{"a": "' + b"x" * 5_000_000 + b'"}')
    (huge,) = read_folder(tmp_path)
    assert isinstance(huge.reading, Refused)
    assert len(huge.document) < 100_000


def test_a_folder_without_signals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="holds no"):
        read_folder(tmp_path)


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InvalidValue, match=r"folder\.json"):
        read_folder(tmp_path)


def test_the_pair_of_a_replay_is_the_one_most_signals_are_for(tmp_path: Path) -> None:
    keep(tmp_path, "a.json", signal_document(number=1, pair="USDJPY"))
    keep(tmp_path, "b.json", signal_document(number=2, pair="GBPUSD"))
    keep(tmp_path, "c.json", signal_document(number=3, pair="USDJPY"))
    assert common_pair(read_folder(tmp_path)) == "USDJPY"


def test_without_any_signal_the_pair_has_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InvalidValue, match="--pair"):
        common_pair(read_folder(tmp_path))
