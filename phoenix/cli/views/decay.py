"""What was last said of the decay of strategies, for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.cli.views.figures import RIGHT, add, table
from phoenix.cli.views.times import distance
from phoenix.domain.decay import DecayPolicy, DecayVerdict
from phoenix.domain.numbers import decimal_text
from phoenix.runtime.readings.promotions import DecayReading

NOTHING_SAID = "Nobody has said anything about decay yet."
_WORDS = {DecayVerdict.QUIET: "sound", DecayVerdict.WARN: "warns", DecayVerdict.KILL: "KILLS"}


def decays_view(found: Sequence[DecayReading], policy: DecayPolicy, now: datetime) -> RenderableType:
    """A row for each strategy that anything was said of, the newest first."""
    warn, kill = decimal_text(policy.warn_at), decimal_text(policy.kill_at)
    bounds = f"A score warns from {warn} on, and sets a kill flag from {kill} on."
    if not found:
        return Group(Text(NOTHING_SAID), Text(bounds, "dim"))
    made = table("Strategy", f"{RIGHT}Score", "Such a score", "Said", "By", "Why")
    for one in found:
        whose = "ALL" if one.told.strategy_id is None else one.told.strategy_id
        add(
            made, whose, decimal_text(one.told.score), _WORDS[one.verdict], distance(one.told_at, now),
            one.signer.identity, one.told.detail,
        )  # fmt: skip
    return Group(made, Text(f"{bounds} Flags that stand now: phoenix kill list", "dim"))
