"""Three students, six sessions and everything that may befall a seat or a token, against a real database.

A step is a coroutine of `World`; what it does goes through the product's core, each on one of two
pools of connections, as two processes would have. `take` runs one step alone, so that its outcome can
be foretold and a refusal can be shown to have changed nothing; `at_once` runs several together. After
either, `check` asks what must hold (`books_laws.py`).
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from kiosk_app.backend.core.attendance import complete, mark, note_absent, note_scan
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import cancel_booking
from kiosk_app.backend.core.moving import MoveRequest, move_booking
from kiosk_app.backend.core.offers import see_to_lists
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.planning import change_session
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refunds import cancel_by_admin, refund_token
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.core.waitlist import (
    claim_offer,
    decline_offer,
    join_waitlist,
    leave_waitlist,
)
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.storage.database import BusyError, Database
from kiosk_app.backend.storage.rows import DeviceRow, StaffRow
from kiosk_app.backend.storage.waitlist import open_wait
from kiosk_app.contract.admin import RefundToken
from kiosk_app.contract.attendance import Attendance, EventKind, MarkAttendance, Scan
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.planning import ChangeSession
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Rule
from tests.helpers.backend import add_device, add_session, add_student, far_day, query
from tests.helpers.books_laws import broken_laws, may_book
from tests.helpers.clocks import Clock
from tests.helpers.two_kiosks import must

ROOMS = (
    (MockType.MOCK_DISCUSSION, 0, time(14), 2, "America/Toronto"),
    (MockType.MOCK_DISCUSSION, 0, time(22), 1, "UTC"),
    (MockType.CLINICAL_SKILLS, 0, time(19), 1, "UTC"),
    (MockType.SITUATIONAL_JUDGMENT, 1, time(10), 2, "UTC"),
    (MockType.CLINICAL_SKILLS, 1, time(11), 1, "UTC"),
    (MockType.MOCK_DISCUSSION, 1, time(15), 1, "Europe/Paris"),
)
"""Type, day, start, seats and zone; the first and the third overlap, as do the next two."""
PEOPLE = 3
RULES = BookingRules({MockType.MOCK_DISCUSSION: {Role.STUDENT: Rule(late_cancel_min=480)}})
WHY = "a reason of the desk"
WAYS = {("Active", "Completed"), ("Active", "Cancelled")}
"""The transitions of a booking that there are (0.6, M15)."""
_BOOKS = ("mock_sessions", "bookings", "ledger", "booking_moves", "audit_log", "mail_outbox")
_EVERYTHING = " UNION ALL ".join(f"SELECT '{table}' || t::text FROM {table} t" for table in _BOOKS)


def policy_of(mock_type: MockType) -> Any:
    return DISCUSSIONS if mock_type is MockType.MOCK_DISCUSSION else EXAMS


class World:
    """The database, two cores over it, and what is remembered of the step before."""

    def __init__(self, url: str, databases: Sequence[Database]) -> None:
        self.url, self.clock = url, Clock()
        self.day = far_day()
        self.clock.now = datetime.combine(self.day, time(9), UTC)
        cores = [Core(db=one, shelf=Shelf(), clock=self.clock, rules=RULES) for one in databases]
        self._turns = cycle(cores)
        self.people = [
            add_student(url, f"S{n}", discussion=2, cs=1, shared=1) for n in range(PEOPLE)
        ]
        self.rooms = [self._room(*room) for room in ROOMS]
        add_device(url)
        ((identity,),) = query(url, "SELECT id FROM devices")
        self.device = DeviceRow(id=identity, name="k", profile="desk")
        self.admin = StaffRow(id=1, email="ada@x.org", name="Ada", role=Role.ADMIN)
        self.eye = psycopg.connect(url, autocommit=True, row_factory=namedtuple_row)
        self.count, self.alone = 0, True
        self.states: dict[UUID, str] = {}
        self.seats: dict[UUID, tuple] = {}
        self.before = self._everything()

    def close(self) -> None:
        self.eye.close()

    def _room(self, mock_type: MockType, day: int, start: time, capacity: int, zone: str) -> UUID:
        there = self.day + timedelta(days=day)
        made = add_session(
            self.url,
            mock_type=mock_type.value,
            day=there,
            start=start,
            capacity=capacity,
            zone=zone,
        )
        return UUID(made)

    # Running and judging

    async def take(self, step: str, *args: Any) -> None:
        """Run one step; a refusal changes nothing."""
        self.alone = True
        try:
            await getattr(self, step)(*args)
        except Refusal as refusal:
            must(self._everything() == self.before, f"{step} refused {refusal.code} and wrote")
        self.check()

    async def at_once(self, steps: Sequence[tuple]) -> None:
        """Run steps together; who is refused or finds a lock taken has lost."""
        self.alone = False

        async def one(step: str, *args: Any) -> None:
            with suppress(Refusal, BusyError):
                await getattr(self, step)(*args)

        await asyncio.gather(*(one(*step) for step in steps))
        self.check()

    def check(self) -> None:
        """Check what must hold now, and what must hold between the step before and now."""
        broken = broken_laws(self.eye)
        must(not broken, "; ".join(broken))
        states = {one.id: one.is_active for one in self.rows("SELECT id, is_active FROM bookings")}
        must(self.states.keys() <= states.keys(), "a booking is never deleted")
        for booking, was in self.states.items():
            now = states[booking]
            must(now == was or (was, now) in WAYS, f"M15: from {was} to {now}")
        self.states = states
        self._told_to_kiosks()
        self.before = self._everything()

    def _told_to_kiosks(self) -> None:
        """Each session that looks different since the step before has a newer change row."""
        seen = {
            one.id: (one.seq, one[1:-1])
            for one in self.rows(
                "SELECT s.id, s.capacity, s.total_bookings, s.held_seats, s.is_active,"
                " (SELECT max(c.seq) FROM changes c WHERE c.entity_id = s.id) AS seq"
                " FROM mock_sessions s"
            )
        }
        for session, (seq, looks) in self.seats.items():
            now = seen[session]
            must(now[1] == looks or now[0] > seq, "a kiosk hears of every change of a session")
        self.seats = seen

    def rows(self, statement: str, *values: object, **named: object) -> list[Any]:
        return self.eye.execute(statement, named or values, prepare=True).fetchall()

    def _everything(self) -> list[Any]:
        return sorted(self.rows(_EVERYTHING))

    @property
    def core(self) -> Core:
        return next(self._turns)

    def student(self, who: int) -> Caller:
        return Caller(self.device, UUID(self.people[who]))

    @property
    def staff(self) -> Caller:
        return Caller(self.device, user=self.admin)

    def picked(self, pick: int, state: str | None = None) -> Any | None:
        """Return one of the bookings there are."""
        found = self.rows(
            "SELECT * FROM bookings WHERE is_active = %s OR %s::text IS NULL"
            " ORDER BY created_at, booking_id",
            *(state, state),
        )
        return found[pick % len(found)] if found else None

    def owner(self, booking: Any) -> Caller:
        return Caller(self.device, booking.contact_id)

    # Booking

    def request(self, who: int, room: int, key: str | None, *, replay: bool = False):
        return BookingRequest(
            session=str(self.rooms[room]),
            contact=self.people[who],
            student_id=f"S{who}",
            name="Ana Sol",
            email="ana@example.org",
            exam_date=self.day + timedelta(days=ROOMS[room][1]),
            mock_type=ROOMS[room][0],
            extras=Extras(),
            key=key,
            replay=replay,
        )

    def fresh(self, what: str) -> str:
        self.count += 1
        return f"{what}_{self.count:08}"

    async def book(self, who: int, room: int) -> None:
        """Book under a new key."""
        await self._book(who, room, self.fresh("idem"))

    async def book_again(self, who: int, room: int, family: int, replay: bool) -> None:  # noqa: FBT001 - drawn
        """Book under a key that may be known."""
        await self._book(who, room, f"idem_{who}_{room}_{family:04}", replay=replay)

    async def book_without_a_key(self, who: int, room: int) -> None:
        """The server makes the key (M13)."""
        policy, request = policy_of(ROOMS[room][0]), self.request(who, room, None)
        told = {
            "contact_id": request.contact,
            "exam_date": request.exam_date.isoformat(),
            "mock_exam_id": request.session,
            "mock_type": request.mock_type.value,
            "timestamp_bucket": int(self.clock.now.timestamp() * 1000) // 300_000,
        }
        digest = hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
        await self._book(who, room, None, root=f"{policy.key_prefix}{digest[:32]}")

    async def _book(
        self, who: int, room: int, key: str | None, *, root: str = "", replay: bool = False
    ) -> None:
        root = root or key or ""
        foreseen = self.foreseen(who, room, root, replay=replay)
        request = self.request(who, room, key, replay=replay)
        policy = policy_of(request.mock_type)
        made = None
        try:
            made = await create_booking(self.core, policy, request, self.student(who))
        finally:
            told = "refused" if made is None else "repeated" if made.repeated else "created"
            must(not self.alone or told == foreseen, f"{told} where it is to be {foreseen}")
        must(
            made.booking.key_root == root, "M13: the key of a booking is the one that was foretold"
        )

    def foreseen(self, who: int, room: int, root: str, *, replay: bool) -> str:
        """Say how a create must end, from what the tables say before it."""
        family = self.rows(
            "SELECT is_active FROM bookings WHERE key_root = %s ORDER BY created_at DESC", root
        )
        if family and family[0].is_active in {"Active", "Completed"}:
            return "repeated"
        if family and replay:
            return "refused"
        fits = may_book(self.eye, self.people[who], self.rooms[room], self.clock.now)
        return "created" if fits else "refused"

    async def one_key_at_once(self, who: int, room: int) -> None:
        """The same request from four connections at the same moment makes one booking (M5)."""
        key, foreseen = self.fresh("idem"), self.foreseen(who, room, "", replay=False)
        request, policy = self.request(who, room, key), policy_of(ROOMS[room][0])
        answers = await asyncio.gather(
            *(create_booking(self.core, policy, request, self.student(who)) for _ in range(4)),
            return_exceptions=True,
        )
        made = [one for one in answers if not isinstance(one, BaseException)]
        for one in answers:
            if isinstance(one, BaseException) and not isinstance(one, (Refusal, BusyError)):
                raise one
        must(len({one.booking.id for one in made}) <= 1, "M5: one key, two bookings")
        must(len([one for one in made if not one.repeated]) <= 1, "M5: one key made two")
        must(not self.alone or bool(made) == (foreseen == "created"), f"it is to be {foreseen}")

    # Letting go

    async def cancel(self, pick: int) -> None:
        if booking := self.picked(pick):
            ((starts,),) = self.rows(
                "SELECT starts_at FROM mock_sessions WHERE id = %s", booking.session_id
            )
            try:
                await cancel_booking(self.core, self.owner(booking), str(booking.id), None)
            except Refusal as refusal:
                gone = booking.is_active == "Completed" or starts <= self.clock.now
                must(not self.alone or gone, f"a cancel in time is refused: {refusal.code}")
                raise

    async def cancel_by_admin(self, pick: int) -> None:
        if booking := self.picked(pick):
            await cancel_by_admin(self.core, self.staff, str(booking.id), WHY)
            must(
                not self.alone or booking.is_active in {"Active", "Cancelled"},
                "M15: what is completed is not cancelled",
            )

    async def move(self, pick: int, room: int) -> None:
        if booking := self.picked(pick, "Active"):
            wish = MoveRequest(
                booking=str(booking.id),
                session=str(self.rooms[room]),
                extras=Extras(),
                key=self.fresh("idem_move"),
            )
            await move_booking(self.core, policy_of, self.owner(booking), wish)

    async def refund(self, pick: int, field: CreditField | None, override: bool) -> None:  # noqa: FBT001 - drawn
        """Give a token back by hand; B34: not one that is back already."""
        booking = self.picked(pick)
        if booking is None:
            return
        open_debit = self.rows(
            "SELECT 1 FROM ledger d WHERE d.booking_id = %s AND d.kind = 'booking'"
            " AND NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = d.id)",
            booking.id,
        )
        wish = RefundToken(reason=WHY, token_type=field, override=override)
        given = False
        try:
            await refund_token(self.core, self.staff, str(booking.id), wish)
            given = True
        except Refusal as refusal:
            again = booking.is_active != "Active" and not open_debit
            own = field in {None, CreditField(booking.credit_field)} or override
            must(
                not (self.alone and again and own) or refusal.code is Code.ALREADY_REFUNDED,
                f"B34: {refusal.code} for what is back already",
            )
            raise
        finally:
            due = booking.is_active != "Active" and bool(open_debit)
            must(not (self.alone and given) or due, "B33: a token of nothing was given back")

    # Sessions, lists, attendance

    async def resize(self, room: int, seats: int, as_seats_free: bool) -> None:  # noqa: FBT001 - drawn
        ((version,),) = self.rows(
            "SELECT version FROM mock_sessions WHERE id = %s", self.rooms[room]
        )
        when = "as_seats_free" if as_seats_free else "now"
        body = ChangeSession(version=version, capacity=seats, when=when)
        await change_session(self.core, self.staff, self.rooms[room], body, preview=False)

    async def join(self, who: int, room: int) -> None:
        await join_waitlist(self.core, self.student(who), self.rooms[room], None)

    async def leave(self, who: int, room: int) -> None:
        await leave_waitlist(self.core, self.student(who), self.rooms[room], None)

    async def claim(self, who: int, room: int) -> None:
        core = self.core
        if wait := await open_wait(core.db, self.rooms[room], UUID(self.people[who])):
            policy = policy_of(ROOMS[room][0])
            await claim_offer(core, policy, self.student(who), wait, Extras())

    async def decline(self, who: int, room: int) -> None:
        core = self.core
        if wait := await open_wait(core.db, self.rooms[room], UUID(self.people[who])):
            await decline_offer(core, self.student(who), self.rooms[room], wait.id)

    async def offers(self) -> None:
        """The job of the lists, in two processes at once."""
        await asyncio.gather(*(see_to_lists(self.core.db, self.clock.now) for _ in range(2)))

    async def check_in(self, pick: int) -> None:
        if booking := self.picked(pick):
            scan = Scan(booking=booking.booking_code, nonce=self.fresh("nonce"))
            await note_scan(self.core, Caller(self.device), EventKind.CHECK_IN, scan)

    async def mark(self, pick: int, told: Attendance) -> None:
        if booking := self.picked(pick):
            wish = MarkAttendance(attendance=told, reason=WHY)
            await mark(self.core, self.staff, str(booking.id), wish)

    async def hours_pass(self, hours: int) -> None:
        self.clock.forward(hours=hours)

    async def end_of_sessions(self) -> None:
        """The jobs of the clock: who is absent, and what is over."""
        db = self.core.db
        await note_absent(db, self.clock.now)
        await complete(db, self.clock.now)

    async def sell(self, who: int, field: CreditField) -> None:
        """A token comes from elsewhere: neither a booking nor a refund."""
        query(
            self.url,
            "INSERT INTO ledger (contact_id, credit_field, amount, kind) VALUES (%s, %s, 1, 'grant')",
            *(self.people[who], field.value),
        )
