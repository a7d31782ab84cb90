"""The configuration: a TOML file, the environment and the command line, checked as a whole before anything starts."""

from __future__ import annotations

from phoenix.config.reading import read_settings
from phoenix.config.settings import Settings

__all__ = ["Settings", "read_settings"]
