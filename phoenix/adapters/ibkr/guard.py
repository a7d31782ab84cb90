"""Which gateway may be talked to, as which account, in which mode: checked at connect and before every order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from types import MappingProxyType

from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode

REAL_PORTS: Mapping[int, AccountMode] = MappingProxyType(
    {4001: AccountMode.LIVE, 4002: AccountMode.PAPER, 7496: AccountMode.LIVE, 7497: AccountMode.PAPER}
)
"""Where IB Gateway (400…) and TWS (749…) listen unless told otherwise."""
USUAL_PORTS = "IB Gateway listens at 4002 (paper) or 4001 (live), TWS at 7497 (paper) or 7496 (live)"
_PREFIXES: Mapping[AccountMode, str] = MappingProxyType(
    {AccountMode.SIMULATOR: "SIM", AccountMode.PAPER: "DU", AccountMode.LIVE: "U"}
)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a gateway or an account must not be used, and the sentence on what to do about it.

    `setting` stands in the way: one of the adapter's table, or of [account].
    """

    setting: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.cause}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class SessionGuard:
    """The account that is configured, and where the gateway is; `allowed` are the accounts that may be traded."""

    policy: AccountPolicy
    host: str
    port: int
    allowed: frozenset[str]

    def objection_to_place(self) -> Objection | None:
        """Why this gateway must not even be connected to, or None."""
        mode, port_mode = self.policy.mode, REAL_PORTS.get(self.port)
        if mode is AccountMode.SIMULATOR:
            return self._objection_to_simulator(port_mode)
        if port_mode is not mode:
            fitting = " or ".join(str(port) for port, of in REAL_PORTS.items() if of is mode)
            return Objection("port", f"port {self.port} is not one of a {mode.value} gateway", f"Set {fitting}")
        return None

    def _objection_to_simulator(self, port_mode: AccountMode | None) -> Objection | None:
        if port_mode is not None:
            return Objection(
                "port", f"port {self.port} is where a real gateway listens", "Give a simulator another port"
            )
        if not _is_loopback(self.host):
            return Objection("host", f"host {self.host} is not this machine, as a simulator's must be", "Set 127.0.0.1")
        return None

    def objection_to_account(self) -> Objection | None:
        """Why the configured account must not be traded, or None."""
        policy = self.policy
        if not policy.account.startswith(_PREFIXES[policy.mode]):
            return Objection(
                "account.id",
                f"account {policy.account} is no {policy.mode.value} account",
                "Correct account.id or account.mode",
            )
        if policy.account not in self.allowed:
            allowed = ", ".join(sorted(self.allowed)) or "of which there are none"
            return Objection(
                "accounts_allowed",
                f"account {policy.account} is not among the allowed accounts, {allowed}",
                "Correct account.id or accounts_allowed",
            )
        if policy.mode is AccountMode.LIVE and not policy.allow_live:
            return Objection("account.allow_live", "live trading is not enabled", "Set account.allow_live and restart")
        return None

    def objection_to_session(self, accounts: tuple[str, ...]) -> Objection | None:
        """Why a session that manages these accounts must not be used, or None."""
        mode = self.policy.mode
        if self.policy.account not in accounts:
            return Objection(
                "account.id",
                f"the gateway is logged in to {', '.join(accounts) or 'no account'}, not to {self.policy.account}",
                "Log in to the configured account, or correct account.id",
            )
        strangers = [account for account in accounts if not account.startswith(_PREFIXES[mode])]
        if strangers:
            stranger = f"account {strangers[0]} of this login is no {mode.value} account"
            return Objection("account.mode", stranger, f"Log in to {mode.value} accounts only")
        return None

    def objection(self, accounts: tuple[str, ...]) -> Objection | None:
        """The first of all objections."""
        return self.objection_to_place() or self.objection_to_account() or self.objection_to_session(accounts)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
