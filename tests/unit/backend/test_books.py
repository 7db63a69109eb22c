"""Whatever is booked and cancelled in whatever order: seats, tokens and bookings agree (M1-M6)."""

import asyncio
import random
from datetime import timedelta

import hypothesis.strategies as st
import msgspec
from hypothesis import given, settings

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import cancel_booking
from kiosk_app.backend.core.moving import MoveRequest, move_booking
from kiosk_app.backend.core.parts import Core, utc_now
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.storage.bookings import cancel_booking_atomic
from kiosk_app.backend.storage.database import BusyError, Database
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from tests.helpers.backend import add_device, add_session, add_student, far_day, query

TYPES = list(MockType)
STUDENTS, SESSIONS = 3, 6

step = st.one_of(
    st.tuples(
        st.just("create"),
        st.integers(0, STUDENTS - 1),
        st.integers(0, SESSIONS - 1),
        st.integers(0, 9),
    ),
    st.tuples(
        st.sampled_from(["cancel", "cancel late"]),
        st.integers(0, STUDENTS - 1),
        st.integers(0, 9),
        st.none(),
    ),
    st.tuples(
        st.just("move"),
        st.integers(0, STUDENTS - 1),
        st.integers(0, SESSIONS - 1),
        st.integers(0, 9),
    ),
)


def policy_of(mock_type):
    return DISCUSSIONS if mock_type is MockType.MOCK_DISCUSSION else EXAMS


class World:
    """A few students and sessions, and a core that a plan of steps is run against."""

    def __init__(self, url, core):
        self.url, self.core = url, core
        self.people = [
            (f"S{n}", add_student(url, f"S{n}", discussion=2, sj=1, cs=1, mini=1, shared=2))
            for n in range(STUDENTS)
        ]
        self.rooms = [
            (
                mock_type := TYPES[n % len(TYPES)],
                add_session(url, mock_type=mock_type.value, day=far_day(30 + n // 3), capacity=2),
                far_day(30 + n // 3),
            )
            for n in range(SESSIONS)
        ]
        add_device(url)
        (identity,) = query(url, "SELECT id FROM devices LIMIT 1")[0]
        self.device = DeviceRow(id=identity, name="k", profile="kiosk")

    async def run(self, action, who, what, key):
        number, contact = self.people[who]
        try:
            if action != "create":
                await self.change(action, contact, what, key)
                return
            mock_type, session, day = self.rooms[what]
            request = BookingRequest(
                session=session,
                contact=contact,
                student_id=number,
                name="Ana Sol",
                email="ana@example.org",
                exam_date=day,
                mock_type=mock_type,
                extras=Extras(),
                key=f"idem_{number}_{what}_{key}",
            )
            await create_booking(self.core, policy_of(mock_type), request, Caller(self.device))
        except (Refusal, BusyError):
            pass

    async def change(self, action, contact, what, key):
        """Cancel or move a booking that the student has, if there is one."""
        held = query(
            self.url,
            "SELECT id FROM bookings WHERE contact_id = %s"
            " AND (is_active = 'Active' OR %s) ORDER BY created_at",
            *(contact, action != "move"),
        )
        if not held:
            return
        one = held[(what if key is None else key) % len(held)][0]
        if action == "cancel late":
            await cancel_booking_atomic(self.core.db, one, None, utc_now(), late=True)
            return
        caller = Caller(self.device, msgspec.convert(contact, type(self.device.id)))
        if action == "cancel":
            await cancel_booking(self.core, caller, str(one), None)
            return
        wish = MoveRequest(
            booking=str(one),
            session=self.rooms[what][1],
            extras=Extras(),
            key=f"idem_move_{one}_{what}_{key}",
        )
        await move_booking(self.core, policy_of, caller, wish)

    async def sound(self):
        findings = await check_books(self.core)
        assert [one for one in findings if not one.ok] == []
        twice = query(
            self.url,
            "SELECT 1 FROM bookings a JOIN bookings b ON a.contact_id = b.contact_id"
            " AND a.id < b.id JOIN mock_sessions s ON s.id = a.session_id"
            " JOIN mock_sessions t ON t.id = b.session_id"
            " WHERE a.is_active = 'Active' AND b.is_active = 'Active'"
            " AND (s.starts_at < t.ends_at AND t.starts_at < s.ends_at"
            "      OR (a.mock_type = b.mock_type AND a.exam_date = b.exam_date))",
        )
        assert twice == []
        open_debits = query(
            self.url,
            "SELECT count(*) FROM ledger d WHERE d.kind = 'booking'"
            " AND NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = d.id)"
            " GROUP BY booking_id HAVING count(*) > 1",
        )
        assert open_debits == [], "a booking is paid once, however often it moves"


@settings(max_examples=12)
@given(plan=st.lists(step, min_size=4, max_size=24))
def test_books_agree_after_any_sequence(postgres, plan):
    async def play():
        url = postgres.emptied()
        async with Database(url, size=2) as db:
            world = World(url, Core(db=db, shelf=Shelf()))
            for one in plan:
                await world.run(*one)
                if one[0] == "move":
                    await world.sound()
            await world.sound()

    asyncio.run(play())


async def test_books_agree_when_everybody_acts_at_once(core, database_url):
    world = World(database_url, core)
    dice = random.Random(5)
    steps = [
        (
            dice.choice(("create", "create", "move", "cancel")),
            dice.randrange(STUDENTS),
            dice.randrange(SESSIONS),
            dice.randrange(4),
        )
        for _ in range(150)
    ]
    for rest in ({"move", "cancel"}, {"cancel"}, set()):  # a cancel is faster than a move
        part = [one for one in steps if one[0] not in rest]
        await asyncio.gather(*(world.run(*one) for one in part))
    await world.sound()
    assert query(database_url, "SELECT count(*) FROM bookings")[0][0] > 0
    assert query(database_url, "SELECT count(*) FROM booking_moves")[0][0] > 0


async def test_a_falsified_counter_is_found(core, database_url):
    """The checks can fail: a counter that lies is named."""
    add_session(database_url, capacity=120)
    query(database_url, "UPDATE mock_sessions SET total_bookings = 99")
    assert [one.name for one in await check_books(core) if not one.ok] == ["seats"]


async def test_a_lost_race_is_told_in_the_domains_words(core, database_url):
    """One seat, eight students at once: one has it, the others hear that it is full."""
    people = [(f"S{n}", add_student(database_url, f"S{n}", discussion=1)) for n in range(8)]
    session = add_session(database_url, capacity=1)

    async def book(number, contact):
        request = BookingRequest(
            session=session,
            contact=contact,
            student_id=number,
            name="Ana Sol",
            email="ana@example.org",
            exam_date=far_day(),
            mock_type=MockType.MOCK_DISCUSSION,
            extras=Extras(),
            key=f"idem_disc_{number}",
        )
        try:
            await create_booking(core, DISCUSSIONS, request, None)
        except Refusal as refusal:
            return refusal.code
        return None

    codes = await asyncio.gather(*(book(*one) for one in people))
    assert sorted(str(code) for code in codes) == [Code.DISCUSSION_FULL] * 7 + ["None"]


def test_now_is_aware():
    assert utc_now().utcoffset() == timedelta(0)
