"""Beads in words."""
