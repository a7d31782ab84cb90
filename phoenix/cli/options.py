"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.homes import VARIABLE

NUMBER_MAX = 2**63 - 1
"""The greatest place in a chain: SQLite counts no further."""

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar=VARIABLE, show_envvar=True,
        help="Data directory, or its configuration file. By default the current directory or its phoenix-home.",
    ),
]  # fmt: skip
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", "-r", help="Why; it stays on record.")]
RequiredReason = Annotated[str, typer.Option("--reason", "-r", help="Why; it stays on record.")]
