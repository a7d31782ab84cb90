"""Makes the steps known to every specification; a module of steps is one more line here."""

from __future__ import annotations

from tests.specs.steps.common import *  # noqa: F403
