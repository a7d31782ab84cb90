"""An alert in words, harmless wherever it is shown: what comes from outside steers no terminal and hides nothing."""

from __future__ import annotations

from phoenix.domain.beads.safety import AlertPayload

MESSAGE_MAX = 2_000
"""The longest message of an alert, in characters: what a broker or a service says goes into some of them."""


def line_of(alert: AlertPayload) -> str:
    """An alert on one line."""
    runbook = "" if alert.runbook is None else f" [{alert.runbook}]"
    return f"{alert.severity.value} {alert.kind}: {message_of(alert)}{runbook}"


def message_of(alert: AlertPayload) -> str:
    """What an alert says, and why it is told again where it is."""
    again = "" if alert.reason is None else f" ({alert.reason})"
    return plain(f"{alert.message}{again}")


def within_limits(message: str) -> str:
    """A message that a phone can show, and a chain can hold; what is left out is counted."""
    left_out = len(message) - MESSAGE_MAX
    return message if left_out <= 0 else f"{message[:MESSAGE_MAX]} ... and {left_out} more characters"


def plain(text: str) -> str:
    r"""The text with every character written out that is not to be seen, such as \x1b."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
