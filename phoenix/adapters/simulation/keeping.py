"""Where a simulated broker's state is kept between two commands, and outlives a process or not."""

from __future__ import annotations

from types import TracebackType

from phoenix.adapters.simulation.agenda import Agenda
from phoenix.adapters.simulation.book import Book
from phoenix.adapters.simulation.world import World
from phoenix.domain.errors import PhoenixError


class BookError(PhoenixError):
    """Base of what a book that is kept elsewhere raises; the command it befell did not happen at the broker."""


class BookRefused(BookError):
    """The file is no book for this broker, or something in it does not read. It was left as it was."""


class BookUnavailable(BookError):
    """The book could not be read, locked or written just now."""


class Keeper:
    """Keeps nothing: the state lives and dies with the process. Subclasses keep it elsewhere.

    A command is carried out within `with keeper:`; `begin` comes before its first change, `keep` before the first
    message of what came of it. A command that fails within leaves nothing behind where the state is kept.
    """

    def new_agenda(self) -> Agenda:
        return Agenda()

    def new_book(self) -> Book:
        return Book()

    def take_up(self, world: World) -> bool:  # noqa: ARG002 - for those who keep
        """Be the keeper of a world that was just made, and put in what was kept. Whether there was anything."""
        return False

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        return None

    def refresh(self) -> None:
        """Take up what others changed where the state is kept."""

    def begin(self) -> bool:
        """The state changes from here on. Whether others had changed it, so that what was seen before is stale."""
        return False

    def keep(self) -> None:
        """Keep every change so far."""

    def release(self) -> None:
        """Let go of the place where the state is kept; it is taken up again when it is needed."""
