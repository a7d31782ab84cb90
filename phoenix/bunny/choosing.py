"""Which vectors are to run, as a person asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.catalogue import CATALOGUE, WAVES, Vector
from phoenix.domain.errors import InvalidValue

MOCK = "chaos_mock"
WIRED = ("ib_insync", "ibapi")
"""The adapters that talk to a gateway: before the simulator, over sockets, in the same simulated time."""
ADAPTERS = (MOCK, *WIRED)
DEFAULT_SEED = 32
"""The seed of the report that comes with Phoenix."""


def chosen_vectors(waves: Sequence[int] = (), ids: Sequence[str] = ()) -> tuple[Vector, ...]:
    """The vectors of these waves, and these by id; all where nothing is named. Raises InvalidValue."""
    for wave in waves:
        if wave not in WAVES:
            known = ", ".join(map(str, WAVES))
            raise InvalidValue("--wave", f"there is no wave {wave}", f"Use one of: {known}")
    wanted = {_known(id_) for id_ in ids}
    if not waves and not wanted:
        return CATALOGUE
    return tuple(one for one in CATALOGUE if one.wave in waves or one.id in wanted)


def chosen_mode(text: str) -> ChaosMode:
    """The mode of a word. Raises InvalidValue."""
    try:
        return ChaosMode(text.upper())
    except ValueError:
        known = ", ".join(ChaosMode)
        raise InvalidValue("--mode", f"there is no mode {text}", f"Use one of: {known}") from None


def chosen_adapters(names: Sequence[str]) -> tuple[str, ...]:
    """The adapters of these names, each once. Raises InvalidValue."""
    for name in names:
        if name not in ADAPTERS:
            raise InvalidValue("--adapter", f"there is no adapter {name}", f"Use one of: {', '.join(ADAPTERS)}")
    return tuple(dict.fromkeys(names))


def _known(text: str) -> str:
    """A vector's id, in whatever case and with or without its CV_."""
    ids = [one.id for one in CATALOGUE]
    word = text.upper()
    for candidate in (word, f"CV_{word}", f"CV_S32_{word}"):
        if candidate in ids:
            return candidate
    near = get_close_matches(word, ids, n=3, cutoff=0.5)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "See docs/chaos.md for their ids"
    raise InvalidValue("--vector", f"there is no vector {text}", remedy)
