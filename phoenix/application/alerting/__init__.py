"""Alerts after they were raised: what goes out when and in which words, and what came of it."""
