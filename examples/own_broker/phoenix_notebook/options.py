"""The table [broker.notebook] of the configuration. What is not understood is refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phoenix.ports.errors import ConfigurationError


class NotebookOptions(BaseModel):
    """`prices` is the file that quotes are read from, `notebook` the one that the book is kept in.

    `starting_balance` is money of the account; `margin_rate` the share of a holding's worth that it ties up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prices: Path
    notebook: Path = Path("notebook.json")
    starting_balance: Decimal = Field(default=Decimal(100_000), gt=0)
    margin_rate: Decimal = Field(default=Decimal("0.03"), gt=0, le=1)


def read_options(table: Mapping[str, object]) -> NotebookOptions:
    """Raises ConfigurationError, naming the key and the remedy."""
    try:
        return NotebookOptions.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"broker.notebook.{key}: {first['msg']}. Correct it in the configuration") from error
