"""The human's side of a drill at the command line: typed at a terminal, or simulated where a script drills."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import SignerKind

if TYPE_CHECKING:
    from phoenix.domain.encoding import Json
    from phoenix.domain.instrument import Instrument
    from phoenix.ports.broker_facts import Quote
    from phoenix.runtime.readings.reviews import Review


class TypedApprover:
    """Shows the review, and has what is being done typed out."""

    def __init__(self, instrument: Instrument, *, as_json: bool) -> None:
        from phoenix.cli.person import person

        self.signer = person()
        self._instrument = instrument
        self._as_json = as_json

    def show(self, review: Review, quote: Quote | None) -> None:
        from phoenix.adapters.clock import SystemClock
        from phoenix.cli.printing import console
        from phoenix.cli.views.reviews import review_view
        from phoenix.ports.answers import Complete, Unknown

        answer = Unknown("no quote was asked for") if quote is None else Complete(quote, quote.as_of)
        view = review_view(review, answer, self._instrument, SystemClock().now())
        console(is_error=self._as_json).print(view)

    async def proof(self, review: Review, limit_s: float) -> Json:
        from phoenix.cli.confirming import terminal_name, typed_in_time
        from phoenix.runtime.documents.reviews import confirmation

        wanted = confirmation(review)
        if await typed_in_time(wanted, limit_s) != wanted:
            return None
        return {"kind": "TYPED", "typed": wanted, "terminal": terminal_name()}


class SimulatedApprover:
    """Says yes to its own drill, for scripts; the core takes such a proof on simulated accounts only."""

    def __init__(self) -> None:
        self.signer = Signer(SignerKind.HUMAN, f"{getpass.getuser()} by --yes-simulated")

    def show(self, review: Review, quote: Quote | None) -> None:
        """Nobody is looking."""

    async def proof(self, review: Review, limit_s: float) -> Json:
        del limit_s
        return {"kind": "SIMULATED", "intent_id": review.intent_id}
