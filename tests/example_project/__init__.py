"""Somebody else's project, which specifies its strategy with Phoenix's steps; run from a copy, not with our tests."""
