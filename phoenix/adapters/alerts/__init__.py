"""How alerts get out: the channels, and the courier that carries notices to them."""

from phoenix.adapters.alerts.apprise_channel import AppriseChannel
from phoenix.adapters.alerts.courier import ThreadCourier
from phoenix.adapters.alerts.file import FileChannel
from phoenix.adapters.alerts.lines import LineChannel
from phoenix.adapters.alerts.recording import RecordingCourier

__all__ = ["AppriseChannel", "FileChannel", "LineChannel", "RecordingCourier", "ThreadCourier"]
