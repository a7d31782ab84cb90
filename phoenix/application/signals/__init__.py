"""How a signal comes in: read strictly, put on record, made into a proposal with frozen evidence."""
