"""How a column holds an instant, and a text that is searched; for those who read as for those who write.

Instants are stored as whole milliseconds since 1970, because they sort, compare and convert fast.
Imports nothing slow.
"""

import unicodedata
from datetime import UTC, datetime


def stamp(instant: datetime) -> int:
    """Write an aware instant as milliseconds since 1970."""
    return round(instant.timestamp() * 1000)


def instant(milliseconds: int) -> datetime:
    """Read it back, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def folded(text: str) -> str:
    """Return text as a search compares it: no case, no accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
