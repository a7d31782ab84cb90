"""What runs Phoenix: the data directory, the executor's process, one-shot commands, and the desk for surfaces."""
