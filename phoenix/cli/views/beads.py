"""Beads for people: a line each, or one in full."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.gist import gist
from phoenix.cli.plain import plain
from phoenix.domain.beads.envelope import SealedBead
from phoenix.runtime.documents.beads import bead_document


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
