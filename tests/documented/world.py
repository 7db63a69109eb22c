"""Students, sessions and devices of one running backend, for a client that knows the API alone."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg

from kiosk_app.backend.server.parts import Limits
from tests.documented.client import CS, EXAMS, MD, MINI, SJ, Client
from tests.helpers.backend import (
    Role,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    query,
    sign_in_staff,
)
from tests.helpers.postgres import Postgres

BALANCES = {
    "sj_credits": "sj",
    "cs_credits": "cs",
    "sjmini_credits": "mini",
    "shared_mock_credits": "shared",
    "mock_discussion_token": "discussion",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Student:
    """Who signs in; `crm` is the CRM's number of them."""

    student_id: str
    email: str
    name: str
    crm: str
    discussion: int


@dataclass(frozen=True)
class Session:
    """What a student sees of it before any answer; `crm` is the CRM's number of it."""

    mock_type: str
    day: str
    location: str
    crm: str

    @property
    def long_day(self) -> str:
        """The day as ids and messages have it (0.5)."""
        day = date.fromisoformat(self.day)
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


@dataclass
class World:
    """A running backend and what is in it."""

    backend: RunningBackend
    http: httpx.Client
    _kept: dict[str, Any] = field(default_factory=dict)

    def device(self) -> Client:
        """A kiosk with nobody in front of it."""
        token = add_device(self.backend.database, f"Second {next(_numbers)}")
        return Client(self.http, {"Authorization": f"Bearer {token}"})

    def visit(self, client: Client, student: Student) -> Client:
        """The same device with this student signed in."""
        who = {"student_id": student.student_id, "email": student.email}
        got = client.http.post("/api/v1/visits", json=who, headers=client.headers)
        assert got.status_code == 201, got.text
        return Client(client.http, {**client.headers, "X-Visit-Token": got.json()["visit_token"]})

    def staff(self, role: str) -> Client:
        """A desk with somebody of this role signed in."""
        if role not in self._kept:
            with sign_in_staff(self.backend, Role(role)) as desk:
                self._kept[role] = Client(self.http, dict(desk.headers))
        return self._kept[role]

    def student(
        self, *, bare: bool = False, enrollment: str | None = None, **tokens: int
    ) -> Student:
        """A new student: three of everything, or with `bare` only the tokens that are named."""
        number = next(_numbers)
        held = {name: tokens.get(name, 0 if bare else 3) for name in BALANCES}
        student = Student(
            student_id=f"QX{number:05}",
            email=f"ana.{number}@example.org",
            name=f"Ana Sol {number}",
            crm=str(551_000_000 + number),
            discussion=held["mock_discussion_token"],
        )
        add_student(
            self.backend.database,
            student.student_id,
            email=student.email,
            name=student.name,
            hubspot_id=student.crm,
            enrollment_id=enrollment,
            **{BALANCES[name]: amount for name, amount in held.items()},
        )
        return student

    def session(self, mock_type: str, *, day: date | None = None, **columns: Any) -> Session:
        """A new session, on a day of its own unless one is named."""
        number = next(_numbers)
        day = day or today() + timedelta(days=5 + number % 300)
        session = Session(
            mock_type=mock_type,
            day=day.isoformat(),
            location=f"North Campus – Room {number:04}",  # none is a part of another
            crm=str(880_000_000 + number),
        )
        columns = {"hubspot_id": session.crm, "location": session.location, **columns}
        add_session(self.backend.database, mock_type=mock_type, day=day, **columns)
        return session

    def twins(self, mock_type: str) -> tuple[Session, Session]:
        """Two sessions of one kind on one day, one after the other."""
        day = today() + timedelta(days=320 + next(_numbers) % 30)
        return (
            self.session(mock_type, day=day, start=time(9)),
            self.session(mock_type, day=day, start=time(15)),
        )

    def same_day(self) -> tuple[Session, Session]:
        """Two exams of different kinds on one day, one after the other."""
        day = today() + timedelta(days=360)
        return self.session(SJ, day=day, start=time(9)), self.session(CS, day=day, start=time(15))

    def peek(self, which: str) -> Session:
        """A session that nobody books: of a kind, or one of the special ones below."""
        if which not in self._kept:
            self._kept[which] = self._special(which)
        return self._kept[which]

    def peek_student(self) -> Student:
        """A student who books nothing."""
        if "student" not in self._kept:
            self._kept["student"] = self.student()
        return self._kept["student"]

    def fill(self) -> None:
        """Make all special sessions and some exams, so that listings have something in them."""
        for which in (*EXAMS, *EXAMS, MD, *SPECIAL):
            self.peek(which)
        for kind in EXAMS:
            for _ in range(3):
                self.session(kind)
        for _ in range(6):
            self.session(MD)

    def wish(self, student: Student, session: Session, **more: Any) -> dict[str, Any]:
        """The body of a booking, with the CRM's numbers for both ids (F3)."""
        body = {
            "mock_exam_id": session.crm,
            "contact_id": student.crm,
            "student_id": student.student_id,
            "name": student.name,
            "email": student.email,
            "exam_date": session.day,
        }
        if session.mock_type != MD:
            body["mock_type"] = session.mock_type
        return {**body, **more}

    def tokens_of(self, student: Student) -> int:
        """Discussion tokens this student began with."""
        return student.discussion

    @contextmanager
    def busy(self, session: Session) -> Iterator[None]:
        """Hold a session's lock, as a booking does that takes long."""
        with psycopg.connect(self.backend.database) as other:
            other.execute(
                "SELECT 1 FROM mock_sessions WHERE hubspot_id = %s FOR UPDATE", [session.crm]
            )
            yield

    def miscount(self, session: Session, wrong: int) -> None:
        """Let the stored counter of a session be wrong."""
        statement = "UPDATE mock_sessions SET total_bookings = %s WHERE hubspot_id = %s"
        query(self.backend.database, statement, wrong, session.crm)

    def synced(self, booking: str) -> str:
        """Let the CRM have given a booking its number."""
        number = str(990_000_000 + next(_numbers))
        statement = "UPDATE bookings SET hubspot_id = %s WHERE id = %s"
        query(self.backend.database, statement, number, booking)
        return number

    def begin(self, booking: str) -> None:
        """Let the session of a booking have begun five minutes ago."""
        self._shift(
            booking, "starts_at = now() - interval '5 min', ends_at = now() + interval '1 h'"
        )

    def end(self, booking: str) -> None:
        """Let the session of a booking have ended an hour ago."""
        self._shift(booking, "starts_at = now() - interval '3 h', ends_at = now() - interval '1 h'")

    def _shift(self, booking: str, times: str) -> None:
        which = "id = (SELECT session_id FROM bookings WHERE id = %s)"
        query(self.backend.database, f"UPDATE mock_sessions SET {times} WHERE {which}", booking)

    def bring_in(self, folder: Path) -> None:
        """Import the sessions without times from a file, as docs/import.md has it."""
        lines = ["mock_type,exam_date,capacity,location,time_zone"]
        for which, (day, zone) in UNTIMED.items():
            session = Session(MD, day().isoformat(), f"West Campus – {which}", "")
            lines.append(f"{MD},{session.day},8,{session.location},{zone}")
            self._kept[which] = session
        file = folder / "untimed.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        self.command("import", "sessions", str(file))

    def command(self, *words: str) -> None:
        """Run `kiosk-backend` with these words on the same database."""
        program = [sys.executable, "-m", "kiosk_app.app.backend_cli"]
        told = ["--database", self.backend.database]
        subprocess.run([*program, *words, *told], check=True, capture_output=True)

    def _special(self, which: str) -> Session:
        if which in (MD, SJ, CS, MINI):
            return self.session(which)
        kind, columns = SPECIAL[which]
        return self.session(kind, **{k: v() if callable(v) else v for k, v in columns.items()})


@contextmanager
def opened(postgres: Postgres, **parts: Any) -> Iterator[World]:
    """A backend on an empty database, with the limits it has in the field; `parts` are its core's."""
    backend = RunningBackend(postgres.emptied(), limits=Limits(), **parts)
    backend.start()
    try:
        # Unverified only because loading the system certificates costs more than all the rest.
        with httpx.Client(base_url=backend.url, timeout=60, verify=False) as http:
            yield World(backend, http)
    finally:
        backend.stop()


def today() -> date:
    """Today at the campus."""
    return datetime.now(ZoneInfo("America/Toronto")).date()


def _coming(month: int) -> date:
    """The 15th of the next such month that is not this one."""
    year = today().year + (today().month >= month)
    return date(year, month, 15)


UNTIMED = {
    "july": (lambda: _coming(7), "America/Toronto"),
    "january": (lambda: _coming(1), "America/Toronto"),
    "vancouver": (lambda: today() + timedelta(days=9), "America/Vancouver"),
}
"""Sessions without times, by name: their day and zone."""
SPECIAL: dict[str, tuple[str, dict[str, Any]]] = {
    "today": (MD, {"day": today, "start": time(23), "hours": 0.9}),
    "past": (MD, {"day": lambda: today() - timedelta(days=1), "start": time(23), "hours": 0.9}),
    "inactive": (MD, {"is_active": False}),
    "hybrid": (MD, {"delivery_format": "Hybrid", "topics": ["Mixed", "Ethics"]}),
}
