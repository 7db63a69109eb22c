"""All bookings for staff: page by page, and as a file (A76).

Both leave a row in the log, with what was asked for and how many there were, and not what was typed
into the search.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.csv_lines import BOM, csv_lines
from kiosk_app.backend.core.paging import cursor_of, read_moment_and_id
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.admin_bookings import (
    Last,
    Line,
    bookings_page,
    count_bookings,
    next_bookings,
)
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.contract.admin_bookings import (
    BookedSession,
    BookingsPage,
    BookingsWanted,
    ListedBooking,
    MadeBy,
)
from kiosk_app.contract.credits import Student
from kiosk_app.contract.staff import ON_BEHALF, Role
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.times import in_zone

AT_ONCE = 500
"""Rows of an export that are in memory at a time."""
COLUMNS = (
    *("booking_code", "booking_id", "state", "session_type", "date", "starts_at", "ends_at"),
    *("time_zone", "location", "session_id", "student_id", "name", "email", "attendance"),
    *("token", "payment", "format", "topic", "made_at", "made_by", "user", "device"),
)
"""The header of an export; other programs rely on it: new columns come last."""


async def list_all(
    core: Core, caller: Caller, wanted: BookingsWanted, *, cursor: str | None, size: int
) -> BookingsPage:
    """Return one page of the bookings that match, newest first.

    Raises:
        Refusal: VALIDATION_ERROR for a cursor that is none.
    """
    caller.require_role(*ON_BEHALF)
    after = read_moment_and_id(cursor) if cursor else None
    async with core.db.transaction() as transaction:
        # One more than asked for tells whether there is a next page.
        found = await bookings_page(transaction, wanted, after=after, size=size + 1, counted=True)
        # An empty page cannot carry the number; only one behind the end is empty and has one.
        total = found[0].total if found else 0
        if after and not found:
            total = await count_bookings(transaction, wanted)
        await _log(transaction, caller, "bookings.listed", wanted, total)
    page = found[:size]
    more = len(found) > size
    return BookingsPage(
        bookings=[_listed(line) for line in page],
        total=total,
        cursor=cursor_of(*_key(page[-1])) if more else None,
    )


async def export(core: Core, caller: Caller, wanted: BookingsWanted) -> AsyncIterator[str]:
    """Return the lines of the export, a page at a time; logged before the first one is handed out.

    Each page is a short read of its own, so that a slow reader holds up nobody. What is booked
    meanwhile is not in the file: it is newer than its first line.
    """
    caller.require_role(Role.ADMIN)
    async with core.db.transaction() as transaction:
        first = await bookings_page(transaction, wanted, after=None, size=AT_ONCE, counted=True)
        total = first[0].total if first else 0
        await _log(transaction, caller, "bookings.exported", wanted, total)
    return _pages(core, wanted, first)


async def _pages(core: Core, wanted: BookingsWanted, first: Sequence[Line]) -> AsyncIterator[str]:
    yield BOM + csv_lines([COLUMNS])
    page = first
    while page:
        yield csv_lines(_cells(line) for line in page)
        if len(page) < AT_ONCE:
            return
        page = await next_bookings(core.db, wanted, _key(page[-1]), AT_ONCE)


async def _log(
    transaction: Transaction, caller: Caller, action: str, wanted: BookingsWanted, found: int
) -> None:
    after = {"filters": filters_told(wanted), "found": found}
    await audit(transaction, caller, action, ("booking", "many"), after=after)


def filters_told(wanted: BookingsWanted) -> dict[str, object]:
    """Return the filters as the log may hold them: that something was searched for, and not what."""
    given = {name: value for name, value in msgspec.to_builtins(wanted).items() if value}
    return given | ({"q": True} if "q" in given else {})


def _key(line: Line) -> Last:
    return line.created_at, line.id


def _listed(line: Line) -> ListedBooking:
    made_by = None
    if line.actor_kind:
        made_by = MadeBy(
            kind=line.actor_kind,
            user=line.user_name,
            device_id=str(line.device_id) if line.device_id else None,
            device=line.device_name,
        )
    return ListedBooking(
        id=str(line.id),
        booking_id=line.booking_id,
        booking_code=line.booking_code,
        state=line.state,
        created_at=wire_instant(line.created_at),
        session=BookedSession(
            session_id=str(line.session_id),
            mock_type=line.mock_type,
            exam_date=line.exam_date.isoformat(),
            start_time=wire_instant(line.starts_at),
            end_time=wire_instant(line.ends_at),
            time_zone=line.time_zone,
            location=line.location,
        ),
        student=Student(
            contact_id=str(line.contact_id),
            student_id=line.student_id,
            name=line.name,
            email=line.email,
            enrollment_id=line.enrollment_id,
            locale=line.locale,
        ),
        attendance=line.attendance,
        credit_field=line.credit_field,
        payment=line.payment,
        made_by=made_by,
    )


def _cells(line: Line) -> tuple[str, ...]:
    """Return a booking in the order of COLUMNS; times in the session's zone, with their offset."""
    return (
        line.booking_code,
        line.booking_id,
        line.state.value,
        line.mock_type.value,
        line.exam_date.isoformat(),
        _local(line.starts_at, line.time_zone),
        _local(line.ends_at, line.time_zone),
        line.time_zone,
        line.location,
        str(line.session_id),
        line.student_id,
        line.name,
        line.email,
        line.attendance.value if line.attendance else "",
        line.credit_field.value,
        line.payment,
        line.discussion_format.value if line.discussion_format else "",
        line.topic_preference or "",
        wire_instant(line.created_at),
        line.actor_kind or "",
        line.user_name or "",
        line.device_name or "",
    )


def _local(instant: datetime, zone: str) -> str:
    return in_zone(instant, zone).isoformat(timespec="minutes")
