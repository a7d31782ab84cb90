"""Alerts through apprise: chats, mail, webhooks and whatever else it has a scheme for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from phoenix.adapters.alerts.redaction import Redaction
from phoenix.domain.vocabulary import Severity
from phoenix.ports.alerts import AlertChannel, Delivered, Delivery, NotDelivered, Notice

if TYPE_CHECKING:
    from apprise import Apprise, NotifyLogEntry

_APPLICATION = "Phoenix"
_LOGGERS = ("apprise", "urllib3.connectionpool", "requests_oauthlib")
"""Those that name addresses, and so secrets, in what they log."""


class AppriseChannel(AlertChannel):
    """A channel by its apprise URL, which holds its secrets. apprise is imported with the first delivery."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        self._redaction = Redaction(url)
        self._apprise: Apprise | None = None

    @property
    def name(self) -> str:
        return self._name

    def is_understood(self) -> bool:
        """Whether apprise has a service for the address. Nothing is sent."""
        if self._apprise is None:
            self._apprise = self._opened()
        return bool(self._apprise)

    def deliver(self, notice: Notice) -> Delivery:
        try:
            return self._deliver(notice)
        except Exception as error:  # noqa: BLE001 - whatever a service's own code raises, it is a failed delivery
            return NotDelivered(self._redaction.hide(f"{type(error).__name__}: {error}"))

    def _deliver(self, notice: Notice) -> Delivery:
        from apprise import NotifyFormat, NotifyType

        if not self.is_understood() or self._apprise is None:
            return NotDelivered("apprise has no service for this address; see its documentation for the right form")
        kinds = {Severity.INFO: NotifyType.INFO, Severity.WARNING: NotifyType.WARNING}
        said: list[str] = []

        def listen(entry: NotifyLogEntry, _: object) -> None:
            said.append(entry.message)

        is_taken = self._apprise.notify(
            body=notice.text, title=notice.title, notify_type=kinds.get(notice.severity, NotifyType.FAILURE),
            body_format=NotifyFormat.TEXT, log_callback=listen, log_level=logging.WARNING,
        )  # fmt: skip
        if is_taken:
            return Delivered()
        return NotDelivered(self._redaction.hide("; ".join(said)) or "the service did not take it, and did not say why")

    def _opened(self) -> Apprise:
        """The service, kept from logging what it is not to tell. Long notices go out in several messages."""
        from apprise import Apprise, AppriseAsset, OverflowMode

        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_Redacting(self._redaction))
        service = Apprise(asset=AppriseAsset(app_id=_APPLICATION, app_desc=_APPLICATION, async_mode=False))
        service.add(self._url)
        for server in service:
            server.overflow_mode = OverflowMode.SPLIT
        return service


class _Redacting(logging.Filter):
    """Blots the secrets out of whatever is logged."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redaction.hide(record.getMessage()), None
        return True
