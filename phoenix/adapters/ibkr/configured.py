"""An IBKR adapter from its table of the configuration, the same for every client library."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.adapters.ibkr.guard import SessionGuard
from phoenix.adapters.ibkr.line import LineFactory
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.adapters.setting_problems import setting_problem
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.errors import ConfigurationError


class IbkrOptions(BaseModel):
    """The table of an IBKR adapter, `[broker.ib_insync]` or `[broker.ibapi]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int = Field(
        ge=1, le=65535, description="The gateway's socket port: 4002 or 7497 for paper, 4001 or 7496 for live."
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Where the gateway runs.")
    client_id: int = Field(
        default=1, ge=1, le=2_147_483_647,
        description="Ours at the gateway; no other program may use it, and orders stay with it.",
    )  # fmt: skip
    gateway_zone: str | None = Field(
        default=None, description="The gateway's time zone, such as America/New_York; older servers' times need it."
    )
    accounts_allowed: frozenset[str] | None = Field(
        default=None, description="The accounts that may be traded; the configured one alone, where none is named."
    )
    connect_timeout_s: float = Field(default=10.0, gt=0, le=120, description="How long a connection may take to open.")
    query_timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="After this time an answer that is not complete counts as unknown."
    )

    @field_validator("gateway_zone")
    @classmethod
    def _zone_exists(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"{name[:80]!r} is no time zone") from error
        return name


def ibkr_broker(name: str, context: BrokerContext, line: LineFactory) -> IbkrBroker:
    """The adapter that the entry point `name` stands for. Raises ConfigurationError; connects to nothing."""
    settings = _settings(name, context)
    guard = SessionGuard(settings.account, settings.host, settings.port, settings.allowed)
    objection = guard.objection_to_place() or guard.objection_to_account()
    if objection is not None:
        table = "" if objection.setting.startswith("account.") else f"broker.{name}."
        raise ConfigurationError(f"{table}{objection.setting}: {objection}")
    return IbkrBroker(name, settings, line, context.office, context.sink)


def _settings(name: str, context: BrokerContext) -> IbkrSettings:
    try:
        options = IbkrOptions.model_validate(dict(context.options))
    except ValidationError as error:
        raise ConfigurationError(setting_problem(error.errors()[0], "broker", name)) from error
    return IbkrSettings(
        host=options.host, port=options.port, client_id=options.client_id, account=context.account,
        instruments=context.instruments, clock=context.clock,
        allowed=frozenset({context.account.account}) if options.accounts_allowed is None else options.accounts_allowed,
        zone=None if options.gateway_zone is None else ZoneInfo(options.gateway_zone),
        connect_timeout_s=options.connect_timeout_s, query_timeout_s=options.query_timeout_s,
    )  # fmt: skip
