"""Alerts on their way to people: what waits for delivery, what nobody has acknowledged, which channels fail."""
