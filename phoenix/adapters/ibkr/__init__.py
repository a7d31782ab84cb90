"""What both IBKR adapters share, whatever client library carries the bytes: meaning, session, books, pacing, guard.

Nothing here imports a client library. A library is a `Line`: requests go in, and what TWS or IB Gateway says comes out
through a `Listener`, in the words of `said`.
"""
