"""Bars are taken whole or refused by file, line and field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from phoenix.adapters.market.bars import LINE_LENGTH_MAX, load_bars, read_side
from phoenix.adapters.market.minute_bar import MinuteBar
from phoenix.domain.errors import InvalidValue

HEADER = "timestamp,open,high,low,close"
FIRST = "2024-03-04 08:00:00+00:00,1.2500,1.2505,1.2495,1.2501"
SECOND = "2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1.2491"


def write(folder: Path, *lines: str, name: str = "bid.csv") -> Path:
    file = folder / name
    file.write_bytes(("\n".join(lines) + "\n").encode())
    return file


def refusal_of(file: Path) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        read_side(file)
    return caught.value


def test_both_sides_of_a_minute_become_one_bar(tmp_path: Path) -> None:
    bid = write(tmp_path, HEADER, FIRST)
    ask = write(tmp_path, HEADER, "2024-03-04T09:00:00+01:00,1.2501,1.2506,1.2496,1.2502", name="ask.csv")

    bars = load_bars("GBPUSD", bid, ask)

    prices = ("1.2500", "1.2505", "1.2495", "1.2501", "1.2501", "1.2506", "1.2496", "1.2502")
    start = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)
    assert bars.pair == "GBPUSD"
    assert list(bars.minutes) == [MinuteBar(start, *map(Decimal, prices))]
    assert bars.minutes[0].start.tzinfo is UTC


def test_crossed_minutes_are_kept_and_counted(tmp_path: Path) -> None:
    bid = write(tmp_path, HEADER, FIRST, SECOND)
    ask = write(tmp_path, HEADER, FIRST.replace("1.2500,", "1.2499,"), SECOND, name="ask.csv")

    bars = load_bars("GBPUSD", bid, ask)

    assert len(bars.minutes) == 2
    assert bars.crossed == 1


def test_minutes_without_a_quote_may_be_missing_from_both_files(tmp_path: Path) -> None:
    later = SECOND.replace("08:01", "11:30")
    bars = load_bars("X", write(tmp_path, HEADER, FIRST, later), write(tmp_path, HEADER, FIRST, later, name="ask.csv"))
    assert len(bars.minutes) == 2


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    file = tmp_path / "bid.csv"
    file.write_bytes(f"{HEADER}\r\n{FIRST}\r\n".encode())
    assert read_side(file)[0].close == Decimal("1.2501")


@pytest.mark.parametrize(
    ("line", "field", "part"),
    [
        ("2024-03-04 08:01:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "has no offset"),
        ("2024-03-04 08:00:00+00:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "does not come after"),
        ("2024-03-04 07:59:00+00:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "does not come after"),
        ("2024-03-04 09:00:00+01:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "does not come after"),
        ("2024-02-30 08:01:00+00:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "is not a date and time"),
        ("0001-01-01 00:00:00+14:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "is not a date and time"),
        ("yesterday,1.2501,1.2502,1.2490,1.2491", "timestamp", "is not a date and time"),
        ("2024-03-04 08:01:30+00:00,1.2501,1.2502,1.2490,1.2491", "timestamp", "not the start of a minute"),
        ("2024-03-04 08:01:00+00:00,NaN,1.2502,1.2490,1.2491", "open", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,Infinity,1.2490,1.2491", "high", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,-1.2490,1.2491", "low", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1e0", "close", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1_2", "close", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490, 1.2491", "close", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1.249\u0661", "close", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,", "close", "not a positive decimal price"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,0.0000,1.2491", "low", "not above zero"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2500,1.2490,1.2491", "high", "below the minute's own 1.2501"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1.2503", "high", "below the minute's own 1.2503"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2495,1.2491", "low", "above the minute's own 1.2491"),
        ("2024-03-04 08:01:00+00:00,1.2489,1.2502,1.2490,1.2491", "low", "above the minute's own 1.2489"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490", "line", "4 fields instead of 5"),
        ("2024-03-04 08:01:00+00:00,1.2501,1.2502,1.2490,1.2491,7", "line", "6 fields instead of 5"),
        ("", "line", "1 fields instead of 5"),
        ("1" * 10_000, "line", f"longer than {LINE_LENGTH_MAX} bytes"),
    ],
)
def test_a_bad_line_is_refused_by_file_line_and_field(tmp_path: Path, line: str, field: str, part: str) -> None:
    refusal = refusal_of(write(tmp_path, HEADER, FIRST, line))

    assert refusal.field == f"bid.csv line 3, {field}"
    assert part in refusal.refused
    assert refusal.remedy


@pytest.mark.parametrize(
    "header", ["", "timestamp,open,high,low", "time,open,high,low,close", f"\ufeff{HEADER}", FIRST]
)
def test_another_header_is_refused(tmp_path: Path, header: str) -> None:
    assert refusal_of(write(tmp_path, header, FIRST)).field == "bid.csv line 1, header"


def test_a_file_without_minutes_is_refused(tmp_path: Path) -> None:
    assert "no minute" in refusal_of(write(tmp_path, HEADER)).refused
    (tmp_path / "empty.csv").write_bytes(b"")
    assert refusal_of(tmp_path / "empty.csv").field == "empty.csv line 1, header"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bid.csv"
    file.write_bytes(f"{HEADER}\n{FIRST}\n".encode() + b"\xff\xfe\n")
    assert refusal_of(file).field == "bid.csv line 3, line"
    assert "UTF-8" in refusal_of(file).refused


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal_of(tmp_path / "nowhere.csv").refused
    assert "cannot be read" in refusal_of(tmp_path).refused


def test_a_minute_that_only_one_file_has_is_refused(tmp_path: Path) -> None:
    whole, short = write(tmp_path, HEADER, FIRST, SECOND), write(tmp_path, HEADER, FIRST, name="ask.csv")
    for bid, ask in ((whole, short), (short, whole)):
        with pytest.raises(InvalidValue) as caught:
            load_bars("GBPUSD", bid, ask)
        assert caught.value.field == "ask.csv, timestamp"
        assert "2024-03-04T08:01:00+00:00 is missing, bid.csv line 3 has it" in caught.value.refused
