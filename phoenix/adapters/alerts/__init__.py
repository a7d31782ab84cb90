"""Where alerts go."""

from phoenix.adapters.alerts.file import FileSink
from phoenix.adapters.alerts.lines import EverySink, LineSink
from phoenix.adapters.alerts.recording import RecordingSink

__all__ = ["EverySink", "FileSink", "LineSink", "RecordingSink"]
