"""An in-memory `Reading`, for screens under test until a file is needed; it counts its queries."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.listing import (
    BookingRow,
    SessionFilter,
    SessionOrder,
    SessionRow,
    Standing,
)
from kiosk_app.domain.places import split_place


def row_of(facts: SessionFacts) -> SessionRow:
    """Return a session as a screen gets it."""
    campus, room = split_place(facts.location)
    return SessionRow(
        session_id=facts.session_id,
        mock_type=facts.mock_type,
        exam_date=date.fromisoformat(facts.exam_date),
        starts_at=read_instant(facts.starts_at),
        ends_at=read_instant(facts.ends_at),
        time_zone=facts.time_zone,
        location=facts.location,
        campus=campus,
        room=room,
        delivery_format=facts.delivery_format,
        capacity=facts.capacity,
        left=max(0, facts.capacity - facts.total_bookings),
        is_active=facts.is_active,
    )


def booking_of(row: SessionRow, standing: Standing) -> BookingRow:
    """Return a booking of a session."""
    return BookingRow(
        ref=f"b-{row.session_id}",
        code="BK-20261124-7K2QZD",
        session_id=row.session_id,
        mock_type=row.mock_type,
        exam_date=row.exam_date,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time_zone=row.time_zone,
        location=row.location,
        campus=row.campus,
        room=row.room,
        standing=standing,
        state=BookingState.ACTIVE if standing is Standing.CONFIRMED else None,
    )


class MemoryReading:
    """Rows in a dictionary, answered by the rules of `sync.reading.Reading`."""

    def __init__(self, facts: list[SessionFacts], *, synced_at: datetime | None) -> None:
        self.rows = {f.session_id: row_of(f) for f in facts}
        self.standing: dict[str, Standing] = {}
        self.student: str | None = None
        self.at = synced_at
        self.calls: Counter[str] = Counter()

    def book(self, student_id: str, session_id: str, standing: Standing) -> None:
        """Let the student hold a seat or a waiting request."""
        self.student = student_id
        self.standing[session_id] = standing

    def change(self, session_id: str, **values: object) -> None:
        """Change one session."""
        self.rows[session_id] = replace(self.rows[session_id], **values)

    def _seen(self, row: SessionRow, student_id: str | None) -> SessionRow:
        standing = self.standing.get(row.session_id, Standing.NONE)
        open_request = standing in {Standing.QUEUED, Standing.SENDING}
        mine = standing if student_id and student_id == self.student else Standing.NONE
        return replace(
            row,
            left=max(0, row.left - open_request),
            waiting=int(open_request),
            standing=mine,
        )

    def _wanted(self, wanted: SessionFilter) -> list[SessionRow]:
        def fits(row: SessionRow) -> bool:
            words = f"{row.mock_type} {row.location} {row.exam_date}".lower()
            return (
                (not wanted.mock_types or row.mock_type in wanted.mock_types)
                and wanted.campus in {None, row.campus}
                and (wanted.first_day is None or row.exam_date >= wanted.first_day)
                and (wanted.last_day is None or row.exam_date <= wanted.last_day)
                and (wanted.starts_after is None or row.starts_at > wanted.starts_after)
                and wanted.search.lower() in words
            )

        rows = sorted(self.rows.values(), key=lambda r: (r.starts_at, r.session_id))
        return [row for row in rows if fits(row)]

    def days(
        self, first: date, last: date, wanted: SessionFilter, student_id: str | None = None
    ) -> list[SessionRow]:
        self.calls["days"] += 1
        found = self._wanted(wanted)
        return [self._seen(r, student_id) for r in found if first <= r.exam_date <= last]

    def page(
        self,
        wanted: SessionFilter,
        order: SessionOrder,
        *,
        descending: bool,
        offset: int,
        limit: int,
        student_id: str | None = None,
    ) -> list[SessionRow]:
        self.calls["page"] += 1
        keys = {
            SessionOrder.DATE: lambda r: r.exam_date,
            SessionOrder.TIME: lambda r: r.starts_at.astimezone(ZoneInfo(r.time_zone)).time(),
            SessionOrder.TYPE: lambda r: r.mock_type.value,
            SessionOrder.LOCATION: lambda r: r.location,
            SessionOrder.FORMAT: lambda r: r.delivery_format.value,
            SessionOrder.SEATS: lambda r: r.left,
        }
        rows = sorted(self._wanted(wanted), key=keys[order], reverse=descending)
        return [self._seen(r, student_id) for r in rows[offset : offset + limit]]

    def count(self, wanted: SessionFilter) -> int:
        self.calls["count"] += 1
        return len(self._wanted(wanted))

    def campuses(self) -> list[str]:
        return sorted({row.campus for row in self.rows.values()})

    def session(self, session_id: str, student_id: str | None = None) -> SessionRow | None:
        row = self.rows.get(session_id)
        return self._seen(row, student_id) if row else None

    def bookings(self, student_id: str) -> list[BookingRow]:
        self.calls["bookings"] += 1
        if student_id != self.student:
            return []
        return [booking_of(self.rows[key], state) for key, state in self.standing.items()]

    def synced_at(self) -> datetime | None:
        return self.at

    def refresh(self) -> None:
        self.calls["refresh"] += 1
