"""Use cases: what Phoenix does, in terms of the domain and the ports."""
