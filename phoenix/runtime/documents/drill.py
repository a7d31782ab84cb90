"""A drill as a JSON document: every step with what was asked and answered, and the position it left."""

from __future__ import annotations

from typing import Any

from phoenix.domain.numbers import decimal_text
from phoenix.runtime.documents.positions import way_document
from phoenix.runtime.drill import Drilled, Step, Verdict
from phoenix.runtime.drill.steps import ASKED
from phoenix.runtime.readings.ways import ways_on


def drill_document(drilled: Drilled, exit_code: int) -> dict[str, Any]:
    """The whole drill. `ok` only where every step was."""
    return {
        "mode": drilled.mode.value,
        "ok": all(step.result.verdict is Verdict.OK for step in drilled.steps),
        "interrupted": drilled.is_interrupted,
        "steps": [step_document(step) for step in drilled.steps],
        "position": _position(drilled),
        "exit_code": exit_code,
    }


def step_document(step: Step) -> dict[str, Any]:
    return {
        "number": str(step.number), "step": step.name.value, "verdict": step.result.verdict.value,
        "asked": ASKED[step.name], "answered": step.result.answered, "remedy": step.result.remedy,
        "took_s": f"{step.took.total_seconds():.3f}", "figures": dict(step.result.figures),
    }  # fmt: skip


def _position(drilled: Drilled) -> dict[str, Any] | None:
    position = drilled.position
    if position is None:
        return None
    return {
        "position_id": position.position_id, "state": None if position.state is None else position.state.value,
        "open_quantity": decimal_text(position.open_quantity), "protection": position.protection.value,
        "ways": [way_document(way) for way in ways_on(position)],
    }  # fmt: skip
