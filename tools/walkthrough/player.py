"""A home of its own with an executor at work, in which a page is played from its first command to its last."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.walkthrough.script import Scene, Step
from tools.walkthrough.terminal import Played, play

SERVE = "phoenix serve"


class Player:
    """Plays scenes in one folder, one by one; what a page runs in another terminal goes on in the background."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PHOENIX_")}
        self._environment = {**kept, "PATH": path, "USER": "anna", "LOGNAME": "anna"}
        self._serving: subprocess.Popen[str] | None = None

    def play(self, scene: Scene) -> list[tuple[Step, Played]]:
        return [(step, self._play(step)) for step in scene.steps]

    def _play(self, step: Step) -> Played:
        if step.command == SERVE:
            return Played(self._serve(), 0)
        return play(step.command, step.typed, self._folder, self._environment)

    def _serve(self) -> str:
        """Start the executor in the background; what it says until it is ready."""
        self.stop()
        self._serving = subprocess.Popen(
            SERVE.split(), cwd=self._folder, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        said: list[str] = []
        for line in self._serving.stdout or ():
            said.append(line)
            if "ready" in line:
                return "".join(said)
        raise RuntimeError(f"the executor ended before it was ready: {''.join(said)}")

    def stop(self) -> None:
        """End the executor, if one is at work."""
        if self._serving is not None:
            self._serving.terminate()
            self._serving.communicate()
            self._serving = None


@contextmanager
def player(folder: Path) -> Iterator[Player]:
    """A player whose executor does not outlive it."""
    playing = Player(folder)
    try:
        yield playing
    finally:
        playing.stop()
