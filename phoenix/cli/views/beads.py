"""Beads for people: a line each, or one in full."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.domain.beads.envelope import Payload, SealedBead
from phoenix.runtime.documents.beads import bead_document

_SHOWN_ID, _SHOWN_HASH, _GIST_MAX = 13, 12, 200
_KIND_FIELDS = ("event", "state", "kind", "trigger", "verdict", "mode", "severity")
_SUBJECT_FIELDS = ("pair", "strategy_id", "account", "role", "side", "quantity", "price", "equity")
_NAMED_FIELDS = {"head_seq": "up to bead {}", "bundle_hash": "hash {}", "config_hash": "hash {}"}
_WORD_FIELDS = ("detail", "message", "reason", "description", "notes")


def beads_table(beads: Sequence[SealedBead]) -> RenderableType:
    """A line for each bead: where, when, what, about what, and by whom."""
    if not beads:
        return Text("No bead is like that.")
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("Seq", justify="right", no_wrap=True)
    for name in ("Recorded (UTC)", "Type"):
        table.add_column(name, no_wrap=True)
    table.add_column("What", ratio=1)
    table.add_column("By", no_wrap=True)
    for item in beads:
        bead = item.bead
        table.add_row(
            str(item.seq), f"{bead.timestamp:%m-%d %H:%M:%S}", bead.payload.bead_type.value, gist(bead.payload),
            plain(bead.signer.identity),
        )  # fmt: skip
    return table


def bead_view(item: SealedBead) -> RenderableType:
    """Everything of one bead: its envelope, its place and hashes, and its payload as it was hashed."""
    document = bead_document(item)
    payload = document.pop("payload")
    signer = document.pop("signer")
    document["signer"] = f"{signer['identity']} ({signer['kind']})"
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in document.items():
        table.add_row(name, plain("-" if value is None else value))
    return Group(table, Text("\npayload"), Text("\n".join(_payload_lines(payload, 1))))


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


def _payload_lines(value: object, depth: int) -> list[str]:
    """A JSON object or list as indented lines."""
    entries: list[tuple[str, object]] = []
    if isinstance(value, dict):
        entries = [(f"{plain(name)}:", item) for name, item in value.items()]
    elif isinstance(value, list):
        entries = [("-", item) for item in value]
    return [line for name, item in entries for line in _entry_lines(name, item, depth)]


def _entry_lines(name: str, value: object, depth: int) -> list[str]:
    margin = "  " * depth
    if isinstance(value, dict | list) and value:
        return [f"{margin}{name}", *_payload_lines(value, depth + 1)]
    return [f"{margin}{name} {_scalar(value)}"]


def _scalar(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value) if isinstance(value, str) else "none"
