"""The reference of the configuration, from the settings' own models."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from inspect import getdoc
from types import UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from phoenix.adapters.brokers.chaos_mock.configured import ChaosMockOptions
from phoenix.adapters.gateway.options import BarsOptions, GatewayOptions
from phoenix.adapters.ibkr.configured import IbkrOptions
from phoenix.adapters.simulation.configured import WalkOptions
from phoenix.config.names import variable_of
from phoenix.config.settings import LimitSettings, Settings

_HEAD = ("| setting | type | default | meaning |", "|---|---|---|---|")
_TYPES = {
    "str": "text",
    "SecretStr": "text that is never shown",
    "Path": "path",
    "int": "integer",
    "float": "number",
    "Decimal": "decimal",
    "bool": "true or false",
    "datetime": "instant",
    "AwareDatetime": "instant",
}
_ADAPTER = ("broker", "chaos_mock")
_GATEWAY = "gateway"
"""Its file is its own, and no variable of the environment sets anything in it."""
_IBKR_ADAPTERS = ("ib_insync", "ibapi")
_BY_NAME = "PAIR"
"""Stands for an instrument. Variables lose the case of their names, so such tables are set in the file."""


def table_lines() -> list[str]:
    """A section per table of the configuration, each setting in its row."""
    lines: list[str] = []
    for name, field in Settings.model_fields.items():
        lines += _section(name, field)
    lines += _model((*_ADAPTER,), ChaosMockOptions)
    lines += _model((*_ADAPTER, "prices", _BY_NAME), WalkOptions)
    for adapter in _IBKR_ADAPTERS:
        lines += _model(("broker", adapter), IbkrOptions)
    return lines


def gateway_lines() -> list[str]:
    """The tables of the gateway simulator's own file."""
    gateway = (_GATEWAY,)
    return [
        *_model(gateway, GatewayOptions), *_model((*gateway, "prices", _BY_NAME), WalkOptions),
        *_model((*gateway, "bars", _BY_NAME), BarsOptions),
    ]  # fmt: skip


def _section(name: str, field: FieldInfo) -> Iterator[str]:
    model = _model_in(field.annotation)
    if model is None:
        yield from ("", f"## [{name}]", "", field.description or "", "", "One line each: its id and a description.")
    elif get_origin(field.annotation) is dict:
        yield from _model((name, _BY_NAME), model)
    else:
        yield from _model((name,), model)


def _model(tables: tuple[str, ...], model: type[BaseModel]) -> Iterator[str]:
    yield from ("", f"## [{'.'.join(tables)}]", "", " ".join((getdoc(model) or "").split()), "", *_HEAD)
    for name, field in model.model_fields.items():
        if _model_in(field.annotation) is None:
            variable = "" if _BY_NAME in tables or _GATEWAY in tables else f"<br>`{variable_of((*tables, name))}`"
            nothing = '"none"' if model is LimitSettings else "nothing"
            cells = (f"`{name}`{variable}", _type(field, nothing), _default(field), field.description or "")
            yield f"| {' | '.join(cells)} |"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The table behind a field, itself or by name."""
    candidates = (annotation, *get_args(annotation))
    return next((item for item in candidates if isinstance(item, type) and issubclass(item, BaseModel)), None)


def _type(field: FieldInfo, nothing: str) -> str:
    return f"{_type_name(field.annotation, nothing)}{''.join(_range(field))}"


def _type_name(annotation: Any, nothing: str = "nothing") -> str:
    if get_origin(annotation) in (Union, UnionType):
        inner = [item for item in get_args(annotation) if item is not type(None)]
        return f"{' or '.join(map(_type_name, inner))}, or {nothing}"
    if get_origin(annotation) in (frozenset, list, tuple):
        return f"list of {_type_name(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return f"table of {_type_name(get_args(annotation)[1])}"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    return _TYPES[annotation.__name__]


def _range(field: FieldInfo) -> Iterator[str]:
    for rule in field.metadata:
        if isinstance(rule, Gt):
            yield f", above {rule.gt}"
        elif isinstance(rule, Ge):
            yield f", at least {rule.ge}"
        elif isinstance(rule, Le):
            yield f", at most {rule.le}"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=False)
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "empty"
