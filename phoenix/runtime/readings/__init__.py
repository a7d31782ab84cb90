"""What surfaces show, read from the store alone."""

from phoenix.runtime.readings.alerts import AlertReading
from phoenix.runtime.readings.readings import (
    AccountReading,
    FillReading,
    OrderReading,
    Readings,
    StrategyReading,
    Waiting,
    sole,
)

__all__ = [
    "AccountReading", "AlertReading", "FillReading", "OrderReading", "Readings", "StrategyReading", "Waiting", "sole",
]  # fmt: skip
