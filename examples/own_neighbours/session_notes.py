"""An autopsy of one's own: Phoenix's, with the time of day in its thesis.

It runs in a thread of its own. However slow it is, trading goes on; whatever it raises becomes an alert, and the
autopsy can be run again.
"""

from __future__ import annotations

from dataclasses import replace

from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.beads.trading import AutopsyPayload


def examine(closed: AutopsyInput) -> AutopsyPayload:
    """The autopsy of a closed position; what an entry point of the group `phoenix.autopsies` names."""
    autopsy = perform(closed)
    session = "the London morning" if 7 <= closed.opened_at.hour < 12 else "another time of day"
    return replace(autopsy, thesis=f"{autopsy.thesis}; opened in {session}")
