"""Alerts appended to a file, one JSON document to a line."""

from __future__ import annotations

import os
from collections import deque
from os import PathLike
from pathlib import Path

from phoenix.adapters.files import open_file
from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.encoding import canonical_bytes
from phoenix.ports.alerts import AlertSink

WAITING_MAX = 1000


class FileSink(AlertSink):
    """Appends alerts to a file. What cannot be written waits, the newest 1,000 of it, and goes first at the next try.

    `failure` says why the last try failed, or is None; `lost` counts what waited in vain.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._waiting: deque[bytes] = deque()
        self.failure: str | None = None
        self.lost = 0

    def deliver(self, alert: AlertPayload) -> None:
        self._waiting.append(canonical_bytes(encode_payload(alert)) + b"\n")
        try:
            descriptor = open_file(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            with os.fdopen(descriptor, "ab") as file:
                file.write(b"".join(self._waiting))
        except OSError as error:
            self.failure = f"{self._path}: {error.strerror}"
            self._drop_the_oldest()
            return
        self._waiting.clear()
        self.failure = None

    def _drop_the_oldest(self) -> None:
        while len(self._waiting) > WAITING_MAX:
            self._waiting.popleft()
            self.lost += 1
