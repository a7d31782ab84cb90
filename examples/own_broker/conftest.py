"""The plugin brings the network guard, and explains the assertions of the broker contract."""

from __future__ import annotations

pytest_plugins = ["phoenix.testing.plugin"]
