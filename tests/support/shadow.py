"""Shadow performance as a person would write it down, and the files that it is imported from."""

from __future__ import annotations

import json
from pathlib import Path

from phoenix.rehearsal.performance import trading_days


def performance_file(folder: Path, sessions: int = 20, name: str = "month.json", first: int = 0) -> Path:
    """A month of made-up performance: sessions in turns of TREND and RANGE, each with a trade and its autopsy."""
    days = trading_days(first + sessions)[first:]
    rows = [
        {
            "session_date": day.isoformat(), "market_regime": ("TREND", "RANGE")[number % 2], "trades": 1,
            "pnl": "100.00", "equity": f"{100_000 + 100 * (number + 1)}.00", "would_have_killed": 0, "overrides": 0,
        }
        for number, day in enumerate(days, start=first)
    ]  # fmt: skip
    trades = [
        {
            "signal_id": f"signal-{day}", "pnl": "100.00", "r_multiple": "1", "duration_s": 60,
            "exit_reason": "TAKE_PROFIT", "setup_type": "FVG",
        }
        for day in days
    ]  # fmt: skip
    file = folder / name
    file.write_text(json.dumps({"sessions": rows, "autopsies": trades}))
    return file
