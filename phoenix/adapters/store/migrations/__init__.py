"""Alembic migrations of the chain's tables; each runs inside one transaction with all others that are due."""
