"""Listings kept for a few minutes (A11), and thrown away by the first booking after them (A35).

One shelf serves one process: another worker's booking is seen when the entry lapses. Whoever must
know the seats of this moment asks with `realtime`, which never reads the shelf.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

Value = TypeVar("Value")

LIFETIME = timedelta(minutes=5)
_MOST = 64
"""Entries kept; filters are free text, so somebody has to stop them from piling up."""


class Kept(Struct, Generic[Value], frozen=True):
    """A listing and when it was read."""

    value: Value
    at: datetime


class Shelf(Generic[Value]):
    """Entries by key, all dropped together."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Kept[Value]] = {}
        self.generation = 0
        """Grows with every `clear`; a reader hands back the one it began with."""

    def find(self, key: Hashable, now: datetime) -> Kept[Value] | None:
        """Return an entry that has not lapsed."""
        kept = self._kept.get(key)
        return kept if kept and now - kept.at < LIFETIME else None

    def keep(self, key: Hashable, value: Value, now: datetime, generation: int) -> None:
        """Keep what was read, unless something was booked while it was being read."""
        if generation != self.generation:
            return
        self._kept.pop(key, None)
        self._kept[key] = Kept(value, now)
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]

    def clear(self) -> None:
        """Drop everything."""
        self.generation += 1
        self._kept.clear()
