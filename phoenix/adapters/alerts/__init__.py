"""Where alerts go."""

from phoenix.adapters.alerts.file import FileSink
from phoenix.adapters.alerts.recording import RecordingSink

__all__ = ["FileSink", "RecordingSink"]
