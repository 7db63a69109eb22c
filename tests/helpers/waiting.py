"""A full session, people who want a seat of it, and what they do; driven against a real core."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import cancel_booking
from kiosk_app.backend.core.offers import see_to_lists
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.core.waitlist import (
    claim_offer,
    decline_offer,
    join_waitlist,
    leave_waitlist,
)
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.backend.storage.waitlist import open_wait
from kiosk_app.contract.sessions import MockType
from tests.helpers.backend import add_device, add_session, add_student, far_day, query
from tests.helpers.clocks import Clock


class Crowd:
    """Students `S0`, `S1`, … and one session; steps that are refused change nothing."""

    def __init__(self, url, db, *, people=5, capacity=2, tokens=3, **session):
        self.url, self.clock = url, Clock()
        self.core = Core(db=db, shelf=Shelf(), clock=self.clock)
        self.day = session.get("day", far_day())
        self.people = [add_student(url, f"S{n}", discussion=tokens) for n in range(people)]
        self.session = UUID(add_session(url, capacity=capacity, **session))
        if "starts_at" in session:
            self.day = query(url, "SELECT exam_date FROM mock_sessions")[0][0]
        add_device(url)
        (identity,) = query(url, "SELECT id FROM devices LIMIT 1")[0]
        self.device = DeviceRow(id=identity, name="k", profile="kiosk")
        self.books = 0

    def caller(self, who):
        return Caller(self.device, UUID(self.people[who]))

    async def book(self, who):
        self.books += 1
        request = BookingRequest(
            session=str(self.session),
            contact=self.people[who],
            student_id=f"S{who}",
            name="Ana Sol",
            email="ana@example.org",
            exam_date=self.day,
            mock_type=MockType.MOCK_DISCUSSION,
            extras=Extras(),
            key=f"idem_disc_{self.books:04}",
        )
        return await create_booking(self.core, DISCUSSIONS, request, self.caller(who))

    async def cancel(self, who):
        for (booking,) in query(
            self.url,
            "SELECT id FROM bookings WHERE contact_id = %s AND is_active = 'Active'",
            self.people[who],
        ):
            await cancel_booking(self.core, self.caller(who), str(booking), None)

    async def join(self, who):
        return await join_waitlist(self.core, self.caller(who), self.session, None)

    async def leave(self, who):
        return await leave_waitlist(self.core, self.caller(who), self.session, None)

    async def wait_of(self, who):
        return await open_wait(self.core.db, self.session, UUID(self.people[who]))

    async def claim(self, who):
        if wait := await self.wait_of(who):
            await claim_offer(self.core, DISCUSSIONS, self.caller(who), wait, Extras())

    async def decline(self, who):
        if wait := await self.wait_of(who):
            await decline_offer(self.core, self.caller(who), self.session, wait.id)

    async def job(self, who=0):
        """Run it in as many processes as there are, one more for each number."""
        await asyncio.gather(*(see_to_lists(self.core.db, self.clock.now) for _ in range(1 + who)))

    async def later(self, who):
        self.clock.forward(minutes=11 * (1 + who))

    async def room(self, who):
        """Another room: never smaller than what is taken."""
        query(
            self.url,
            "UPDATE mock_sessions SET capacity ="
            " greatest(%s, total_bookings + leased_seats + held_seats)",
            who,
        )

    async def lease(self, who):
        """A device leases a free seat, or gives its one back."""
        query(
            self.url,
            "UPDATE mock_sessions SET leased_seats = CASE WHEN leased_seats > 0 THEN 0"
            " WHEN capacity > total_bookings + held_seats THEN 1 ELSE 0 END",
        )

    async def spend(self, who):
        """All tokens go elsewhere, or come back."""
        (left,) = query(
            self.url, "SELECT sum(amount) FROM ledger WHERE contact_id = %s", self.people[who]
        )[0]
        amount, kind = (-left, "adjust") if left else (2, "grant")
        query(
            self.url,
            "INSERT INTO ledger (contact_id, credit_field, amount, kind)"
            " VALUES (%s, 'mock_discussion_token', %s, %s)",
            self.people[who],
            amount,
            kind,
        )

    async def take(self, step, who):
        with suppress(Refusal):
            await getattr(self, step)(who)

    def states(self):
        return [
            state for (state,) in query(self.url, "SELECT state FROM waitlist_entries ORDER BY seq")
        ]

    def seats(self):
        """Return seats booked, leased and held, and seats altogether."""
        return query(
            self.url,
            "SELECT total_bookings, leased_seats, held_seats, capacity FROM mock_sessions",
        )[0]

    def mails(self, kind):
        return query(self.url, "SELECT contact_id FROM mail_outbox WHERE kind = %s", kind)


MINUTE = timedelta(minutes=1)


async def see_to_all(url):
    """Do the waitlist's job once, as another process would."""
    async with Database(url, size=2) as db:
        await see_to_lists(db, datetime.now(UTC))
