"""An approver for simulated accounts, where no human's capital is at stake."""

from __future__ import annotations

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import DecisionKind, SignerKind
from phoenix.ports.approver import Approver, Review, Verdict


class SimulatedApprover(Approver):
    """Approves everything at once. Its proof says SIMULATED, which paper and live accounts do not accept."""

    def __init__(self, identity: str = "simulated-approver") -> None:
        self._signer = Signer(SignerKind.HUMAN, identity)

    def review(self, review: Review) -> Verdict:  # noqa: ARG002 - it approves whatever it is shown
        return Verdict(DecisionKind.APPROVE, self._signer, None, {"kind": "SIMULATED"})
