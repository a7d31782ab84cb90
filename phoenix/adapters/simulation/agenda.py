"""What is yet to come at the broker, in order of time and, at one instant, in the order it was arranged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import heapify, heappop, heappush

from phoenix.adapters.simulation.messages import Message


class Task(StrEnum):
    DELIVER = "DELIVER"
    ARRIVE = "ARRIVE"
    TRY_QUOTE = "TRY_QUOTE"
    EXPIRE = "EXPIRE"
    CANCEL = "CANCEL"
    RELEASE_REMAINDER = "RELEASE_REMAINDER"
    LATE_FILL = "LATE_FILL"
    OVERFILL = "OVERFILL"
    CORRECT = "CORRECT"
    BUST = "BUST"
    FAULT_BEGINS = "FAULT_BEGINS"
    FAULT_ENDS = "FAULT_ENDS"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One task. `subject` is an order's sequence, or a fault's number; `detail` an execution's stem."""

    due: datetime
    number: int
    task: Task
    subject: int = 0
    detail: str = ""
    message: Message | None = None


class Agenda:
    """A heap of appointments."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Appointment]] = []
        self.next_number = 1

    def restore(self, appointments: Iterable[Appointment], next_number: int) -> None:
        """Take these appointments in place of those there are."""
        self._heap = [(item.due, item.number, item) for item in appointments]
        heapify(self._heap)
        self.next_number = next_number

    def put(
        self, due: datetime, task: Task, subject: int = 0, detail: str = "", message: Message | None = None
    ) -> Appointment:
        number = self.next_number
        self.next_number = number + 1
        appointment = Appointment(due, number, task, subject, detail, message)
        heappush(self._heap, (due, number, appointment))
        return appointment

    def drop(self, unwanted: Iterable[Appointment]) -> None:
        """Take appointments off that will never be kept."""
        numbers = {item.number for item in unwanted}
        if numbers:
            self.restore([item for item in self.appointments() if item.number not in numbers], self.next_number)

    def next_due(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def take(self) -> Appointment:
        """The earliest appointment. Raises IndexError when there is none."""
        return heappop(self._heap)[2]

    def appointments(self) -> list[Appointment]:
        """All of them, earliest first."""
        return [item for _, _, item in sorted(self._heap, key=lambda entry: entry[:2])]
