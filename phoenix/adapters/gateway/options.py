"""What a gateway is told: the table `[gateway]`, checked key by key."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from phoenix.adapters.gateway.wire.handshake import HIGHEST_VERSION, LOWEST_VERSION
from phoenix.adapters.ibkr.guard import REAL_PORTS
from phoenix.adapters.setting_problems import refused_setting
from phoenix.adapters.simulation.configured import SimulatorOptions

PORT, CONTROL_PORT = 4010, 4011
NONE = "none"
_YEARS = range(1980, 2200)
"""Of told time: nearer the ends of the calendar there is no room for time zones and waits."""


class TimeKind(StrEnum):
    """REAL: the computer's clock. TOLD: time stands still until the control channel moves it."""

    REAL = "real"
    TOLD = "told"


class BarsOptions(BaseModel):
    """Recorded prices of one instrument: one-minute bars in two CSV files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bid: Path = Field(description="The bid's bars: timestamp,open,high,low,close.")
    ask: Path = Field(description="The ask's bars, of the same minutes.")


class GatewayOptions(SimulatorOptions):
    """The table `[gateway]` of the gateway simulator's own configuration file. Relative paths begin at its folder."""

    port: int = Field(
        default=PORT,
        ge=0,
        le=65535,
        description="Where clients connect; 0 is any free one, real gateways' are refused.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on; it must be this machine's own.")
    control_port: int | None = Field(
        default=CONTROL_PORT, ge=0, le=65535,
        description='Where the control channel listens; 0 is any free one, "none" is none at all.',
    )  # fmt: skip
    account: str = Field(
        default="SIM0001", pattern=r"^[A-Za-z0-9._-]{1,32}$",
        description="The account that clients trade. Phoenix trades one that begins with SIM only.",
    )  # fmt: skip
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="The account's currency.")
    commission_rate: Decimal = Field(
        default=Decimal("0.00002"), ge=0, le=1,
        description="The share of an execution's worth that is taken as commission; with 0 none is reported.",
    )  # fmt: skip
    bars: dict[str, BarsOptions] = Field(default_factory=dict)
    told: frozenset[str] = Field(
        default=frozenset(), description="Pairs without prices of their own: the control channel tells them."
    )
    rates: dict[str, Decimal] = Field(
        default_factory=dict,
        description="What one unit of a currency is worth in the account's, where no pair of the two has prices.",
    )
    time: TimeKind = Field(
        default=TimeKind.REAL, description="With told, time stands still until the control channel moves it."
    )
    told_from: AwareDatetime | None = Field(
        default=None,
        description="Where told time begins; by default with the bars, or now. A book goes on from where it was.",
    )
    zone: str = Field(
        default="America/New_York", description="The gateway's time zone; older clients get times without one."
    )
    highest_version: int = Field(
        default=HIGHEST_VERSION, ge=LOWEST_VERSION, le=HIGHEST_VERSION,
        description="The highest server version that is agreed to with a client.",
    )  # fmt: skip
    paces: bool = Field(
        default=True,
        description="Whether clients that send more than 50 messages in a second are warned, then cut off.",
    )

    @field_validator("control_port", mode="before")
    @classmethod
    def _none_is_none(cls, value: Any) -> Any:
        return None if value == NONE else value

    @field_validator("port", "control_port")
    @classmethod
    def _no_real_port(cls, port: int | None) -> int | None:
        if port in REAL_PORTS:
            raise ValueError(f"port {port} is where a real gateway listens, and a mistake could reach it")
        return port

    @field_validator("host")
    @classmethod
    def _this_machine(cls, host: str) -> str:
        if host == "localhost":
            return "127.0.0.1"
        try:
            is_here = ip_address(host).is_loopback
        except ValueError:
            is_here = False
        if not is_here:
            raise ValueError(f"{host[:80]!r} is not this machine; use 127.0.0.1 or ::1")
        return host

    @field_validator("told_from")
    @classmethod
    def _in_our_times(cls, instant: datetime | None) -> datetime | None:
        if instant is None:
            return None
        if instant.year not in _YEARS:
            raise ValueError(f"give a year from {_YEARS.start} to {_YEARS.stop - 1}")
        return instant.astimezone(UTC)

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name[:80]!r} is no time zone, such as America/New_York") from error
        return name

    @model_validator(mode="after")
    def _fit_together(self) -> GatewayOptions:
        if self.told_from is not None and self.time is not TimeKind.TOLD:
            raise refused_setting("told_from", "time is real, so it begins now", 'Set time = "told", or leave it out')
        if self.port != 0 and self.port == self.control_port:
            raise refused_setting("control_port", f"{self.port} is the clients' port", "Give it another, or none")
        sources = (self.prices, self.bars, self.told)
        for pair in sorted(set().union(*sources)):
            if sum(pair in source for source in sources) > 1:
                raise refused_setting(
                    f"prices.{pair}", "it has two sources of prices", "Keep one of prices, bars, told"
                )
        for name, rate in self.rates.items():
            if not (rate.is_finite() and rate > 0):
                raise refused_setting(f"rates.{name}", "it is not above zero", "Give the worth of one unit")
        return self

    def first_instant(self, now: datetime, first_bar: datetime | None) -> datetime:
        """Where time begins for a gateway without a book."""
        if self.time is TimeKind.REAL:
            return now
        return self.told_from or first_bar or now
