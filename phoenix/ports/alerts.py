"""How alerts get out to people. Delivery never blocks or breaks trading: it is begun, and its result taken in later."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Notice:
    """What goes out through a channel in one delivery: words for people, and all the alerts that it covers.

    `alerts` are in order of their raising; `title` and `text` are about all of them.
    """

    channel: str
    severity: Severity
    title: str
    text: str
    alerts: tuple[AlertPayload, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has taken the notice. Whether anybody reads it, nobody can know."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """The channel has not taken the notice, as far as is known. `reason` holds no secret of the channel."""

    reason: str


Delivery: TypeAlias = Delivered | NotDelivered


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a notice."""

    notice: Notice
    delivery: Delivery


class AlertChannel(ABC):
    """One way to people. It may take its time, for a courier calls it apart from everything else."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The name that it has in the configuration."""

    @abstractmethod
    def deliver(self, notice: Notice) -> Delivery:
        """Hand a notice on, once. Raises nothing: what goes wrong is the reason of a `NotDelivered`."""


class Courier(ABC):
    """Carries notices to their channels. No method may raise, or take long."""

    @abstractmethod
    def take(self, notice: Notice) -> None:
        """Begin to deliver a notice and return at once. There is a receipt for each notice, later."""

    @abstractmethod
    def finished(self) -> Sequence[Receipt]:
        """The receipts since the last call, in order."""
