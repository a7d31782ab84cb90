"""Phoenix: a human-gated execution core for Interactive Brokers."""

__version__ = "0.1.0"
