"""What recovery reads and what only a human settles: unknown outcomes, adoption, resolution, isolation."""
