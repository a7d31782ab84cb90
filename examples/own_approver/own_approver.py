"""Decide by a rule of one's own, on a simulated account: python own_approver.py HOME"""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

import phoenix
from phoenix import (
    Approver,
    BeadType,
    Core,
    DecisionKind,
    DecisionPayload,
    PositionPayload,
    PositionState,
    Review,
    Signer,
    SignerKind,
    SimulatedSetup,
    Verdict,
)

NAME = "two-to-one"
TRADER = Signer(SignerKind.HUMAN, "trader")
ENDED = frozenset({PositionState.CANCELLED, PositionState.CLOSED})


class TwoToOne(Approver):
    """Approves entries that promise twice what they risk, and every exit; says why it passes on the others."""

    def review(self, review: Review) -> Verdict | None:
        if review.kind == "EXIT":
            return phoenix.approved_by(NAME, "leaving is always possible")
        reward_risk = phoenix.figure_of(review, "sizing.reward_risk")
        if reward_risk < 2:
            return phoenix.passed_by(NAME, f"it promises {reward_risk} R, and the rule asks for 2")
        return phoenix.approved_by(NAME, f"it promises {reward_risk} R")


async def main(directory: Path) -> None:
    home = phoenix.open_home(directory) if directory.exists() else phoenix.create_home(directory)
    async with phoenix.run(home, approver=TwoToOne()) as core:
        begin = core.head_seq
        for target_pips in (60, 45):
            setup = SimulatedSetup("manual", stop_pips=Decimal(30), target_pips=Decimal(target_pips))
            await core.ingest(await core.simulated_signal(setup))
        await follow(core, begin, positions=2)


async def follow(core: Core, begin: int, positions: int) -> None:
    """Tell what is decided and what becomes of it, leave what was entered, and stop when so many positions ended."""
    ended: set[str] = set()
    async for item in core.follow(begin, [BeadType.DECISION, BeadType.POSITION]):
        payload = item.bead.payload
        if isinstance(payload, DecisionPayload):
            print(f"{payload.kind} by {item.bead.signer.identity}: {payload.reason}")
        if isinstance(payload, PositionPayload):
            print(f"position {payload.position_id} is {payload.state}")
            if payload.state is PositionState.MANAGED and payload.previous_state is not PositionState.MANAGED:
                await core.decide(DecisionKind.CLOSE, payload.position_id, signer=TRADER, reason="the example is over")
            if payload.state in ENDED:
                ended.add(payload.position_id)
        if len(ended) == positions:
            return


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
