"""Bead stores: one chain, one contract, several places to keep it."""
