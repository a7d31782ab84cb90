"""What waits for a human, orders and promotions alike, found by what a person calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.runtime.readings import sole
from phoenix.runtime.readings.promotions import PromotionReview
from phoenix.runtime.readings.reviews import Review

if TYPE_CHECKING:
    from phoenix.runtime.desk.desk import Desk

Waiting: TypeAlias = Review | PromotionReview


def waiting(desk: Desk, named: str | None) -> Waiting:
    """The intent whose id begins so and no other's does; by nothing, the only one that waits. Raises Refused."""
    promotions = desk.promotions.read.pending()
    if named is None:
        everything: list[Waiting] = [*desk.read.pending(), *promotions]
        return sole(everything, "intent_id", "intent waits", "intents wait for a decision", "List what is pending")
    found = [review for review in promotions if named and review.intent_id.startswith(named)]
    if not found:
        return desk.read.review(named)
    if len(found) == 1 and not any(review.intent_id.startswith(named) for review in desk.read.pending()):
        return found[0]
    raise Refused(
        RefusalReason.NOT_FOUND, "intent_id", f"{named} names more than one intent", "List what is pending"
    )  # fmt: skip
