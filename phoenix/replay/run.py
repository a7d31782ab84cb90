"""stub"""

from __future__ import annotations

from collections.abc import Callable

from phoenix.replay.request import ReplayRequest
from phoenix.replay.result import ReplayResult


def run_replay(request: ReplayRequest, on_progress: Callable[[int, int], None]) -> ReplayResult:
    raise NotImplementedError
