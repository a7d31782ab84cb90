"""The numbers a person configures, as the rules see them. Durations are whole seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.anchor import AnchorPolicy
from phoenix.domain.decay import DecayPolicy
from phoenix.domain.heartbeat import HeartbeatPolicy
from phoenix.domain.instrument import Instrument
from phoenix.domain.limits import Limits
from phoenix.domain.promotion.checklist import PromotionPolicy
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.sizing import SizingPolicy
from phoenix.domain.vocabulary import AccountMode


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """Which account may be traded. `allow_live` must be set for a LIVE mode, and takes a restart to change."""

    account: str
    mode: AccountMode
    currency: str
    allow_live: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the kernel is configured with. `sizes_on_balance`: risk a share of the realised balance, not of equity
    with its open profits. Without `promotion` no strategy can be promoted."""

    instruments: Mapping[str, Instrument]
    account: AccountPolicy
    limits: Limits
    sizing: SizingPolicy
    sizes_on_balance: bool = False
    anchor: AnchorPolicy = field(default_factory=AnchorPolicy)
    clock_skew_s: int = 5
    decision_life_s: int = 60
    acknowledgement_limit_s: int = 60
    stall_escalation_s: int = 900
    protection_grace_s: int = 10
    exit_silence_s: int = 60
    send_within_s: int = 10
    reconnect_delays_s: tuple[int, ...] = (5, 15, 45)
    orders_per_second_max: int = 50
    reconciliation: ReconciliationPolicy = field(default_factory=ReconciliationPolicy)
    promotion: PromotionPolicy | None = field(default_factory=PromotionPolicy)
    decay: DecayPolicy = field(default_factory=DecayPolicy)
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    heartbeat: HeartbeatPolicy = field(default_factory=HeartbeatPolicy)
