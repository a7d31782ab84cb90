"""Who stands in for a human's decision, where that is allowed."""
