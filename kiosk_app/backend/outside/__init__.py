"""Adapters to systems of others: each a protocol, the real one, and one that does without."""
