"""Phoenix: a human-gated execution core for Interactive Brokers."""
