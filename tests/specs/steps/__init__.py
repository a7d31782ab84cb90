"""The steps of the specifications, by subject."""
