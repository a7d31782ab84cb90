"""The envelope around a payload, before and after it takes its place in the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from phoenix.domain.vocabulary import SignerKind

GENESIS_HASH = bytes(32)
ENCODING_VERSION = "1"


class BeadType(StrEnum):
    SIGNAL = "SIGNAL"
    INTENT = "INTENT"
    STATE_ANCHOR = "STATE_ANCHOR"
    EVIDENCE = "EVIDENCE"
    DECISION = "DECISION"
    T2_TOKEN = "T2_TOKEN"
    ORDER = "ORDER"
    EXECUTION = "EXECUTION"
    POSITION = "POSITION"
    KILL_FLAG = "KILL_FLAG"
    DECAY = "DECAY"
    STATE_CONFLICT = "STATE_CONFLICT"
    REFUSAL = "REFUSAL"
    RECONCILIATION_DRIFT = "RECONCILIATION_DRIFT"
    RECONCILIATION_RESOLUTION = "RECONCILIATION_RESOLUTION"
    RECONCILIATION_RUN = "RECONCILIATION_RUN"
    ACCOUNT = "ACCOUNT"
    PERFORMANCE = "PERFORMANCE"
    PROMOTION = "PROMOTION"
    STRATEGY = "STRATEGY"
    AUTOPSY = "AUTOPSY"
    ALERT = "ALERT"
    BROKER_SESSION = "BROKER_SESSION"
    HEARTBEAT = "HEARTBEAT"
    CONFIG_CHANGE = "CONFIG_CHANGE"
    CHECKPOINT = "CHECKPOINT"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who stands behind a bead: the system, a human or an assistant, with a name."""

    kind: SignerKind
    identity: str


SYSTEM = Signer(SignerKind.SYSTEM, "phoenix")


class Payload:
    """Base of the typed payloads; each is a frozen, slotted dataclass."""

    __slots__ = ()
    bead_type: ClassVar[BeadType]


@dataclass(frozen=True, slots=True)
class Bead:
    """What happened, who says so and when. `occurred_at` is the world's instant where the world gave one."""

    bead_id: str
    payload: Payload
    signer: Signer
    timestamp: datetime
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealedBead:
    """A bead in its place: `bead_hash` is SHA-256 over `prev_hash` and `body`, the canonical bytes that are stored."""

    seq: int
    bead: Bead
    prev_hash: bytes
    bead_hash: bytes
    body: bytes
