"""The documented listing of open sessions (A7-A17, A74, B12)."""

from datetime import date, datetime, timedelta

from msgspec import UNSET, Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Policy
from kiosk_app.backend.storage.sessions import (
    CountedSession,
    SessionQuery,
    list_sessions,
    recount_sessions,
)
from kiosk_app.contract.sessions import AvailableSession, DeliveryFormat, MockType
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.seats import seats_left


class Wanted(Struct, frozen=True, kw_only=True):
    """What a listing was asked for; the filters combine with *and* (A74)."""

    include_capacity: bool = True
    realtime: bool = False
    date_from: date | None = None
    date_to: date | None = None
    instructor: int | None = None
    """Number of the user whom a session is assigned to."""
    topic: str | None = None
    delivery_format: DeliveryFormat | None = None
    location: str | None = None
    words: str | None = None


async def list_available(
    core: Core, policy: Policy, wanted: Wanted, mock_type: MockType | None = None
) -> list[AvailableSession]:
    """Return the system's open sessions of today and later, by start.

    Without `realtime` they may be five minutes old (A11). With it the live bookings are counted in
    the same statement, and a stored counter that differs is put right under its lock (A12): one
    statement when all is well, three when not, whatever the number of sessions (A13).
    """
    query = SessionQuery(
        mock_types=tuple(kind.value for kind in ((mock_type,) if mock_type else policy.mock_types)),
        date_from=wanted.date_from,
        date_to=wanted.date_to,
        delivery_format=wanted.delivery_format.value if wanted.delivery_format else None,
        location=wanted.location,
        instructor=wanted.instructor,
        topic=wanted.topic,
        words=wanted.words,
    )
    rows, at = await _rows(core, query, realtime=wanted.realtime)
    as_of = wire_instant(at)
    return [_available(row, as_of, counts=wanted.include_capacity) for row in rows]


async def _rows(
    core: Core, query: SessionQuery, *, realtime: bool
) -> tuple[list[CountedSession], datetime]:
    now = core.clock()
    if not realtime and (kept := core.shelf.find(query, now)):
        return kept.value, kept.at
    generation = core.shelf.generation
    rows = await _read(core, query, now, counted=realtime)
    if wrong := [row.id for row in rows if row.live != row.total_bookings]:
        await recount_sessions(core.db, wrong)
        core.shelf.clear()
        generation = core.shelf.generation
        rows = await _read(core, query, now, counted=True)
    core.shelf.keep(query, rows, now, generation)
    return rows, now


async def _read(
    core: Core, query: SessionQuery, now: datetime, *, counted: bool
) -> list[CountedSession]:
    # The earliest *today* anywhere is one day behind UTC's.
    not_before = now.date() - timedelta(days=1)
    return await list_sessions(core.db, query, now=now, not_before=not_before, counted=counted)


def _available(row: CountedSession, as_of: str, *, counts: bool) -> AvailableSession:
    left = seats_left(row.capacity, row.live + row.reserved)
    return AvailableSession(
        mock_exam_id=str(row.id),
        exam_date=row.exam_date.isoformat(),
        start_time=wire_instant(row.starts_at),
        end_time=wire_instant(row.ends_at),
        mock_type=row.mock_type,
        capacity=row.capacity if counts else UNSET,
        total_bookings=row.live if counts else UNSET,
        available_slots=left if counts else UNSET,
        location=row.location,
        is_active=row.is_active,
        status="available" if left else "full",
        time_zone=row.time_zone,
        delivery_format=row.delivery_format,
        instructor_id=None if row.instructor_user is None else str(row.instructor_user),
        instructor_name=row.instructor_name,
        topics=row.topics,
        as_of=as_of,
    )
