"""What a setting is called: table.key in the file and on the command line, PHOENIX_TABLE__KEY in the environment."""

from __future__ import annotations

from collections.abc import Sequence

ENV_PREFIX = "PHOENIX_"
NESTED_BY = "__"
ALIASES = {"PHOENIX_RECONCILE_INTERVAL_SEC": ("reconciliation", "interval_s")}
"""Variables that have a name of their own beside the one that the rule gives."""


def variable_of(key: Sequence[str]) -> str:
    """The variable of the environment that sets a key, such as PHOENIX_STORE__PATH for store.path."""
    return f"{ENV_PREFIX}{NESTED_BY.join(key)}".upper()


def is_setting(variable: str) -> bool:
    """Whether a variable of the environment is meant as a setting."""
    name = variable.upper()
    return name in ALIASES or (name.startswith(ENV_PREFIX) and NESTED_BY in variable)
