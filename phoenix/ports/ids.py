"""The one source of new ids and secrets."""

from __future__ import annotations

from abc import ABC, abstractmethod


class IdSource(ABC):
    @abstractmethod
    def new_id(self) -> str:
        """A new UUID in its canonical text form."""

    @abstractmethod
    def new_secret(self) -> str:
        """256 bits nobody can guess, as 64 hexadecimal digits."""
