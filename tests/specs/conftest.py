"""Makes the steps known to every specification; a module of steps is one more line here."""

from __future__ import annotations

from tests.specs.steps.audit import *  # noqa: F403
from tests.specs.steps.gate import *  # noqa: F403
from tests.specs.steps.once import *  # noqa: F403
from tests.specs.steps.races import *  # noqa: F403
from tests.specs.steps.signals import *  # noqa: F403
from tests.specs.steps.tokens import *  # noqa: F403
