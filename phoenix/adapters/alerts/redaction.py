"""Keeping the secrets of a channel out of what is told about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

HIDDEN = "***"
_SHORTEST = 4
"""Shorter parts of an address are no secrets; hiding them would leave nothing to read."""
_PARTS = re.compile(r"[/:@?&=,;#]+")


class Redaction:
    """Hides every part of some texts, such as the address of a channel, but for its scheme."""

    def __init__(self, *secrets: str) -> None:
        parts = {part for secret in secrets for part in _parts(secret) if len(part) >= _SHORTEST}
        longest_first = sorted(parts, key=lambda part: (-len(part), part))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if parts else None

    def hide(self, text: str) -> str:
        """The text with every such part blotted out."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)


def _parts(secret: str) -> Iterator[str]:
    """All of it and each part, as written and as meant."""
    _, separator, rest = secret.partition("://")
    text = rest if separator else secret
    for part in (text, *_PARTS.split(text)):
        yield part
        yield unquote(part)
