"""A bead in a few words."""

from __future__ import annotations

from phoenix.cli.plain import plain
from phoenix.domain.beads.envelope import Payload

_SHOWN_ID, _SHOWN_HASH, _GIST_MAX = 13, 12, 200
_KIND_FIELDS = ("event", "state", "kind", "trigger", "verdict", "mode", "severity")
_SUBJECT_FIELDS = ("pair", "strategy_id", "account", "role", "side", "quantity", "price", "equity")
_NAMED_FIELDS = {"head_seq": "up to bead {}", "bundle_hash": "hash {}", "config_hash": "hash {}"}
_WORD_FIELDS = ("detail", "message", "reason", "description", "notes")


def gist(payload: Payload) -> str:
    """The payload in a few words: what kind of it, about what, and why."""
    parts = [_said(payload, name) for name in (*_KIND_FIELDS, *_SUBJECT_FIELDS)]
    parts += [form.format(said[:_SHOWN_HASH]) for name, form in _NAMED_FIELDS.items() if (said := _said(payload, name))]
    if position := _said(payload, "position_id"):
        parts.append(f"of {position[:_SHOWN_ID]}")
    told = " ".join(filter(None, parts))
    words = next((said for name in _WORD_FIELDS if (said := _said(payload, name))), "")
    text = plain(": ".join(filter(None, (told, words))))
    return text if len(text) <= _GIST_MAX else f"{text[: _GIST_MAX - 1]}…"


def _said(payload: Payload, name: str) -> str:
    value = getattr(payload, name, None)
    return "" if value is None or isinstance(value, dict | list | tuple) else str(value)
