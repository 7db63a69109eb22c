"""Checking in and out, and marking who did not come (A76)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.bookings import BatchResult
from kiosk_app.contract.desk import Reason
from kiosk_app.contract.wire import WireInstant

BookingRef = Annotated[str, Meta(min_length=1, max_length=200)]
Nonce = Annotated[str, Meta(min_length=8, max_length=100)]
MOST_AT_ONCE = 50


class Attendance(StrEnum):
    """What is known of somebody's coming; nothing is known without one."""

    ATTENDED = "attended"
    LATE = "late"
    NO_SHOW = "no_show"


class EventKind(StrEnum):
    """What may be noted about a booking."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    MARK = "mark"


class Scan(Struct, frozen=True, kw_only=True):
    """Body of `POST /check-in` and `POST /check-out`."""

    booking: BookingRef
    """The code of the booking; a visitor and staff may name it by any kind of id."""
    nonce: Nonce
    """Made once per scan by the device, so that a scan that is sent twice is one."""
    at: WireInstant | None = None
    """When it happened, for one that was saved without a connection."""


class UndoScan(Struct, frozen=True, kw_only=True):
    """Body of `POST /check-in/undo`: takes the newest event of a booking back."""

    booking: BookingRef
    reason: Reason | None = None
    """Needed once ten seconds have passed; then only staff may."""


class MarkAttendance(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/bookings/{ref}/attendance`."""

    attendance: Attendance | None
    reason: Reason


class MarkNoShows(Struct, frozen=True, kw_only=True):
    """Body of `POST /desk/no-shows`: each for itself."""

    booking_ids: Annotated[list[BookingRef], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    reason: Reason


class MarkedNoShows(Struct, frozen=True):
    """Answer to `POST /desk/no-shows`, in the order asked."""

    results: list[BatchResult]


class AttendanceNoted(Struct, frozen=True, kw_only=True):
    """What is known of one booking now; nothing personal, so that a kiosk may show it."""

    booking_code: str
    attendance: Attendance | None
    inside: bool
    """Checked in, and not out again."""
    repeated: bool = False
    """Nothing was noted: it was before."""
