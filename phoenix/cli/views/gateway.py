"""An answer of the gateway simulator's control channel, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from phoenix.cli.plain import plain


def answer_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """What was asked for, a line each; records of the ledger as JSON lines; otherwise that it was done."""
    if "records" in answer:
        yield from (plain(json.dumps(record, ensure_ascii=False)) for record in answer["records"])
        return
    told = {name: value for name, value in answer.items() if name != "ok"}
    for name, value in told.items():
        yield plain(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    if not told:
        yield "done"
