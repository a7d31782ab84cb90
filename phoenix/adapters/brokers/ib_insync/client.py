"""The library's low-level client with its own opinions taken out: what it cannot read is reported, not logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC
from typing import Any

from phoenix.adapters.brokers.ib_insync.library import Client, Decoder
from phoenix.adapters.ibkr.ears import Ears

TIME_FIELD = 15
"""Where an execDetails has its time."""


class IbEars(Ears):
    """The callbacks that this library has otherwise."""

    defaultTimezone = UTC

    def priceSizeTick(self, reqId: int, tickType: int, price: float, size: float) -> None:
        self.tickPrice(reqId, tickType, price, size)


class ReportingClient(Client):
    """A client whose decoder reports to its wrapper. It does not throttle: whoever asks, paces."""

    MaxRequests = 0

    def __init__(self, ears: IbEars, too_old: Callable[[int], None]) -> None:
        super().__init__(ears)
        self.decoder = ReportingDecoder(ears)
        self._ears = ears
        self._too_old = too_old
        self._logger = _quiet_logger()

    has_heard = False
    """Whether any bytes have come."""

    def _onSocketHasData(self, data: bytes) -> None:
        """Read on behind a message that breaks the reading before the session is ready."""
        self.has_heard = True
        while True:
            try:
                super()._onSocketHasData(data)
            except (LookupError, ValueError) as error:
                self._ears.undecodable(f"while connecting: {error!r}")
                data = b""
            else:
                return

    def _onSocketDisconnected(self, msg: str) -> None:
        version = self.serverVersion()
        super()._onSocketDisconnected(msg)
        if 0 < version < self.MinClientVersion:
            self._too_old(version)


class ReportingDecoder(Decoder):
    """A decoder that leaves an execution's time as it came: read by the library, it would take the machine's zone."""

    def __init__(self, ears: IbEars) -> None:
        super().__init__(ears, 0)
        self._ears = ears
        self.logger = _quiet_logger()
        self.logger.addHandler(_Report(ears))

    def execDetails(self, fields: list[str]) -> None:
        self._ears.execution_time = fields[TIME_FIELD]
        super().execDetails([*fields[:TIME_FIELD], "0", *fields[TIME_FIELD + 1 :]])


class _Report(logging.Handler):
    """What the decoder would log is something that it could not read."""

    def __init__(self, ears: IbEars) -> None:
        super().__init__(logging.ERROR)
        self._ears = ears

    def emit(self, record: logging.LogRecord) -> None:
        cause: Any = record.exc_info[1] if record.exc_info else None
        self._ears.undecodable(f"{record.getMessage()} {cause!r}" if cause else record.getMessage())


def _quiet_logger() -> logging.Logger:
    """A logger of this client's own, outside the tree of loggers, so that nobody else hears or configures it."""
    logger = logging.Manager(logging.RootLogger(logging.ERROR)).getLogger("client")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    return logger
