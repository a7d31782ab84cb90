"""What stands between a proposal and an order: facts, guards, the human's decision, tokens, pacing, the last look."""
