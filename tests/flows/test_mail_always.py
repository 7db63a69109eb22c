"""Whatever happens in whatever order, students are told the truth, once and in order."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.storage.bookings import cancel_booking_atomic
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import MockType
from tests.helpers.backend import add_session, add_student, far_day, query
from tests.helpers.post_office import PostOffice
from tests.helpers.smtp import Inbox, smtp_server

DAY = far_day()
STEPS = st.sampled_from(["book", "cancel", "move", "send", "send twice", "fail", "wait", "remind"])


class Story:
    """One student and one session, and what may happen to them."""

    def __init__(self, post: PostOffice) -> None:
        self.post = post
        self.core = Core(db=post.db, shelf=Shelf())
        self.contact = add_student(post.url, discussion=50)
        self.session = add_session(post.url, day=DAY)
        self.moves = 0
        post.now = datetime.now(UTC) + timedelta(minutes=5)  # rows are dated by the database

    async def take(self, step: str) -> None:
        match step:
            case "book":
                await self._book()
            case "cancel":
                await self._cancel()
            case "move":
                self.moves += 1
                move = "UPDATE mock_sessions SET location = %s WHERE id = %s"
                query(self.post.url, move, f"Room {self.moves % 3}", self.session)
            case "send":
                await self.post.send()
            case "send twice":
                await asyncio.gather(self.post.send(), self.post.send())
            case "fail":
                self.post.inbox.answers["DATA"] = ["451 later"]
                await self.post.send()
                self.post.inbox.answers["DATA"] = []
            case "wait":
                self.post.now += timedelta(hours=1)
            case "remind":
                starts = query(self.post.url, "SELECT starts_at FROM mock_sessions")[0][0]
                await self.post.send_at(max(self.post.now, starts - timedelta(hours=24)))

    async def _book(self) -> None:
        request = BookingRequest(
            session=self.session,
            contact=self.contact,
            student_id="QX4417",
            name="Ana Sol",
            email="ana@example.org",
            exam_date=DAY,
            mock_type=MockType.MOCK_DISCUSSION,
            extras=Extras(),
        )
        with suppress(Refusal):  # when it is booked already
            await create_booking(self.core, DISCUSSIONS, request, None)

    async def _cancel(self) -> None:
        for (booking,) in query(
            self.post.url, "SELECT id FROM bookings WHERE is_active = 'Active'"
        ):
            await cancel_booking_atomic(self.post.db, booking, None, self.post.clock())


def told(mail):
    """Return the kind of a mail, its event's UID and SEQUENCE if it has one."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
            return mail["Subject"].split(":")[0], str(event["UID"]), int(event["SEQUENCE"])
    return mail["Subject"].split(":")[0], None, None


def check(post: PostOffice) -> None:
    mails = post.inbox.mails
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    by_booking = defaultdict(list)
    for kind, uid, sequence in map(told, mails):
        if uid:
            by_booking[uid].append((kind, sequence))
    states = {
        f"{booking}@campus-kiosk": state
        for booking, state in query(post.url, "SELECT id, is_active FROM bookings")
    }
    for uid, events in by_booking.items():
        kinds, sequences = [k for k, _ in events], [s for _, s in events]
        assert sequences == sorted(set(sequences))
        assert kinds.count("Booked") <= 1
        assert "Cancelled" not in kinds[:-1]
        assert (kinds[-1] == "Cancelled") == (states[uid] == "Cancelled")
    for uid, state in states.items():
        kinds = [kind for kind, _ in by_booking[uid]]
        assert ("Booked" in kinds) if state == "Active" else ("Cancelled" in kinds)
    reminders = [mail for mail in mails if mail["Subject"].startswith("Reminder")]
    assert len(reminders) <= len(states)
    assert "waiting" not in {state for _, state in post.rows()}


@settings(max_examples=12)
@given(st.lists(STEPS, max_size=14))
@example(["book", "fail", "cancel", "send", "wait", "send twice"])
@example(["book", "fail", "move", "send"])
@example(["book", "move", "send twice", "move", "cancel", "send twice"])
def test_mail_tells_the_truth_once_and_in_order(postgres, steps):
    async def live(url):
        inbox = Inbox()
        async with smtp_server(inbox) as port, Database(url, size=4) as db:
            story = Story(PostOffice(db, url, inbox, port))
            for step in steps:
                await story.take(step)
            story.post.now += timedelta(hours=3)
            await story.post.send()
            check(story.post)

    with postgres.database() as url:
        asyncio.run(live(url))
