"""Which vectors are built, and by which function; and which part of Phoenix the others wait for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from phoenix.bunny.catalogue import CATALOGUE
from phoenix.bunny.stage import Stage

Play: TypeAlias = Callable[[Stage], None]

_KNOWN = frozenset(vector.id for vector in CATALOGUE)
_POSTGRES, _WEB = "PostgreSQL", "the web console and its passkeys"
_PROCESSES = "real processes to kill, which features/sudden_death.feature and make soak have"

MISSING: Mapping[str, str] = {
    "CV_CRASH_MID_MIGRATION": "a second migration to be cut short in",
    "CV_CRASH_LOOP": _PROCESSES,
    "CV_MANY_WRITERS": _POSTGRES,
    "CV_WRONG_ISOLATION": _POSTGRES,
    "CV_FSYNC_ERROR": "a disk that can be made to fail a sync",
    "CV_PG_DROP_AT_COMMIT": _POSTGRES,
    "CV_HTTP_FUZZ": "the HTTP API",
    "CV_CROSS_SITE": _WEB,
    "CV_TOKEN_GUESSING": "throttling of guesses",
    "CV_ASSISTANT_APPROVES": "the MCP server and the HTTP API",
    "CV_REPLAYED_ASSERTION": _WEB,
    "CV_PASS_AS_APPROVE": _WEB,
    "CV_EVIDENCE_MOVED": _WEB,
}
"""What each vector waits for that nothing plays yet."""

PLAYS: dict[str, Play] = {}


WIRE_ONLY: set[str] = set()
"""Vectors that no broker in the process can play."""


def vector(id_: str, *, wire_only: bool = False) -> Callable[[Play], Play]:
    """Register a function as the play of a vector of the catalogue."""
    if id_ not in _KNOWN or id_ in PLAYS:
        raise ValueError(f"{id_} is no vector of the catalogue, or is played already")

    def register(play: Play) -> Play:
        PLAYS[id_] = play
        if wire_only:
            WIRE_ONLY.add(id_)
        return play

    return register
