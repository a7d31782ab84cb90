"""One trade over the notebook, from signal to target: python trade_on_paper.py HOME"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import phoenix
from phoenix import (
    Approver,
    AutopsyPayload,
    BeadType,
    Core,
    Home,
    PositionPayload,
    PositionState,
    Review,
    SimulatedSetup,
    Verdict,
)

NOTEBOOK = {"broker.adapter": "notebook", "broker.notebook.prices": "prices.csv"}
SETUP = SimulatedSetup("manual", stop_pips=Decimal(30), target_pips=Decimal(60))


class Yes(Approver):
    def review(self, review: Review) -> Verdict | None:
        return phoenix.approved_by("yes")


async def main(directory: Path) -> None:
    home = phoenix.open_home(phoenix.create_home(directory).directory, NOTEBOOK)
    quote(home, Decimal("1.27000"))
    async with phoenix.run(home, approver=Yes()) as core:
        begin = core.head_seq
        await core.ingest(await core.simulated_signal(SETUP))
        await follow(core, begin)


async def follow(core: Core, begin: int) -> None:
    """Tell where the position stands; once it is protected, let the market come to its target."""
    async for item in core.follow(begin, [BeadType.POSITION, BeadType.AUTOPSY]):
        payload = item.bead.payload
        if isinstance(payload, PositionPayload):
            print(f"{payload.state}, {payload.open_quantity} open")
            if payload.state is PositionState.MANAGED and payload.previous_state is PositionState.FILLED:
                quote(core.home, Decimal("1.27700"))
        if isinstance(payload, AutopsyPayload):
            print(f"{payload.outcome}: {payload.pnl} {core.home.settings.account.currency}, {payload.r_multiple} R")
            return


def quote(home: Home, bid: Decimal) -> None:
    """Write down what the market is at, as whoever watches it would."""
    with (home.directory / "prices.csv").open("a", encoding="utf-8") as prices:
        prices.write(f"{datetime.now(UTC).isoformat()},GBPUSD,{bid},{bid + Decimal('0.00010')}\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
