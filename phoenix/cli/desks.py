"""The desk that a command works at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from phoenix.cli.homes import home_directory

if TYPE_CHECKING:
    from phoenix.runtime.desk import Desk


def desk_at(home: Path | None) -> Desk:
    """The desk of a home that was named, or not. Raises ConfigurationError where there is none.

    What that needs takes a while to import, so only then.
    """
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.home import Home

    return Desk(Home.open(home_directory(home)))
