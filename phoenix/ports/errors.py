"""How the world can fail, by kind of failure."""

from __future__ import annotations

from phoenix.domain.errors import PhoenixError


class BrokerError(PhoenixError):
    """Base of what a broker adapter raises; a vendor's own errors never leave the adapter.

    `remedy` is the sentence behind the cause, where what to do is known.
    """

    def __init__(self, cause: str, remedy: str | None = None) -> None:
        super().__init__(cause if remedy is None else f"{cause}. {remedy}")
        self.cause = cause
        self.remedy = remedy


class BrokerUnavailable(BrokerError):
    """No connection could be had. Nothing was sent."""


class BrokerRefused(BrokerError):
    """The broker, or the adapter's own guard, said no: wrong account, mode, port or client id. Nothing was sent."""


class ClaimRefused(BrokerError):
    """An order came without a claim that the store committed for exactly this order. Nothing was sent."""


class StoreError(PhoenixError):
    """Base of what a bead store raises."""


class StoreConflict(StoreError):
    """A unique key is taken: somebody else was first. Nothing of this unit of work was stored."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(f"{kind} {value} is already in the chain; nothing was stored. Read its outcome instead")
        self.kind = kind
        self.value = value


class StoreUnavailable(StoreError):
    """The store could not be reached, locked or written. Unless said otherwise nothing was stored."""


class StoreCorrupt(StoreError):
    """The store contradicts itself or its checkpoints; nothing was changed. Restore a backup or verify the chain."""


class StoreMisconfigured(StoreError):
    """The store would not keep its promises as it is set up (durability, isolation, schema); it was not opened."""


class ConfigurationError(PhoenixError):
    """The configuration cannot be used; names the key, what was refused and the remedy."""


class ExecutorRunning(PhoenixError):
    """Another process is the executor of this store; names it. Nothing was changed."""


class NotYetKnown(PhoenixError):
    """What was put on record, or asked of another process, has no outcome yet: nobody answered in time, or something
    failed in the midst of it.

    It may still be done. Look before asking again.
    """
