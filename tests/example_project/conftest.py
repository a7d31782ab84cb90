"""One line brings the steps, the fixture `scene` and the network guard."""

from __future__ import annotations

pytest_plugins = ["phoenix.testing.plugin"]
