"""Market data from files: one-minute bars of both sides."""
