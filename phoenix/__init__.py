"""Phoenix: a human-gated execution core for Interactive Brokers.

The names below are its public Python API (docs/embedding.md). They are imported when they are first used, so that
`import phoenix` costs next to nothing.
"""

__version__ = "0.1.0"

# ruff: noqa: F403, F405 - the names are those of phoenix.embedding, as a test holds
TYPE_CHECKING = False  # as in typing, which takes longer to import than all that is here
if TYPE_CHECKING:
    from phoenix.embedding import *

__all__ = [
    "AlertPayload", "Anchor", "Approver", "AutopsyPayload", "Bead", "BeadType", "BrokerError", "Complete",
    "ConfigurationError", "Core", "DecisionKind", "DecisionPayload", "Desk", "DomainError", "ExecutionPayload",
    "ExecutorRunning", "Home", "InvalidValue", "Json", "OrderPayload", "Outcome", "OutcomeStatus", "PhoenixError",
    "PositionPayload", "PositionState", "Quote", "Readings", "RefusalPayload", "RefusalReason", "Refused", "Regime",
    "Review", "SealedBead", "SignalOutcome", "Signer", "SignerKind", "SimulatedSetup", "StoreError", "Unknown",
    "Verdict", "approved_by", "create_home", "evidence_hash", "figure_of", "open_home", "passed_by", "run",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import phoenix.embedding

    return getattr(phoenix.embedding, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
