"""The last look: what may have changed between the commit and the send (SPEC 3.7)."""

from __future__ import annotations

from phoenix.application.effects import SendOrder
from phoenix.application.guards import require_no_kill_flag
from phoenix.domain.policy import Policy
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import IntentKind, RefusalReason
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Session


def require_last_look(state: State, policy: Policy, effect: SendOrder, session: Answer[Session]) -> None:
    """Raises Refused when the order must not go out after all. Exits are not stopped by a kill flag."""
    if effect.kind is IntentKind.ENTRY:
        require_no_kill_flag(state, effect.strategy_id)
    if isinstance(session, Unknown):
        raise Refused(RefusalReason.CONNECTION, "session", session.reason, "Connect, then approve anew")
    if effect.kind is IntentKind.ENTRY and not state.session.is_reconciled:
        raise Refused(RefusalReason.CONNECTION, "session", state.session.detail, "Wait for complete recovery reads")
    if session.value.account != policy.account.account or session.value.mode is not policy.account.mode:
        raise Refused(
            RefusalReason.ACCOUNT, "account", f"the session is on {session.value.account}",
            "Connect to the configured account",
        )  # fmt: skip
