"""A soak: `serve` for a long time in ADVERSARIAL mode, killed again and again, with an automatic decider beside it."""
