"""One student's visit over real encrypted files: what a page reads is what the engine would write."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from kiosk_app.cache.reads import Reads
from kiosk_app.cache.request import NewRequest, Request, Subject
from kiosk_app.contract.bookings import BookingRecord, BookingState
from kiosk_app.contract.credits import Balances, Student
from kiosk_app.contract.sessions import DeliveryFormat, MockType, SessionFacts
from kiosk_app.contract.wire import read_instant
from kiosk_app.desktop.visit import Visit
from kiosk_app.domain.listing import WaitRow
from kiosk_app.sync.events import (
    BookingsChanged,
    LinkChanged,
    LinkState,
    RequestSaved,
    RequestSettled,
    SessionsChanged,
    VisitBegan,
    WaitsChanged,
)
from tests.helpers.files import KEYS, opened_copy
from tests.helpers.samples import session_facts

NOW = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)
PRIYA = Student(
    contact_id="c-1", student_id="2604817", name="Priya Raman", email="priya.raman@gmail.com"
)
PURSE = Balances(
    sj_credits=3,
    cs_credits=3,
    sjmini_credits=1,
    shared_mock_credits=1,
    mock_discussion_token=2,
)
DISCUSSION = session_facts(
    "s-disc",
    day=date(2026, 11, 26),
    hour=18,
    capacity=8,
    total_bookings=2,
    location="Downtown – Room 118",
    delivery_format=DeliveryFormat.VIRTUAL,
    instructor_name="Dr. Amira Haddad",
    topics=["Ethics", "Communication", "Cultural safety", "Teamwork"],
)
SKILLS = session_facts(
    "s-skills",
    mock_type=MockType.CLINICAL_SKILLS,
    day=date(2026, 11, 24),
    hour=9,
    capacity=12,
    total_bookings=4,
    location="Downtown – Room 204",
)
MINI = session_facts(
    "s-mini",
    mock_type=MockType.MINI_MOCK,
    day=date(2026, 11, 24),
    hour=11,
    capacity=10,
    total_bookings=8,
    location="North York – Room N210",
)
OTHER_MINIS = [
    session_facts(
        f"s-mini-{n}",
        mock_type=MockType.MINI_MOCK,
        day=day,
        hour=hour,
        capacity=10,
        total_bookings=taken,
        location=place,
    )
    for n, (day, hour, taken, place) in enumerate(
        [
            (date(2026, 11, 23), 9, 10, "Downtown – Room 204"),
            (date(2026, 11, 25), 9, 5, "Downtown – Room 204"),
            (date(2026, 11, 26), 15, 3, "North York – Room N210"),
            (date(2026, 12, 2), 10, 2, "North York – Room N210"),
            (date(2026, 12, 9), 10, 2, "North York – Room N210"),
        ]
    )
]


def booked(facts: SessionFacts, code: str = "BK-20261124-7K2QZD", **more) -> BookingRecord:
    """Return the booking the server would list for a session."""
    values = {
        "id": str(uuid4()),
        "booking_id": f"{facts.mock_type.value}-2604817-{facts.exam_date}",
        "booking_code": code,
        "mock_exam_id": facts.session_id,
        "mock_type": facts.mock_type,
        "exam_date": facts.exam_date,
        "start_time": facts.starts_at,
        "end_time": facts.ends_at,
        "time_zone": facts.time_zone,
        "location": facts.location,
        "is_active": BookingState.ACTIVE,
        "token_used": "Clinical Skills Token",
        "can_cancel": True,
    }
    return BookingRecord(**values | more)


class StudentVisit:
    """The files of one device, a visit that reads them, and what the pages sent to the engine."""

    def __init__(self, folder, sessions=None, bookings=(), purse=PURSE):
        self.now, self.features = NOW, frozenset()
        self.files = opened_copy(folder)
        sessions = [DISCUSSION, SKILLS, MINI, *OTHER_MINIS] if sessions is None else sessions
        self.files.mirror.begin_snapshot()
        self.files.mirror.add_to_snapshot(sessions)
        self.files.mirror.finish_snapshot(None, NOW)
        self.files.mirror.set_balances(PRIYA.student_id, purse, NOW)
        self.files.mirror.set_bookings(PRIYA.student_id, bookings, NOW)
        self.reading = Reads(folder, lambda: KEYS, lambda: self.now)
        self.sent = []
        self.visit = Visit(self.reading, self.sent.append, lambda: self.now)
        self.online()
        self.visit.handle(VisitBegan(student=PRIYA, balances=purse, balances_at=NOW))

    def online(self):
        change = LinkChanged(state=LinkState.ONLINE, synced_at=NOW, features=self.features)
        self.visit.handle(change)

    def offline(self):
        at = self.now - timedelta(minutes=12)
        change = LinkChanged(state=LinkState.OFFLINE, synced_at=at, features=self.features)
        self.visit.handle(change)

    def offer(self, *features):
        """Let the server offer something beyond the floor."""
        self.features = frozenset(features)
        self.online()

    def wait(self, facts: SessionFacts, place=1, held=None, **more) -> WaitRow:
        """Let the server say that the student waits for a seat, and for how long one is held."""
        until = self.now + held if held else None
        row = WaitRow(
            wait_id=f"w-{facts.session_id}",
            session_id=facts.session_id,
            place=place,
            offered_until=until,
            **more,
        )
        self.visit.handle(WaitsChanged((row,)))
        return row

    def row(self, facts: SessionFacts):
        return self.reading.session(facts.session_id, PRIYA.student_id)

    def set_bookings(self, *records):
        self.files.mirror.set_bookings(PRIYA.student_id, records, self.now)
        self.visit.handle(BookingsChanged())

    def change(self, *facts: SessionFacts):
        """Let the pull bring these sessions."""
        from kiosk_app.cache.mirror import Position  # noqa: PLC0415 - read beside its only use

        position = Position("e", "c")
        self.files.mirror.apply(facts, [], position, self.now)
        self.visit.handle(SessionsChanged(frozenset(f.session_id for f in facts)))

    def save(self, facts: SessionFacts, request_id=None) -> Request:
        """Put a request for a session into the queue, as the engine does on Place."""
        request = NewRequest(
            id=request_id or str(uuid4()),
            kind="create",
            system="exams",
            path="/bookings/create",
            body="{}",
            subject=Subject(
                session_id=facts.session_id,
                mock_type=facts.mock_type.value,
                exam_date=facts.exam_date,
                session_start=read_instant(facts.starts_at),
                session_end=read_instant(facts.ends_at),
                time_zone=facts.time_zone,
                location=facts.location,
                delivery_format=facts.delivery_format.value,
            ),
            student_ref=PRIYA.student_id,
            idempotency_key=f"idem_{uuid4().hex}",
        )
        saved = self.files.queue.save(request, self.now)
        self.visit.handle(BookingsChanged())
        return saved

    def refuse(self, facts: SessionFacts, code: str) -> Request:
        """Let the server have refused a request."""
        request = self.files.queue.refuse(self.save(facts), self.now, code)
        self.visit.handle(BookingsChanged())
        return request

    def say_saved(self, request_id, number="Q-DT1-0147"):
        self.visit.handle(RequestSaved(request_id=request_id, number=number))

    def say_settled(self, request_id, state, **more):
        values = {"number": "Q-DT1-0147"} | more
        self.visit.handle(RequestSettled(request_id=request_id, state=state, **values))

    def close(self):
        self.reading.close()
        self.files.close()
