"""Alerts appended to a file, one JSON document to a line."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from phoenix.adapters.files import open_file
from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.encoding import canonical_bytes
from phoenix.ports.alerts import AlertChannel, Delivered, Delivery, NotDelivered, Notice


class FileChannel(AlertChannel):
    """Appends every alert of a notice as a line, or none of them, as far as the file system allows."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)

    @property
    def name(self) -> str:
        return "file"

    def deliver(self, notice: Notice) -> Delivery:
        lines = b"".join(canonical_bytes(encode_payload(alert)) + b"\n" for alert in notice.alerts)
        try:
            descriptor = open_file(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            with os.fdopen(descriptor, "ab") as file:
                file.write(lines)
        except OSError as error:
            return NotDelivered(f"{self._path}: {error.strerror}")
        return Delivered()
