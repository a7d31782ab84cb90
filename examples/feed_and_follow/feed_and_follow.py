"""Feed signals to Phoenix and follow what it puts on record: python feed_and_follow.py HOME"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import phoenix
from phoenix import Complete, Core

PIP = Decimal("0.0001")


async def main(directory: Path) -> None:
    home = phoenix.open_home(directory) if directory.exists() else phoenix.create_home(directory)
    async with phoenix.run(home) as core:
        follower = asyncio.create_task(follow(core, core.head_seq))
        entry = await market_price(core)
        await feed(core, signal(entry, stop=entry - 30 * PIP, target=entry + 60 * PIP))
        await feed(core, signal(entry, stop=entry + 30 * PIP, target=entry + 60 * PIP))  # its stop is on the wrong side
        for review in core.pending():
            print(f"{review.kind} {review.intent_id} waits for a human")
    await follower


async def market_price(core: Core) -> Decimal:
    """The price to buy at. An unknown price is not a price of zero, and the types say so."""
    quote = await core.quote("GBPUSD")
    if not isinstance(quote, Complete):
        raise SystemExit(f"there is no price: {quote.reason}")
    return quote.value.ask


async def feed(core: Core, document: dict[str, object]) -> None:
    outcome = await core.ingest(document)
    print(f"proposed as {outcome.intent_id}" if outcome.refusal is None else f"refused: {outcome.refusal}")


async def follow(core: Core, after_seq: int) -> None:
    """Print every bead behind a place in the chain, until the core lets go."""
    async for item in core.follow(after_seq):
        payload = item.bead.payload
        print(f"{item.seq:>4} {payload.bead_type:<15} {item.bead_hash.hex()[:12]}  by {item.bead.signer.identity}")


def signal(entry: Decimal, stop: Decimal, target: Decimal) -> dict[str, object]:
    """A signal to trade GBPUSD in the canonical envelope (docs/signal-format.md); prices are text."""
    now = datetime.now(UTC).isoformat()
    evidence: dict[str, phoenix.Json] = {
        "quality": {"score": "0.7", "breakdown": {"gap": "0.4", "displacement": "1.8"}},
        "htf": {"timeframe": "4H", "bias": "BULLISH", "aligned": True, "detail": "above the middle of the range"},
        "ltf": {"timeframe": "15M", "setup": "FVG", "detail": "the gap was filled"},
        "red_checks": [{"name": "news", "passed": True, "detail": "nothing scheduled"}],
    }
    return {
        "cse_version": "1.0",
        "signal_id": str(uuid4()),
        "timestamp": now,
        "strategy_id": "manual",
        "source": "MANUAL",
        "pair": "GBPUSD",
        "setup_type": "FVG_RETEST",
        "confidence": "0.7",
        "parameters": {"entry": str(entry), "stop": str(stop), "target": str(target)},
        "evidence": evidence,
        "evidence_hash": phoenix.evidence_hash(evidence),
        "state_anchor": {
            "captured_at": now,
            "regime": "NORMAL",
            "components": {"strategy_params": "parameters-1", "market_snapshot": f"snapshot-{now}"},
        },
    }


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
