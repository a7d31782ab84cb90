"""What surfaces show, read from the store alone."""

from phoenix.runtime.readings.readings import (
    AccountReading,
    AlertReading,
    FillReading,
    OrderReading,
    Readings,
    StrategyReading,
    sole,
)

__all__ = ["AccountReading", "AlertReading", "FillReading", "OrderReading", "Readings", "StrategyReading", "sole"]
