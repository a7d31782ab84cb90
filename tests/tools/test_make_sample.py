"""The bundled sample is what its generator makes, byte for byte, and fit for a demonstration."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from phoenix.adapters.market.bars import load_bars
from tests.replay.oracle import expect, read_bars, read_signals
from tools.make_sample import make

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BID, ASK = Path("market/gbpusd-m1-bid.csv"), Path("market/gbpusd-m1-ask.csv")


def contents(folder: Path) -> dict[str, bytes]:
    files = [*folder.glob("market/*"), *folder.glob("signals/*")]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_the_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    make(tmp_path)
    assert contents(tmp_path) == contents(EXAMPLES)


def test_the_sample_is_small_and_whole() -> None:
    bars = load_bars("GBPUSD", EXAMPLES / BID, EXAMPLES / ASK)
    assert len(bars.minutes) == 3 * 14 * 60
    assert bars.crossed == 0
    assert sum(map(len, contents(EXAMPLES).values())) < 500_000


def test_the_sample_shows_every_kind_of_outcome() -> None:
    signals = read_signals(EXAMPLES / "signals")
    expected = expect(signals, read_bars(EXAMPLES / BID, EXAMPLES / ASK))
    reasons = Counter(trade.exit_reason for trade in expected.trades)
    assert {trade.side for trade in expected.trades} == {"LONG", "SHORT"}
    assert reasons["STOP_LOSS"] >= 3
    assert reasons["TAKE_PROFIT"] >= 3
    assert [trade.state for trade in expected.trades].count("MANAGED") >= 1
    assert any(signal.is_limit for signal in signals)
    assert len(expected.refused) == 2
