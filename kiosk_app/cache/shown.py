"""Rows of a query → rows of a screen."""

from datetime import date
from typing import Any

import msgspec

from kiosk_app.cache.columns import instant
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.listing import BookingRow, SessionRow, Standing
from kiosk_app.domain.places import split_place

RANKED = {
    Standing.GUARANTEED: 1,
    Standing.SENDING: 2,
    Standing.UNKNOWN: 3,
    Standing.QUEUED: 4,
    Standing.CANCELLING: 5,
    Standing.CONFIRMED: 6,
    Standing.COMPLETED: 7,
}
"""Of several things a student has with one session, the lowest number is shown."""
_STANDING = {rank: standing for standing, rank in RANKED.items()} | {None: Standing.NONE}
_MOCK_TYPES = {kind.value: kind for kind in MockType}
_FORMATS = {kind.value: kind for kind in DeliveryFormat}
_topics = msgspec.json.Decoder(tuple[str, ...]).decode


def taught(row: tuple[Any, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Return who teaches a session, and its topics."""
    return row[0], _topics(row[1])


def session_row(row: tuple[Any, ...]) -> SessionRow:
    """Build one session from the columns of `reads`."""
    return SessionRow(
        session_id=row[0],
        mock_type=_MOCK_TYPES[row[1]],
        exam_date=date.fromisoformat(row[2]),
        starts_at=instant(row[3]),
        ends_at=instant(row[4]),
        time_zone=row[5],
        location=row[6],
        campus=row[7],
        room=row[8],
        delivery_format=_FORMATS[row[9]],
        capacity=row[10],
        left=row[11],
        waiting=row[12],
        is_active=bool(row[13]),
        instructor_name=row[14],
        topics=_topics(row[15]),
        standing=_STANDING[row[16]],
        guaranteed=row[17],
    )


def booking_row(row: tuple[Any, ...]) -> BookingRow:
    """Build one booking or waiting request from the columns of the view `own`."""
    campus, room = split_place(row[8])
    return BookingRow(
        ref=row[0],
        code=row[1] or "",
        session_id=row[2],
        mock_type=_MOCK_TYPES[row[3]],
        exam_date=date.fromisoformat(row[4]),
        starts_at=instant(row[5]),
        ends_at=instant(row[6]),
        time_zone=row[7],
        location=row[8],
        campus=campus,
        room=room,
        standing=Standing(row[9]),
        state=BookingState(row[10]) if row[10] else None,
        delivery_format=_FORMATS[row[11]] if row[11] else None,
        token_used=row[12],
        can_cancel=bool(row[13]) and row[9] != Standing.CANCELLING,
        problem=row[14],
        seat=row[15],
        late_after=instant(row[16]) if row[16] is not None else None,
        can_move=bool(row[17]) and row[9] == Standing.CONFIRMED,
        join_url=row[18],
    )
