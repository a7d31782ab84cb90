"""What a broker answered when its books were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import BrokerOrder, Holding, ProfitAndLoss, Quote


@dataclass(frozen=True, slots=True)
class Reports:
    """The answers of one read; None is what was not asked for, because nothing depended on it.

    Executions are asked for behind orders: what an order had filled by then, they bear out or nothing does.
    """

    open_orders: Answer[tuple[BrokerOrder, ...]]
    holdings: Answer[tuple[Holding, ...]]
    completed_orders: Answer[tuple[BrokerOrder, ...]] | None = None
    executions: Answer[tuple[ExecutionReported, ...]] | None = None
    profit: Answer[ProfitAndLoss] | None = None
    quotes: Mapping[str, Answer[Quote]] = field(default_factory=dict)

    def unknown(self) -> list[str]:
        """The names of the answers that did not come, with the reason. Prices are no books: they are left out."""
        named = self._named().items()
        return [f"{name}: {answer.reason}" for name, answer in named if isinstance(answer, Unknown)]

    def as_of(self) -> datetime | None:
        """The instant up to which all that was asked for is the whole truth; None when any of it is unknown."""
        answers = [answer for answer in self._named().values() if answer is not None]
        instants = [answer.as_of for answer in answers if isinstance(answer, Complete)]
        return min(instants) if len(instants) == len(answers) else None

    def _named(self) -> dict[str, Answer[Any] | None]:
        return {
            "open orders": self.open_orders, "completed orders": self.completed_orders, "holdings": self.holdings,
            "executions": self.executions, "profit and loss": self.profit,
        }  # fmt: skip


def value_of(answer: Answer[tuple[Any, ...]] | None) -> tuple[Any, ...]:
    """What a complete answer holds; nothing where none was asked for. Unknown ones must have been dealt with."""
    return answer.value if isinstance(answer, Complete) else ()
