"""A performance file is taken whole, or refused with row, field and remedy."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters.performance_files import PerformanceFile, read_performance
from phoenix.domain.errors import InvalidValue
from phoenix.domain.vocabulary import ExitReason, MarketRegime

TODAY = date(2026, 3, 2)
ROW: dict[str, Any] = {
    "session_date": "2026-02-02", "market_regime": "TREND", "trades": 3, "pnl": "-12.50", "equity": "99987.50",
    "would_have_killed": 0, "overrides": 1,
}  # fmt: skip
TRADE: dict[str, Any] = {"signal_id": "s-1", "pnl": "-12.50", "duration_s": "60", "exit_reason": "STOP_LOSS"}
HEADER = ",".join(ROW)


def read(tmp_path: Path, text: str | bytes, name: str = "performance.json") -> PerformanceFile:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_performance(file, "fvg", TODAY)


def refusal(tmp_path: Path, text: str | bytes, name: str = "performance.json") -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        read(tmp_path, text, name)
    assert caught.value.remedy
    return caught.value


def as_csv(*rows: dict[str, Any]) -> str:
    return "\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)])


def test_json_holds_sessions_and_autopsies(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps({"sessions": [ROW], "autopsies": [TRADE]}))
    (session,), (autopsy,) = found.sessions, found.autopsies
    assert (session.strategy_id, session.session_date, session.market_regime) == (
        "fvg", date(2026, 2, 2), MarketRegime.TREND
    )  # fmt: skip
    assert (session.trades, session.pnl, session.overrides) == (3, Decimal("-12.50"), 1)
    assert (autopsy.position_id, autopsy.outcome, autopsy.shadow) == ("shadow:s-1", "LOSS", True)
    assert autopsy.exit_reason is ExitReason.STOP_LOSS


def test_a_plain_list_is_a_list_of_sessions(tmp_path: Path) -> None:
    assert len(read(tmp_path, json.dumps([ROW])).sessions) == 1


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    from_csv = read(tmp_path, as_csv(ROW), "a.csv")
    from_json = read(tmp_path, json.dumps([ROW]), "b.json")
    assert from_csv.sessions == from_json.sessions
    assert read(tmp_path, as_csv(TRADE), "c.csv").autopsies == read(
        tmp_path, json.dumps({"autopsies": [TRADE]})
    ).autopsies  # fmt: skip


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    text = "\ufeff" + as_csv(ROW).replace("\n", "\r\n")
    assert len(read(tmp_path, text, "a.csv").sessions) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"session_date": "2 Feb 2026"}, "session_date"),
        ({"session_date": "2026-02-30"}, "session_date"),
        ({"session_date": "2026-03-03"}, "session_date"),
        ({"session_date": "1969-12-31"}, "session_date"),
        ({"market_regime": "trend"}, "market_regime"),
        ({"market_regime": None}, "market_regime"),
        ({"trades": "-1"}, "trades"),
        ({"trades": "1.5"}, "trades"),
        ({"trades": True}, "trades"),
        ({"trades": [1]}, "trades"),
        ({"pnl": "NaN"}, "pnl"),
        ({"pnl": "1e3"}, "pnl"),
        ({"pnl": ""}, "pnl"),
        ({"pnl": "1,000.00"}, "pnl"),
        ({"equity": "0"}, "equity"),
        ({"equity": "-5"}, "equity"),
        ({"equity": "1" + "0" * 16}, "equity"),
        ({"would_have_killed": ""}, "would_have_killed"),
        ({"overrides": "9999999"}, "overrides"),
        ({"strategy_id": "another"}, "strategy_id"),
        ({"sharpe": "2"}, "sharpe"),
    ],
)
def test_a_wrong_field_is_named_with_its_row(change: dict[str, Any], field: str, tmp_path: Path) -> None:
    other = {**ROW, "session_date": "2026-02-03"}
    error = refusal(tmp_path, json.dumps({"sessions": [other, {**ROW, **change}]}))
    assert error.field == f"performance.json sessions[1].{field}"


@pytest.mark.parametrize("field", sorted(ROW))
def test_an_absent_field_is_never_taken_for_zero(field: str, tmp_path: Path) -> None:
    row = {name: value for name, value in ROW.items() if name != field}
    error = refusal(tmp_path, json.dumps([row]))
    assert error.field == f"performance.json sessions[0].{field}"
    assert "absent" in error.refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "WIN"}, "outcome"),
        ({"duration_s": "-1"}, "duration_s"),
        ({"exit_reason": "BORED"}, "exit_reason"),
        ({"signal_id": ""}, "signal_id"),
        ({"thesis": "x" * 2001}, "thesis"),
        ({"happened": "red\x1b[31m"}, "happened"),
    ],
)
def test_an_autopsy_that_contradicts_itself_is_refused(change: dict[str, Any], field: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, json.dumps({"autopsies": [{**TRADE, **change}]}))
    assert error.field == f"performance.json autopsies[0].{field}"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "a.json", "not JSON"),
        ("{", "a.json", "not JSON"),
        ('"text"', "a.json", "neither an object nor a list"),
        ("{}", "a.json", "no session at all"),
        ('{"sessions": {}}', "a.json", "not a list"),
        ('{"sessions": ["x"]}', "a.json", "not an object"),
        ('{"days": []}', "a.json", "no such field"),
        ('[{"pnl": 1, "pnl": 2}]', "a.json", "more than once"),
        ('[{"pnl": 0.1000000000000000055}]', "a.json", "round trip"),
        (b"\xff\xfe", "a.json", "not UTF-8"),
        (b"\xff\xfe", "a.csv", "not UTF-8"),
        ("", "a.csv", "neither session_date nor signal_id"),
        (HEADER, "a.csv", "no session at all"),
        (f"{HEADER},pnl\n", "a.csv", "appears twice"),
        (f"{HEADER}\n2026-02-02,TREND\n", "a.csv", "2 fields instead of 7"),
        (f'{HEADER}\n"2026-02-02\n', "a.csv", "not CSV"),
        ("x" * 1_000_001, "a.csv", "too many"),
        ("{}", "a.txt", "neither .csv nor .json"),
    ],
)
def test_what_is_no_performance_file_is_refused(text: str | bytes, name: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(tmp_path, text, name).refused


def test_a_session_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    assert "given twice" in refusal(tmp_path, json.dumps([ROW, ROW])).refused
    assert "given twice" in refusal(tmp_path, json.dumps({"autopsies": [TRADE, TRADE]})).refused


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_performance(tmp_path / "nowhere.json", "fvg", TODAY)
