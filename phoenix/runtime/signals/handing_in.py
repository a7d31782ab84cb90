"""Handing a document to the running executor through its inbox, and looking for the answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from phoenix.adapters.files import read_file
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.errors import StoreUnavailable
from phoenix.runtime.signals.inbox import ANSWER_SUFFIX
from phoenix.runtime.signals.notations import Notation


def hand_in(inbox: Path, name: str, document: bytes, notation: Notation) -> Path:
    """Put a document into the inbox, whole, under a name that is not taken. Raises StoreUnavailable."""
    place = inbox / f"{name}{notation.value}"
    unfinished = place.with_name(f".{place.name}")
    try:
        unfinished.write_bytes(document)
        os.replace(unfinished, place)
    except OSError as error:
        raise StoreUnavailable(
            f"{place}: the document could not be handed to the executor ({error.strerror}); nothing was recorded. "
            "Let this user write to the inbox, or stop the executor and try again"
        ) from error
    return place


def take_back(place: Path) -> bool:
    """Take a document back that nobody has picked up yet."""
    try:
        place.unlink()
    except FileNotFoundError:
        return False
    return True


def answer_to(inbox: Path, name: str) -> SignalOutcome | None:
    """What the executor answered to a document, or None while it has not."""
    for folder in ("accepted", "refused"):
        try:
            document = orjson.loads(read_file(inbox / folder / f"{name}{ANSWER_SUFFIX}"))
        except FileNotFoundError:
            continue
        return _outcome(document)
    return None


def _outcome(answer: dict[str, Any]) -> SignalOutcome:
    refused = answer.get("refusal")
    refusal = None if refused is None else Refused(
        RefusalReason(refused["reason"]), refused["field"], refused["detail"], refused["remedy"]
    )  # fmt: skip
    return SignalOutcome(
        answer["signal_id"] or "", answer["intent_id"], answer["position_id"], refusal, answer["repeated"]
    )
