"""What a strategy may be called."""

from __future__ import annotations

NAME_MAX = 100
"""The longest name of a strategy that a signal may bear, in characters."""
NAME_RULE = f"text of 1 to {NAME_MAX} printable ASCII characters, with no space at either end"


def is_strategy_name(text: str) -> bool:
    """Whether signals could bear this name."""
    return 0 < len(text) <= NAME_MAX and text == text.strip() and text.isascii() and text.isprintable()
