"""The vectors, a module for each kind of trouble: functions of a stage, which raise where a rule is broken."""

from phoenix.bunny.registry import PLAYS
from phoenix.bunny.vectors import (
    broker,
    clocks,
    crashes,
    denials,
    drift,
    gate,
    gateways,
    operators,
    promotion,
    races,
    security,
    sessions,
    storage,
    tokens,
    wire,
)

__all__ = [
    "PLAYS",
    "broker",
    "clocks",
    "crashes",
    "denials",
    "drift",
    "gate",
    "gateways",
    "operators",
    "promotion",
    "races",
    "security",
    "sessions",
    "storage",
    "tokens",
    "wire",
]
