"""Every setting with its default. Durations are seconds, money is in the account's currency."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer, field_validator, model_validator

from phoenix.adapters.reset_windows import read_reset_window
from phoenix.adapters.setting_problems import refused_setting, shown_setting
from phoenix.config.channels import require_channel_names, shown_address
from phoenix.config.kinds import PathSetting, StrategyNames
from phoenix.domain.alerting.policy import LOCAL_CHANNELS, AlertPolicy
from phoenix.domain.anchor import AnchorPolicy
from phoenix.domain.decay import DecayPolicy
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.heartbeat import HeartbeatPolicy
from phoenix.domain.instrument import Instrument
from phoenix.domain.limits import Limits
from phoenix.domain.policy import AccountPolicy, Policy
from phoenix.domain.promotion.checklist import SESSIONS_MIN, PromotionPolicy
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.sizing import SizingPolicy
from phoenix.domain.vocabulary import AccountMode, Regime


class Table(BaseModel):
    """A table of the configuration: closed, so that a misspelt key is refused instead of ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountSettings(Table):
    """Which account is traded. Live trading needs `allow_live` and a restart."""

    id: str = Field(
        default="SIM0001",
        description="The account. A simulator account begins with SIM, a paper account with DU, a live one with U.",
    )
    mode: AccountMode = Field(
        default=AccountMode.SIMULATOR, description="SIMULATOR, PAPER or LIVE; the store belongs to one for good."
    )
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="The currency that the account is kept in.")
    allow_live: bool = Field(default=False, description="Live trading needs this, and a restart.")

    @model_validator(mode="after")
    def _prefix_fits_mode(self) -> AccountSettings:
        prefixes = {AccountMode.SIMULATOR: "SIM", AccountMode.PAPER: "DU", AccountMode.LIVE: "U"}
        if not self.id.startswith(prefixes[self.mode]):
            raise refused_setting(
                "id", f"{shown_setting(self.id)} does not begin with {prefixes[self.mode]} as {self.mode} needs",
                "Correct account.id or account.mode",
            )  # fmt: skip
        if self.mode is AccountMode.LIVE and not self.allow_live:
            raise refused_setting("allow_live", "a LIVE account needs it", "Set account.allow_live = true")
        return self

    def policy(self) -> AccountPolicy:
        return AccountPolicy(self.id, self.mode, self.currency, self.allow_live)


class InstrumentSettings(Table):
    """What is traded, with the broker's own grids."""

    symbol: str = Field(description="The broker's symbol, such as GBP.")
    security_type: str = Field(default="CASH", description="The broker's kind of security.")
    exchange: str = Field(default="IDEALPRO", description="Where it is traded.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="The currency that its price is in.")
    tick: Decimal = Field(gt=0, description="The grid that its prices stand on.")
    pip: Decimal = Field(gt=0, description="What counts as one pip.")
    min_size: Decimal = Field(gt=0, description="The smallest quantity of an order, in units.")
    size_step: Decimal = Field(gt=0, description="The grid that quantities stand on, in units.")

    def instrument(self, pair: str) -> Instrument:
        return Instrument(
            pair, self.symbol, self.security_type, self.exchange, self.currency, self.tick, self.pip, self.min_size,
            self.size_step,
        )  # fmt: skip


class LimitSettings(Table):
    """Risk limits for entries. A limit is lifted by the word "none", never by leaving it out."""

    quantity_max: Decimal | None = Field(
        default=Limits().quantity_max, description="The most units that one order may be for."
    )
    notional_max: Decimal | None = Field(
        default=Limits().notional_max, description="The most that one order may be worth."
    )
    buying_power_share_max: Decimal | None = Field(
        default=Limits().buying_power_share_max,
        description="The share of the buying power that one order may take, 0 to 1.",
    )
    collar_percent: Decimal | None = Field(
        default=Limits().collar_percent, description="How far the planned entry may lie from the quote, in per cent."
    )
    position_quantity_max: Decimal | None = Field(
        default=Limits().position_quantity_max, description="The most units of one instrument that may be open."
    )
    open_positions_max: int | None = Field(
        default=Limits().open_positions_max, description="The most positions that may be open."
    )
    daily_loss_percent: Decimal | None = Field(
        default=Limits().daily_loss_percent,
        description="The loss of a day, in per cent of equity, after which no entry passes.",
    )
    orders_per_minute_max: int | None = Field(
        default=Limits().orders_per_minute_max, description="The most entries in a minute."
    )
    orders_per_day_max: int | None = Field(
        default=Limits().orders_per_day_max, description="The most entries in a day."
    )
    duplicate_window_s: int | None = Field(
        default=Limits().duplicate_window_s, description="An entry like one within this time is taken for a duplicate."
    )
    pairs_allowed: frozenset[str] | None = Field(
        default=None, description="The only instruments that may be traded; all, where none is named."
    )
    session_hours_required: bool = Field(
        default=Limits().session_hours_required, description="Whether entries pass within trading hours only."
    )
    quote_age_max_s: int | None = Field(default=Limits().quote_age_max_s, description="How old the quote may be.")
    clock_skew_max_s: Decimal | None = Field(
        default=Limits().clock_skew_max_s, description="How far the broker's clock and ours may be apart."
    )

    @model_validator(mode="before")
    @classmethod
    def _none_is_a_word(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        return {key: None if value == "none" else value for key, value in values.items()}

    def limits(self) -> Limits:
        return Limits(**{name: getattr(self, name) for name in type(self).model_fields})


class AnchorSettings(Table):
    """How long a state anchor stands, by regime, and when staleness also sets a kill flag."""

    ttl_normal_s: int = Field(default=1800, gt=0, description="How long an anchor stands in regime NORMAL.")
    ttl_high_vol_s: int = Field(default=900, gt=0, description="How long it stands in HIGH_VOL.")
    ttl_news_s: int = Field(default=600, gt=0, description="How long it stands in NEWS.")
    stale_threshold_s: int = Field(
        default=900, gt=0, description="The age beyond which acting on an anchor also sets a kill flag."
    )
    stale_kill_s: int = Field(default=300, gt=0, description="How long that kill flag stands.")

    def policy(self) -> AnchorPolicy:
        ttl = {Regime.NORMAL: self.ttl_normal_s, Regime.HIGH_VOL: self.ttl_high_vol_s, Regime.NEWS: self.ttl_news_s}
        return AnchorPolicy(ttl, self.stale_threshold_s, self.stale_kill_s)


class TimingSettings(Table):
    """Periods of the watch over orders. A token's five minutes are not among them: they are no setting."""

    clock_skew_s: int = Field(default=5, ge=0, description="How far in the future an instant from outside may lie.")
    decision_life_s: int = Field(
        default=60, gt=0, description="After this time an unanswered decision lapses, and nothing happens."
    )
    acknowledgement_limit_s: int = Field(
        default=60, gt=0, description="Silence on an order that was sent, after which its position is STALLED."
    )
    stall_escalation_s: int = Field(
        default=900, gt=0, description="After this time a stalled position is told of once more."
    )
    protection_grace_s: int = Field(
        default=10, gt=0, description="How long an open position may be without its stop before that is CRITICAL."
    )
    exit_silence_s: int = Field(default=60, gt=0, description="Silence on an exit, after which it is told of.")
    send_within_s: int = Field(
        default=10, gt=0, description="An order that is older than this when it would leave is not sent."
    )
    orders_per_second_max: int = Field(
        default=50, ge=3, le=50, description="Messages to the broker in a second; orders go first."
    )


class SizingSettings(Table):
    """How old equity and rates may be, and whether a share of the realised balance is risked or of the equity."""

    equity_max_age_s: int = Field(
        default=300, gt=0, description="The age beyond which the account's equity counts as unknown."
    )
    rate_max_age_s: int = Field(
        default=60, gt=0, description="The age beyond which a conversion rate counts as unknown."
    )
    on_balance: bool = Field(default=False, description="Risk a share of the realised balance instead of the equity.")


class BrokerSettings(BaseModel):
    """Which adapter is used. Every adapter has a table of its own, named like it, that only it reads."""

    model_config = ConfigDict(extra="allow", frozen=True)

    adapter: str = Field(
        default="chaos_mock",
        description="The adapter, by the name of its entry point; its own table is called the same.",
    )
    reset_windows: tuple[str, ...] = Field(
        default=(),
        description="When the broker resets its servers every night, such as `23:45-00:45 America/New_York`, usual for "
        "IBKR. No entry passes then, and a session that is lost then is opened anew after it.",
    )

    @field_validator("reset_windows")
    @classmethod
    def _windows_are_windows(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        for text in windows:
            try:
                read_reset_window(text)
            except InvalidValue as error:
                raise refused_setting("", error.refused, error.remedy) from error
        return windows

    @model_validator(mode="after")
    def _others_are_tables(self) -> BrokerSettings:
        for name, value in (self.model_extra or {}).items():
            if not isinstance(value, dict):
                raise refused_setting(
                    name, "no such setting", "Correct the spelling; what an adapter has of its own stands in its table"
                )  # fmt: skip
        return self

    @property
    def options(self) -> dict[str, object]:
        """The chosen adapter's own table."""
        table = (self.model_extra or {}).get(self.adapter, {})
        return dict(table) if isinstance(table, dict) else {}


class StoreSettings(Table):
    """The database file, and after how many beads its folded state is kept for the next start.

    Relative paths, here and below, begin at the folder of the configuration file.
    """

    path: PathSetting = Field(default=Path("phoenix.db"), description="The database file.")
    busy_timeout_s: float = Field(
        default=5.0, gt=0, description="How long another process that holds the database is waited for."
    )
    snapshot_every_beads: int = Field(
        default=2000, ge=1, description="After so many beads the folded state is kept for the next start."
    )


class CheckpointSettings(Table):
    """Signed checkpoints of the chain: their file, the keys, and after how many beads or seconds the next is due."""

    path: PathSetting = Field(default=Path("checkpoints.jsonl"), description="The file of the signed checkpoints.")
    private_key: PathSetting = Field(
        default=Path("checkpoint.key"), description="The private key, in a file for its owner only."
    )
    public_key: str = Field(default="", description="The public key that belongs to it, 64 hexadecimal digits.")
    every_beads: int = Field(default=500, ge=1, description="After so many beads the next checkpoint is due.")
    every_s: int = Field(default=300, ge=1, description="After this time it is due, if there is any bead to cover.")


class InboxSettings(Table):
    """The folder that signals are dropped into."""

    path: PathSetting = Field(default=Path("inbox"), description="The folder.")


class AlertSettings(Table):
    """How alerts reach people: a file, the process's own output, and other channels by their apprise addresses.

    A secret is written into an address as ${NAME} and comes from the environment, or from the secrets file. Addresses
    are never shown nor recorded.
    """

    path: PathSetting = Field(default=Path("alerts.jsonl"), description="The file; every alert is a line.")
    channels: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Other channels by name, each an apprise address such as tgram://${TOKEN}/${CHAT}.",
    )
    secrets: PathSetting = Field(
        default=Path("alert-secrets.toml"),
        description="The secrets of channels by name, in a file for its owner only.",
    )
    throttle_s: int = Field(
        default=AlertPolicy().throttle_s, ge=0, description="The same matter below CRITICAL goes out once in this time."
    )
    gather_s: int = Field(
        default=AlertPolicy().gather_s,
        ge=0,
        description="Anything below CRITICAL goes out once in this time, together.",
    )
    escalation_s: int = Field(
        default=AlertPolicy().escalation_s, gt=0, le=AlertPolicy().escalation_s,
        description="A CRITICAL alert that nobody has acknowledged goes out again after this time.",
    )  # fmt: skip
    timeout_s: float = Field(default=20.0, gt=0, le=120, description="A delivery without an answer has failed by then.")
    leave_s: float = Field(
        default=3.0, ge=0, le=60, description="How long a process that ends waits for alerts that are on their way."
    )

    @model_validator(mode="after")
    def _channels_have_names(self) -> AlertSettings:
        require_channel_names(self.channels)
        return self

    @field_serializer("channels")
    def _without_secrets(self, channels: dict[str, SecretStr]) -> dict[str, str]:
        return {name: shown_address(address.get_secret_value()) for name, address in sorted(channels.items())}

    def policy(self) -> AlertPolicy:
        return AlertPolicy((*LOCAL_CHANNELS, *sorted(self.channels)), self.throttle_s, self.gather_s, self.escalation_s)


class ReconciliationSettings(Table):
    """When Phoenix's book is compared with the broker's, and what counts as a difference."""

    interval_s: int = Field(
        default=ReconciliationPolicy().interval_s, gt=0,
        description="How often the books are compared in market hours, beside what happens; also as "
        "`PHOENIX_RECONCILE_INTERVAL_SEC`.",
    )  # fmt: skip
    settling_s: int = Field(
        default=ReconciliationPolicy().settling_s, ge=0,
        description="How long after the last execution in an instrument a difference may be a mere lag.",
    )  # fmt: skip
    escalation_s: int = Field(
        default=ReconciliationPolicy().escalation_s, gt=0,
        description="After how long an unresolved drift is told again.",
    )  # fmt: skip
    pnl_tolerance: Decimal = Field(
        default=ReconciliationPolicy().pnl_tolerance, ge=0,
        description="How far profit may differ from the broker's before it is told, in the account's currency.",
    )  # fmt: skip
    runs_per_minute_max: int = Field(
        default=ReconciliationPolicy().runs_per_minute_max, ge=1, le=12,
        description="How often the broker is asked at most; what calls for more is gathered into the next run.",
    )  # fmt: skip

    def policy(self) -> ReconciliationPolicy:
        return ReconciliationPolicy(**self.model_dump())


class HeartbeatSettings(Table):
    """How often the executor looks at itself and keeps its session alive, in seconds."""

    interval_s: int = Field(
        default=HeartbeatPolicy().interval_s, gt=0, le=500, description="How often it looks, give or take `jitter_s`."
    )
    jitter_s: int = Field(
        default=HeartbeatPolicy().jitter_s, ge=0, le=60, description="By how much the interval varies at most."
    )
    late_after_s: int = Field(
        default=HeartbeatPolicy().late_after_s, gt=0,
        description="How long a worker may be overdue before that is told; also how much later than `reconciliation."
        "interval_s` the last comparison may be.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _beats_apart(self) -> HeartbeatSettings:
        if self.jitter_s >= self.interval_s:
            raise ValueError(f"heartbeat.jitter_s {self.jitter_s} is not less than heartbeat.interval_s; lower it")
        return self

    def policy(self) -> HeartbeatPolicy:
        return HeartbeatPolicy(**self.model_dump())


class ServeSettings(Table):
    """How often the executor looks for what other processes appended, in seconds."""

    poll_s: float = Field(
        default=0.25, gt=0, le=60, description="How often the executor looks for what other processes appended."
    )


class CommandSettings(Table):
    """How long a command waits for an outcome, and how long it stays with an order it has sent itself, in seconds."""

    wait_s: float = Field(default=5.0, ge=0, le=60, description="How long a command waits for the executor's answer.")
    linger_s: float = Field(
        default=1.0, ge=0, le=60, description="How long a command stays with an order that it has sent itself."
    )


class PluginSettings(BaseModel):
    """Which neighbour is used. Each has a table of its own, named like it, that only it reads."""

    model_config = ConfigDict(extra="allow", frozen=True)

    source: str

    @property
    def options(self) -> dict[str, object]:
        """The chosen neighbour's own table."""
        table = (self.model_extra or {}).get(self.source, {})
        return dict(table) if isinstance(table, dict) else {}


class ShadowSettings(PluginSettings):
    """Who follows the signals of strategies in SHADOW: "tracker", "none", or one that a package brings."""

    source: str = Field(default="tracker", description="Who follows them: tracker, none, or one that a package brings.")


class SignalmanSettings(PluginSettings):
    """Who watches strategies wear out ("none", "rolling", or one that a package brings), and what its scores bring."""

    source: str = Field(default="none", description="Who watches: none, rolling, or one that a package brings.")
    warn_at: Decimal = Field(
        default=DecayPolicy().warn_at, gt=0, le=1, description="From what score on a human is told."
    )
    kill_at: Decimal = Field(
        default=DecayPolicy().kill_at, gt=0, le=1, description="From what score on a kill flag is set."
    )

    @model_validator(mode="after")
    def _warns_before_it_kills(self) -> SignalmanSettings:
        if self.warn_at > self.kill_at:
            raise ValueError(f"warn_at {self.warn_at} is above kill_at {self.kill_at}")
        return self


class AutopsySettings(Table):
    """Who examines closed positions: "builtin", or one that a package brings."""

    adapter: str = Field(default="builtin", description="Who examines them: builtin, or one that a package brings.")


class PromotionSettings(Table):
    """How many shadow sessions a promotion needs, never fewer than 20, and how long its intent waits for a human."""

    sessions_min: int = Field(
        default=SESSIONS_MIN, ge=SESSIONS_MIN, description="How many shadow sessions a promotion needs, 20 at least."
    )
    intent_life_s: int = Field(
        default=PromotionPolicy().intent_life_s, gt=0, description="How long a proposed promotion waits for a human."
    )


class CalendarName(StrEnum):
    FX_WEEK = "FX_WEEK"
    ALWAYS_OPEN = "ALWAYS_OPEN"


class MarketSettings(Table):
    """When instruments trade. A market that never closes exists in the simulator only."""

    calendar: CalendarName = Field(
        default=CalendarName.FX_WEEK,
        description="FX_WEEK keeps the hours of currencies; ALWAYS_OPEN exists in the simulator only.",
    )


def _gbpusd() -> dict[str, InstrumentSettings]:
    return {
        "GBPUSD": InstrumentSettings(
            symbol="GBP", currency="USD", tick=Decimal("0.00005"), pip=Decimal("0.0001"), min_size=Decimal(1000),
            size_step=Decimal(1000),
        )
    }  # fmt: skip


class Settings(Table):
    """The whole configuration. `strategies` names those that are registered at the start, each with a description."""

    account: AccountSettings = AccountSettings()
    broker: BrokerSettings = BrokerSettings()
    instruments: dict[str, InstrumentSettings] = Field(default_factory=_gbpusd)
    limits: LimitSettings = LimitSettings()
    anchor: AnchorSettings = AnchorSettings()
    timing: TimingSettings = TimingSettings()
    sizing: SizingSettings = SizingSettings()
    market: MarketSettings = MarketSettings()
    strategies: StrategyNames = Field(
        default_factory=dict, description="Strategies that are registered at the start, each with a description."
    )
    store: StoreSettings = StoreSettings()
    checkpoints: CheckpointSettings = CheckpointSettings()
    inbox: InboxSettings = InboxSettings()
    alerts: AlertSettings = AlertSettings()
    serve: ServeSettings = ServeSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    commands: CommandSettings = CommandSettings()
    shadow: ShadowSettings = ShadowSettings()
    signalman: SignalmanSettings = SignalmanSettings()
    autopsy: AutopsySettings = AutopsySettings()
    promotion: PromotionSettings = PromotionSettings()
    reconciliation: ReconciliationSettings = ReconciliationSettings()

    @model_validator(mode="after")
    def _calendar_fits_mode(self) -> Settings:
        if self.market.calendar is CalendarName.ALWAYS_OPEN and self.account.mode is not AccountMode.SIMULATOR:
            raise refused_setting(
                "market.calendar", f"ALWAYS_OPEN does not fit a {self.account.mode} account", "Use FX_WEEK"
            )  # fmt: skip
        return self

    def document(self) -> Json:
        """The settings as they are recorded: numbers as text, and no secret, for there is none in them."""
        return _as_text(self.model_dump(mode="json"))

    def policy(self) -> Policy:
        """The rules' own view of the configuration."""
        return Policy(
            instruments={pair: table.instrument(pair) for pair, table in self.instruments.items()},
            account=self.account.policy(),
            limits=self.limits.limits(),
            sizing=SizingPolicy(self.sizing.equity_max_age_s, self.sizing.rate_max_age_s),
            sizes_on_balance=self.sizing.on_balance,
            anchor=self.anchor.policy(),
            promotion=PromotionPolicy(self.promotion.sessions_min, self.promotion.intent_life_s),
            decay=DecayPolicy(self.signalman.warn_at, self.signalman.kill_at),
            reconciliation=self.reconciliation.policy(),
            alerts=self.alerts.policy(),
            heartbeat=self.heartbeat.policy(),
            **self.timing.model_dump(),
        )


def _as_text(value: object) -> Json:
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if value is None or isinstance(value, bool | str) else str(value)
