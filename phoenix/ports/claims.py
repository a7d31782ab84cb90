"""Claims: the only key that opens a broker adapter for an order (SPEC 11.4).

The store issues a claim when it has committed the use of a token together with the order it is for. The claim opens
the broker once, for exactly that order.
"""

from __future__ import annotations

from dataclasses import dataclass

from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.errors import ClaimRefused


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A committed right to send one order group. Only an office's own instances count; a copy opens nothing."""

    token_id: str
    intent_id: str
    order_group_id: str
    order_hash: str
    committed_seq: int


class ClaimOffice:
    """Issues claims at commit and redeems each of them once. Lives and dies with the process that holds the store."""

    def __init__(self) -> None:
        self._outstanding: dict[str, Claim] = {}

    def issue(self, claim: Claim) -> Claim:
        """Register a claim; called by a bead store after the commit and by nothing else."""
        self._outstanding[claim.order_group_id] = claim
        return claim

    def claim_for(self, order_group_id: str) -> Claim | None:
        """The outstanding claim for an order group, if this process committed one that was not yet redeemed."""
        return self._outstanding.get(order_group_id)

    def void(self, order_group_id: str) -> None:
        """Give up the claim for an order group that the last look held back."""
        self._outstanding.pop(order_group_id, None)

    def redeem(self, claim: object, plan: OrderPlan) -> Claim:
        """Take the claim for this plan, once. Raises ClaimRefused; the order must then not be sent."""
        outstanding = self._outstanding.get(plan.order_group_id)
        if not isinstance(claim, Claim) or outstanding is not claim:
            raise ClaimRefused(f"order group {plan.order_group_id} carries no committed claim; it was not sent. "
                               "Approve it first")  # fmt: skip
        if claim.order_hash != plan.order_hash():
            raise ClaimRefused(f"order group {plan.order_group_id} differs from the approved order; it was not sent. "
                               "Refresh and approve again")  # fmt: skip
        del self._outstanding[plan.order_group_id]
        return claim
