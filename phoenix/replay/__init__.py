"""Carries signals over recorded market data in simulated time, and says what became of each of them."""
