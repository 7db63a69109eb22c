"""What the streams of server-sent events carry (A69, K20).

A stream says *go and look*: `events` names ids alone, and the client reads the change feed. Only the
documented `events/capacity` carries counts. The id of every event is a cursor of the change feed.
"""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from kiosk_app.contract.wire import WireInstant

LAST_EVENT_HEADER = "Last-Event-ID"
"""The id of the last event a client has seen; what came after it is sent again."""
HEARTBEAT_S = 15.0
"""Longest silence of a living stream."""


class Topic(StrEnum):
    """Names of events."""

    CAPACITY = "capacity"
    """Sessions changed."""
    BOOKING = "booking"
    """Bookings changed: a visitor's own, at a desk everybody's."""
    NOTICE = "notice"
    """About the stream itself."""


class SessionsTouched(Struct, frozen=True):
    """`capacity` of `events`."""

    sessions: list[str]


class BookingsTouched(Struct, frozen=True):
    """`booking` of `events`."""

    bookings: list[str]


class Notice(Struct, frozen=True):
    """`notice`: events were lost; look at everything."""

    about: Literal["look"] = "look"


class CapacityEvent(Struct, frozen=True, kw_only=True):
    """`capacity` of `events/capacity`: one session as it is now."""

    mock_exam_id: str
    total_bookings: int
    available_slots: int
    status: Literal["available", "full", "closed"]
    """`closed` is a session that is withdrawn or gone."""
    at: WireInstant
