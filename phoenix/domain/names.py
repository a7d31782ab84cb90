"""Names that people and programs give: what may be one."""

from __future__ import annotations

from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason

STRATEGY_NAME_MAX = 100
"""The longest name of a strategy that a signal may bear, in characters."""


def is_strategy_name(text: str) -> bool:
    """Whether a signal could bear it: some printable ASCII, not only blanks, and not too long."""
    return bool(text.strip()) and text.isascii() and text.isprintable() and len(text) <= STRATEGY_NAME_MAX


def check_strategy_name(text: str) -> None:
    """Raises Refused(MALFORMED) for what no signal could bear."""
    if not is_strategy_name(text):
        raise Refused(
            RefusalReason.MALFORMED, "strategy_id",
            f"it is not text of 1 to {STRATEGY_NAME_MAX} printable ASCII characters",
            "Use a name that a signal can bear",
        )  # fmt: skip
