"""What the window may read without asking the engine (architecture §2.10).

Rows of mirror and queue; nothing personal beyond the visiting student.
"""

from datetime import date, datetime
from typing import Protocol

from kiosk_app.domain.listing import (
    BookingRow,
    DaySessions,
    SessionFilter,
    SessionOrder,
    SessionRow,
)


class Reading(Protocol):
    """One read-only connection, used on the GUI thread; each method is one indexed query.

    `student_id` names the visiting student, whose own bookings and requests colour the rows
    (`SessionRow.standing`); None shows the calendar to nobody in particular.
    """

    def days(
        self, first: date, last: date, wanted: SessionFilter, student_id: str | None = None
    ) -> list[SessionRow]:
        """Return the sessions of these days, both included, by start."""
        ...

    def month(
        self,
        first: date,
        last: date,
        wanted: SessionFilter,
        student_id: str | None = None,
        *,
        today: date,
        now: datetime,
        room: int,
    ) -> dict[date, DaySessions]:
        """Return how many sessions each of these days has, and the first `room` from today on.

        Of `today` only those that start after `now`; days without sessions are left out.
        """
        ...

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
        """Return one window of the sorted list; equal keys keep their order by start and id."""
        ...

    def count(self, wanted: SessionFilter) -> int:
        """Return how many sessions the list holds."""
        ...

    def campuses(self) -> list[str]:
        """Return the distinct campuses of sessions that have not ended, in alphabetical order."""
        ...

    def instructors_and_topics(self) -> tuple[list[str], list[str]]:
        """Return who teaches what is still to come and its topics, in alphabetical order (A79)."""
        ...

    def session(self, session_id: str, student_id: str | None = None) -> SessionRow | None:
        """Return one session, or None when the mirror does not hold it."""
        ...

    def bookings(self, student_id: str) -> list[BookingRow]:
        """Return the student's bookings and waiting requests, by start, newest state."""
        ...

    def synced_at(self) -> datetime | None:
        """Return when the mirror last equalled the server, or None before the first sync."""
        ...

    def show_leased(self, *, shown: bool) -> None:
        """Count the seats this device may guarantee, or leave them out while the server answers."""
        ...

    def refresh(self) -> None:
        """See what the engine has committed since, and reopen a mirror that was rebuilt."""
        ...
