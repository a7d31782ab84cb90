"""The shadow tracker: follows signals against prices, with a small book of its own and no broker (SPEC 3.10)."""
