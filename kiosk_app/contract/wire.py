"""Small wire types shared by every message.

Instants travel as text, UTC with milliseconds and `Z` (`2027-03-04T19:00:00.000Z`), because the
documented A/B API promises exactly that form (requirement A8). `wire_instant` and `read_instant`
are the only two converters.
"""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

WireInstant = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
        examples=["2027-03-04T19:00:00.000Z"],
    ),
]
"""An instant as it stands on the wire."""

Uuid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=["5f0c1c9e-8f5b-4d7e-9a51-0c6f3a1b2d4e"],
    ),
]

WireDate = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2027-03-04"])]
"""A calendar date in the session's own zone."""

StudentId = Annotated[str, Meta(pattern=r"^[A-Z0-9]+$", max_length=64, examples=["QX4417"])]
"""A student number: capitals and digits only (F23)."""

Email = Annotated[
    str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254, examples=["ana@example.org"])
]
"""An e-mail address, checked for shape only; the student record decides whether it is theirs."""

PersonName = Annotated[str, Meta(min_length=2, max_length=100, examples=["Ana Sol"])]
IdempotencyKey = Annotated[str, Meta(min_length=8, max_length=200)]


def wire_instant(instant: datetime) -> str:
    """Write an aware instant in the documented form; a naive one is a bug and raises ValueError."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return f"{instant.astimezone(UTC).isoformat('T', 'milliseconds').removesuffix('+00:00')}Z"


def read_instant(text: str) -> datetime:
    """Read the documented form back into an aware UTC instant.

    Raises:
        ValueError: the text is no instant, or names no zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no zone")
    return instant.astimezone(UTC)
