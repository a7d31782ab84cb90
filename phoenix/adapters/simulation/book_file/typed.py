"""JSON values as what a type hint asks for, refused where they are something else."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from phoenix.domain.instants import require_utc


def typed(hint: Any, value: Any) -> Any:
    """The value as the hint has it. Raises ValueError or InvalidValue."""
    try:
        found = _adapter(hint).validate_python(value)
    except ValidationError as error:
        raise ValueError(f"{value!r}: {error.errors()[0]['msg']}") from error
    return require_utc(found) if isinstance(found, datetime) else found


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)
