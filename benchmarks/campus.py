"""How large the campus of the backend's benchmarks is, and its ids; imports nothing slow."""

from uuid import UUID

STUDENTS = 20_000
SESSIONS = 500
DEVICES = 3_000
"""Each may ask 60 times a minute; a run takes those that the one before has not used."""


def bench_id(kind: int, n: int) -> UUID:
    """Return the id of a student (1) or a session (2); the database makes the same."""
    return UUID(f"00000000-0000-400{kind}-8000-{n:012x}")
