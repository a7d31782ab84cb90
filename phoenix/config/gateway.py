"""The gateway simulator's own configuration: a TOML file of a few tables, below what is said on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from phoenix.adapters.gateway.options import GatewayOptions
from phoenix.adapters.gateway.prices import BUILT_IN
from phoenix.adapters.setting_problems import setting_problem
from phoenix.config.reading import table_of
from phoenix.config.settings import CalendarName, InstrumentSettings, MarketSettings, Settings, Table
from phoenix.domain.instrument import Instrument
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.errors import ConfigurationError

ALL_TOLD = "prices told"
"""Stands among what is said on the command line for every pair that has no bars."""


class GatewayFile(Table):
    """A file for `phoenix gateway run --config`. Without instruments, those of the home count, where there is one."""

    gateway: GatewayOptions = Field(default_factory=GatewayOptions)
    instruments: dict[str, InstrumentSettings] = Field(default_factory=dict)
    market: MarketSettings = MarketSettings()


@dataclass(frozen=True, slots=True)
class GatewayConfiguration:
    """What a gateway is made from; relative paths begin at `folder`."""

    options: GatewayOptions
    instruments: Mapping[str, Instrument]
    calendar: CalendarName
    folder: Path


def read_gateway(file: Path | None, home: Settings | None, said: Mapping[str, Any]) -> GatewayConfiguration:
    """The checked configuration; keys of `[gateway]` in `said` go before the file. Raises ConfigurationError."""
    tables = table_of(file)
    instruments = _instruments(tables.get("instruments"), home)
    gateway = tables.get("gateway", {})
    if isinstance(gateway, dict):
        tables["gateway"] = _with_said({**_account_of(home), **gateway}, said, instruments)
    try:
        checked = GatewayFile.model_validate(tables)
    except ValidationError as error:
        raise ConfigurationError(f"{setting_problem(error.errors()[0])} (phoenix gateway run --help)") from error
    own = {pair: settings.instrument(pair) for pair, settings in checked.instruments.items()}
    calendar = checked.market if "market" in tables or home is None else home.market
    known = own or _instruments(None, home)
    return GatewayConfiguration(checked.gateway, known, calendar.calendar, Path() if file is None else file.parent)


def _instruments(own: object, home: Settings | None) -> Mapping[str, Any]:
    """By pair; those of the file are not checked yet."""
    if isinstance(own, dict) and own:
        return own
    return BUILT_IN if home is None else {pair: one.instrument(pair) for pair, one in home.instruments.items()}


def _account_of(home: Settings | None) -> dict[str, str]:
    """A simulator account of the home is the gateway's, too, unless another is named."""
    if home is None or home.account.mode is not AccountMode.SIMULATOR:
        return {}
    return {"account": home.account.id, "currency": home.account.currency}


def _with_said(gateway: Mapping[str, Any], said: Mapping[str, Any], instruments: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**gateway, **{name: value for name, value in said.items() if name != ALL_TOLD}}
    if ALL_TOLD in said:
        bars = merged.get("bars", {})
        merged["prices"] = {}
        merged["told"] = sorted(set(instruments) - set(bars if isinstance(bars, dict) else ()))
    return merged
