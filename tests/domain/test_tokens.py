from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from phoenix.domain.tokens import (
    REVOKING,
    TOKEN_LIFE_S,
    TOKENS_PER_INTENT_MAX,
    Presentation,
    Token,
    refusal_of,
    secret_hash,
)
from phoenix.domain.vocabulary import IntentKind, TokenReason
from phoenix.rehearsal.signals import MONDAY

EXPIRES_AT = MONDAY + timedelta(seconds=TOKEN_LIFE_S)
TOKEN = Token(
    "token-1", "intent-1", IntentKind.ENTRY, "position-1", "fvg-retest", "hash-1", secret_hash("secret-1"), MONDAY,
    EXPIRES_AT, "trader",
)  # fmt: skip
SHOWN = Presentation("token-1", "secret-1", "intent-1", "hash-1")


def test_a_token_lives_five_minutes_and_an_intent_has_three_at_most() -> None:
    assert (TOKEN_LIFE_S, TOKENS_PER_INTENT_MAX) == (300, 3)


def test_the_right_secret_intent_and_evidence_in_time_open_the_door() -> None:
    assert refusal_of(TOKEN, SHOWN, MONDAY) is None
    assert refusal_of(TOKEN, SHOWN, EXPIRES_AT - timedelta(microseconds=1)) is None


def test_at_the_very_instant_of_its_expiry_a_token_is_expired() -> None:
    assert refusal_of(TOKEN, SHOWN, EXPIRES_AT) is TokenReason.EXPIRED


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("secret", TokenReason.BAD_SECRET),
        ("intent_id", TokenReason.INTENT_MISMATCH),
        ("evidence_hash", TokenReason.EVIDENCE_MISMATCH),
    ],
)
@pytest.mark.parametrize("value", ["", "other"])
def test_each_thing_that_does_not_fit_is_named(field: str, reason: TokenReason, value: str) -> None:
    assert refusal_of(TOKEN, replace(SHOWN, **{field: value}), MONDAY) is reason


def test_who_does_not_know_the_secret_learns_nothing_else() -> None:
    wrong = Presentation("token-1", "guessed", "intent-2", "hash-2")
    assert refusal_of(TOKEN, wrong, EXPIRES_AT + timedelta(days=1)) is TokenReason.BAD_SECRET


def test_expiry_answers_before_the_intent_and_the_intent_before_the_evidence() -> None:
    wrong = replace(SHOWN, intent_id="intent-2", evidence_hash="hash-2")
    assert refusal_of(TOKEN, wrong, EXPIRES_AT) is TokenReason.EXPIRED
    assert refusal_of(TOKEN, wrong, MONDAY) is TokenReason.INTENT_MISMATCH


def test_misuse_ends_a_token_and_lateness_does_not_count_as_misuse() -> None:
    assert {TokenReason.BAD_SECRET, TokenReason.INTENT_MISMATCH, TokenReason.EVIDENCE_MISMATCH} == REVOKING


def test_what_is_stored_of_a_secret_does_not_tell_it() -> None:
    assert secret_hash("secret-1") == TOKEN.secret_hash
    assert "secret" not in TOKEN.secret_hash
    assert len(TOKEN.secret_hash) == 64
