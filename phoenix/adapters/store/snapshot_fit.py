"""Holding a snapshot against the chain that it was folded from: like a checkpoint, it shows what is missing."""

from __future__ import annotations

from phoenix.adapters.store.chain import GENESIS, unseal_alone
from phoenix.adapters.store.chain_ports import ChainReader
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.store import Head

_REMEDY = "Do not trade; restore the newest copy. Remove the snapshot only where the older chain is really wanted"


def require_in_chain(folded_to: Head, reader: ChainReader) -> None:
    """Raises StoreCorrupt unless the chain holds the bead that a snapshot was folded to.

    Another bead in its place is no better than none: whoever cuts the tail off may have put something else there.
    """
    if folded_to == GENESIS:
        return
    row = next(iter(reader.rows_behind(folded_to.seq - 1, 1)), None)
    if row is None:
        end = reader.head().seq
        raise StoreCorrupt(
            f"the chain ends at bead {end}, but a signed snapshot was folded up to bead {folded_to.seq}: "
            f"{folded_to.seq - end} or more beads are gone. The tail was cut off or an old backup restored. {_REMEDY}"
        )
    if unseal_alone(row).bead_hash != folded_to.bead_hash:
        raise StoreCorrupt(
            f"bead {folded_to.seq} is not the one that a signed snapshot was folded up to: this is a different chain, "
            f"or it was rewritten. {_REMEDY}"
        )
