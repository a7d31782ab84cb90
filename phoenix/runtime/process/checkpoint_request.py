"""Asking for a checkpoint while another process is the executor."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

from phoenix.adapters.checkpoints import FileCheckpoints
from phoenix.domain.errors import PhoenixError
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.errors import ExecutorRunning, NotYetKnown
from phoenix.ports.lock import Holder, refused
from phoenix.runtime.home import Home

SERVE = "serve"
"""How the process that listens to requests names itself as the lock's holder."""
SIGNAL = signal.SIGUSR1


class CheckpointRequest:
    """One request: a serving process is asked once, by a signal; anybody else is waited for.

    `act` takes the checkpoint as the executor, where nobody else is it.
    """

    def __init__(self, home: Home, executor: Callable[[], Holder | None], act: Callable[[], Checkpoint]) -> None:
        self._executor = executor
        self._act = act
        self._kept = FileCheckpoints(home.checkpoints, None, home.settings.checkpoints.public_key)
        self._before = self._kept.latest()
        self._asked: Holder | None = None

    def look(self) -> Checkpoint | None:
        """The new checkpoint, once there is one. Raises ExecutorRunning where the executor cannot be asked."""
        holder = self._executor()
        if holder is None:
            return self._taken_here()
        if self._asked is None and holder.command == SERVE:
            self._asked = holder if _ask(holder) else None
        latest = self._kept.latest()
        return None if self._asked is None or latest == self._before else latest

    def unanswered(self) -> PhoenixError:
        """What is to be said when the time is over."""
        if self._asked is None:
            return refused(self._executor())
        return NotYetKnown(
            f"checkpoint: {self._asked} was asked for one, and none has been kept yet. Look at the checkpoints again "
            "before asking anew"
        )

    def _taken_here(self) -> Checkpoint | None:
        try:
            return self._act()
        except ExecutorRunning:
            return None


def _ask(holder: Holder) -> bool:
    """Send the signal; False where the process has ended meanwhile. Raises ExecutorRunning where it is out of reach."""
    if holder.host != socket.gethostname():
        raise ExecutorRunning(f"checkpoint: the executor is {holder}. Nothing was asked; run this command there")
    try:
        os.kill(holder.pid, SIGNAL)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise ExecutorRunning(
            f"checkpoint: the executor is {holder}. Nothing was asked; run this command as {holder.user}"
        ) from error
    return True
