"""What a scenario remembers between its steps: the world, what was proposed, and what was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.work import IssuedToken
from phoenix.domain.errors import PhoenixError
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.history_check import HistoryBead, check_history
from phoenix.rehearsal.world import World

R = TypeVar("R")


class Scene:
    """One scenario in progress. The world comes into being when it is first looked at, with `settings`.

    `is_settled` says that nothing is left open at the end; `closing` is what is let go of then.
    """

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.strategies: list[str] = []
        self.closing: list[Callable[[], None]] = []
        self.proposals: list[SignalOutcome] = []
        self.tokens: list[IssuedToken] = []
        self.notes: dict[str, Any] = {}
        self.is_settled = True
        self.other_ledgers: list[Callable[[], list[dict[str, Any]]]] = []
        self._world: World | None = None
        self._refusal: PhoenixError | None = None

    @property
    def world(self) -> World:
        if self._world is None:
            self._world = World(**self.settings)
            for strategy_id in self.strategies:
                self._world.register(strategy_id)
        return self._world

    def prepare(self, **settings: Any) -> None:
        """Say what the world will be like; only before it is there."""
        assert self._world is None, "the world is there already; say this first"
        self.settings.update(settings)

    def start_again(self, *, after: timedelta = timedelta(0), **settings: Any) -> World:
        """Another process takes over, a while later: everything but the store's file is new."""
        start = self.world.now + after
        self.world.container.store().close()
        self._world = World(start=start, seed=8, **settings)
        return self._world

    # --- acts and refusals --------------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], R]) -> R | None:
        """Do something that may be refused. A refusal that no later step expects fails the scenario."""
        self.require_nothing_refused()
        try:
            return act()
        except PhoenixError as refusal:
            self._refusal = refusal
            return None

    def signalled(self, outcome: SignalOutcome) -> SignalOutcome:
        """Remember what became of a signal."""
        self.require_nothing_refused()
        self._refusal = outcome.refusal
        self.proposals.append(outcome)
        return outcome

    def take_refusal(self) -> PhoenixError:
        """The refusal of the last act, which is now accounted for."""
        refusal, self._refusal = self._refusal, None
        assert refusal is not None, "nothing was refused"
        return refusal

    def take_refused(self) -> Refused:
        """As `take_refusal`, where a rule gave its reason."""
        refusal = self.take_refusal()
        assert isinstance(refusal, Refused), repr(refusal)
        return refusal

    def require_nothing_refused(self) -> None:
        assert self._refusal is None, f"refused, and no step expected it: {self._refusal}"

    # --- what was proposed --------------------------------------------------------------------------------------

    def intent(self, index: int = -1) -> str:
        intent_id = self.proposals[index].intent_id
        assert intent_id is not None, f"there is no proposal: {self.proposals[index].refusal}"
        return intent_id

    def position(self, index: int = -1) -> Position:
        position_id = self.proposals[index].position_id
        assert position_id is not None, f"there is no position: {self.proposals[index].refusal}"
        return self.world.position(position_id)

    def approve(self, index: int = -1, **changes: Any) -> None:
        """Approve what is shown right now, as an act that may be refused."""
        token = self.attempt(lambda: self.world.approve(self.intent(index), **changes))
        if isinstance(token, IssuedToken):
            self.tokens.append(token)

    def finish(self) -> None:
        """No refusal is left unexplained, and the history of this world keeps every promise."""
        try:
            self.require_nothing_refused()
            self.require_clean_history()
        finally:
            for close in reversed(self.closing):
                close()

    def require_clean_history(self) -> None:
        """The independent check finds no promise broken, over the beads and every broker's ledger."""
        if self._world is None:
            return
        beads = [HistoryBead(s.seq, s.prev_hash, s.bead_hash, s.body) for s in self._world.container.store().read()]
        records = [*self._world.ledger(), *(record for other in self.other_ledgers for record in other())]
        ledger = [{**record, "seq": str(place)} for place, record in enumerate(records, start=1)]
        report = check_history(beads, ledger, settled=self.is_settled, ended_at=self._world.now)
        assert report.ok, report.text()


def _matching(pattern: str) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Gives a converter the pattern by which its text is found in a step."""

    def mark(convert: Callable[[str], R]) -> Callable[[str], R]:
        setattr(convert, "pattern", pattern)  # noqa: B010 - functions declare no such attribute
        return convert

    return mark


@_matching(r"(?:first |second |third )?(?:proposal|position|order|entry)")
def which(text: str) -> int:
    """The index of a proposal, or of what became of it; the latest where no number is said."""
    return {"first": 0, "second": 1, "third": 2}.get(text.split(maxsplit=1)[0], -1)


@_matching(r"\d+:\d\d(?:\.\d{1,6})?")
def minutes(text: str) -> timedelta:
    """A span in minutes and seconds, such as 4:59.999."""
    whole, seconds = text.split(":")
    return timedelta(minutes=int(whole)) + timedelta(seconds=float(seconds))


@_matching(r"[A-Z][A-Z0-9_]*")
def word(text: str) -> str:
    """A word that appears in data."""
    return text


TYPES: dict[str, Any] = {"Which": which, "Minutes": minutes, "Word": word}
"""For `parsers.cfparse(..., extra_types=TYPES)`."""
