"""Opening and making homes: the data directories that everything else begins with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from phoenix.adapters.clock import SystemClock
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init


def open_home(directory: Path | str, overrides: Mapping[str, str] | None = None) -> Home:
    """The home at a directory, or at its configuration file. `overrides` are settings, such as `serve.poll_s`, as text.

    Reads the configuration and nothing else. Raises ConfigurationError where there is none, or it is wrong.
    """
    return Home.open(Path(directory), overrides)


def create_home(directory: Path | str) -> Home:
    """Make a home for the simulator: configuration, store, checkpoint key and inbox.

    Raises ConfigurationError where any of them is there already; nothing is ever overwritten.
    """
    return init(Path(directory), SystemClock().now())
