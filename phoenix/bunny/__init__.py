"""The chaos suite: every vector of the specification, driven for real over the simulated broker (docs/chaos.md)."""
