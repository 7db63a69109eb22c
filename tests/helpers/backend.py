"""A real backend for tests: real HTTP over loopback, and what to fill it with.

url                  = database_url fixture: an empty, migrated database of one test
running_backend      = the server in a thread of this process, on a port of its own
add_session, add_student, enrol, begin_visit: what a test needs in it
"""

import asyncio
import hashlib
import itertools
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from uuid import UUID

import argon2
import httpx
import psycopg
import uvicorn
from litestar import Litestar

from kiosk_app.backend.core.devices import issue_code
from kiosk_app.backend.core.live import Live
from kiosk_app.backend.core.parts import Core, utc_now
from kiosk_app.backend.core.passwords import Cost, Passwords
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.server.application import lay_out
from kiosk_app.backend.server.doorway import GRACE_S, Doorway
from kiosk_app.backend.server.parts import Limits, Parts
from kiosk_app.backend.server.serving import Serving
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.routes import PREFIX
from kiosk_app.contract.staff import Role
from kiosk_app.domain.times import local_instant

ROOMY = Limits(
    leases=100_000,
    filters=100_000,
    listing=100_000,
    credits=100_000,
    writes=100_000,
    mails=100_000,
    visits=100_000,
    streams=100_000,
    lookups=100_000,
    announcements=100_000,
    enrol=100_000,
)
"""No test but those of the limits meets one."""
_numbers = itertools.count(1)
_at_rest: list[tuple[Litestar, Serving]] = []
"""Applications whose routes stand and that serve nobody: building those takes longer than a test."""


def make_parts(
    database: str,
    *,
    limits: Limits = ROOMY,
    clock: Callable[[], datetime] = utc_now,
    ticks: Callable[[], float] = monotonic,
    beat_s: float = 10.0,
    longest_s: float = 60.0,
    settings: Sequence[str] = (),
    **further: object,
) -> Parts:
    """Return what the application is made from; further parts are the core's (crm, …)."""
    further = {"passwords": CHEAP} | further
    db = Database(database, settings=settings)
    live = Live(db, clock, None, poll_s=0.1, beat_s=beat_s)
    core = Core(db=db, shelf=Shelf(), clock=clock, ring=live.wake, **further)
    return Parts(
        core=core,
        live=live,
        version="0.0",
        schema_version="test",
        limits=limits,
        ticks=ticks,
        longest_s=longest_s,
    )


def _application(parts: Parts) -> tuple[Litestar, Serving]:
    """Return an application that nobody uses, with these parts."""
    if not _at_rest:
        serving = Serving(parts)
        return lay_out(serving), serving
    app, serving = _at_rest.pop()
    serving.take(parts)
    return app, serving


class RunningBackend:
    """The product's application, served by uvicorn in a thread.

    Args:
        database: URL of a migrated database.
        limits: rate limits; roomy unless they are what is tested.
        clock: the server's clock.
        further: `beat_s` of its streams, `longest_s` of its handlers, `settings` of its connections,
            and further parts of the core (crm, crm_fallback).
    """

    def __init__(
        self,
        database: str,
        *,
        limits: Limits = ROOMY,
        clock: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = monotonic,
        **further: object,
    ) -> None:
        self.database = database
        self._parts = make_parts(database, limits=limits, clock=clock, ticks=ticks, **further)
        self.core = self._parts.core
        self._door = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def start(self) -> None:
        up, deaf = threading.Event(), threading.Event()

        class Server(uvicorn.Server):
            async def startup(self, sockets=None):
                await super().startup(sockets)
                up.set()

            async def shutdown(self, sockets=None):
                ending = asyncio.ensure_future(super().shutdown(sockets))
                await asyncio.sleep(0)  # its first step tells every connection
                deaf.set()
                await ending

        self._application = app, _serving = _application(self._parts)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            http=Doorway,
            ws="none",
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = Server(config)

        def run():
            try:
                self._server.run([self._door])
            finally:
                up.set()

        self._thread = threading.Thread(target=run, name="backend")
        self._thread.start()
        up.wait()
        assert self._server.started, "the application did not start"
        self._deaf = deaf

    def stopped_listening(self) -> None:
        """Wait until a `stop` in another thread has told every connection."""
        self._deaf.wait()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._door.close()
        if self._application is not None:
            _at_rest.append(self._application)
            self._application = None


def far_day(days: int = 30) -> date:
    """Return a day that is `days` ahead for every zone on earth."""
    return (datetime.now(UTC) + timedelta(days=days)).date()


def add_session(
    database: str,
    *,
    mock_type: str = "Mock Discussion",
    day: date | None = None,
    start: time = time(14),
    hours: float = 2,
    capacity: int = 10,
    location: str = "Downtown – Room 204",
    zone: str = "America/Toronto",
    **columns: object,
) -> str:
    """Add a session and return its id; further columns by name (is_active, hubspot_id …)."""
    day = day or far_day()
    starts_at = local_instant(day, start, zone)
    values = {
        "mock_type": mock_type,
        "exam_date": day,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "time_zone": zone,
        "capacity": capacity,
        "location": location,
        # Two sessions of a test may share place and hour; only imported files are told apart by it.
        "external_id": f"test-{next(_numbers)}",
    } | columns
    return str(_insert(database, "mock_sessions", values))


def add_student(  # noqa: PLR0913 - one argument per balance
    database: str,
    student_id: str = "QX4417",
    *,
    email: str = "ana@example.org",
    name: str = "Ana Sol",
    discussion: int = 0,
    sj: int = 0,
    cs: int = 0,
    mini: int = 0,
    shared: int = 0,
    **columns: object,
) -> str:
    """Add a student with these tokens and return the contact id."""
    values = {"student_id": student_id, "email": email, "name": name} | columns
    contact = _insert(database, "contacts", values)
    tokens = {
        "mock_discussion_token": discussion,
        "sj_credits": sj,
        "cs_credits": cs,
        "sjmini_credits": mini,
        "shared_mock_credits": shared,
    }
    for field, amount in tokens.items():
        if amount:
            entry = {"contact_id": contact, "credit_field": field, "amount": amount}
            _insert(database, "ledger", {**entry, "kind": "opening"})
    return str(contact)


def query(database: str, statement: str, *values: object) -> list[tuple]:
    """Run one statement on the database and return its rows."""
    with psycopg.connect(database, autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def enrol_code(database: str, name: str = "Test kiosk", profile: str = "kiosk") -> str:
    """Make a one-time enrolment code as the command does; a test of the demo runs the command."""

    async def made() -> str:
        async with Database(database, size=1) as db:
            return (await issue_code(Core(db=db, shelf=Shelf()), name, profile, None)).code

    with ThreadPoolExecutor(1) as beside_a_running_loop:
        return beside_a_running_loop.submit(asyncio.run, made()).result()


def add_device(database: str, name: str = "Test kiosk", profile: str = "kiosk") -> str:
    """Add an enrolled device without the way through a code; return its token."""
    token = f"token-of-{name}-{next(_numbers)}"
    hashed = hashlib.sha256(token.encode()).digest()
    _insert(database, "devices", {"token_hash": hashed, "name": name, "profile": profile})
    return token


CHEAP = Passwords(Cost(time=1, memory_kib=8, lanes=1))
"""Hashes that cost nothing: how dear the product's are is no test's business."""
PASSWORD = "correct horse battery"


def add_user(database: str, role: Role, email: str | None = None, **columns: object) -> int:
    """Add a staff user with PASSWORD; return their number."""
    hashed = argon2.PasswordHasher(1, 8, 1).hash(PASSWORD)
    email = email or f"{role.value}{next(_numbers)}@staff.example"
    values = {"email": email, "name": "Sam Desk", "role": role.value, "password_hash": hashed}
    return _insert(database, "users", values | columns)


def sign_in_staff(backend, role: Role, device: str | None = None, email: str | None = None):
    """Add a user, sign them in at a desk and return that desk's Api with their token."""
    device = device or add_device(backend.database, f"Desk of {role.value}", "desk")
    email = email or f"{role.value}{next(_numbers)}@staff.example"
    add_user(backend.database, role, email)
    with Api(backend.url, device) as desk:
        answer = desk.http.post("/staff/sign-in", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return Api(backend.url, device, staff=answer.json()["access_token"])


def all_seen(database: str) -> None:
    """Wait until it is noted that each device which asked something was here."""
    for _ in range(1000):
        if not query(
            database, "SELECT 1 FROM devices WHERE last_seen_at IS NULL AND name LIKE %s", "Desk%"
        ):
            return
    raise AssertionError("no note came")


class Api:
    """The wire as a device speaks it; every call returns httpx's response as it came.

    Args:
        url: address of the backend.
        token: device token, or None for a stranger.
        visit: visit token.
        staff: access token of a staff user.
        prefix: API prefix; the alias answers alike.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        visit: str | None = None,
        prefix: str = PREFIX,
        *,
        staff: str | None = None,
    ) -> None:
        headers = {"X-Client-Version": "test"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if visit:
            headers["X-Visit-Token"] = visit
        if staff:
            headers["X-Staff-Token"] = staff
        self.headers = headers
        self.root, self.token, self._prefix = url, token, prefix
        # Unverified only because loading the system certificates costs more than all the rest.
        self.http = httpx.Client(base_url=url + prefix, headers=headers, timeout=300, verify=False)

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self.close()

    def close(self) -> None:
        self.http.close()

    def as_visitor(self, student_id="QX4417", email="ana@example.org"):
        """Begin a visit and return the same device with its token."""
        answer = self.visit(student_id, email)
        assert answer.status_code == 201, answer.text
        return Api(self.root, self.token, answer.json()["visit_token"], self._prefix)

    def visit(self, student_id="QX4417", email="ana@example.org"):
        return self.http.post("/visits", json={"student_id": student_id, "email": email})

    def discussions(self, **params):
        return self.http.get("/mock-discussions/available", params=params)

    def exams(self, **params):
        return self.http.get("/mock-exams/available", params=params)

    def create(self, body, key=None, path="/mock-discussions/create-booking", *, replay=False):
        headers = {"X-Idempotency-Key": key} if key else {}
        if replay:
            headers["X-Replay"] = "1"
        return self.http.post(path, json=body, headers=headers)

    def cancel(self, ref, **body):
        path = "/mock-discussions/cancel-booking"
        return self.http.post(path, json={"booking_id": ref, **body})

    def changes(self, cursor=None, limit=500):
        params = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        return self.http.get("/changes", params=params)


def discussion_body(session: str, contact: str, day: date | None = None, **changes: object) -> dict:
    """Return a valid create body for a discussion."""
    return {
        "mock_exam_id": session,
        "contact_id": contact,
        "student_id": "QX4417",
        "name": "Ana Sol",
        "email": "ana@example.org",
        "exam_date": (day or far_day()).isoformat(),
    } | changes


def exam_body(session: str, contact: str, day: date | None = None, **changes: object) -> dict:
    """Return a valid create body for an exam."""
    return discussion_body(session, contact, day, mock_type="Clinical Skills") | changes


def _insert(database: str, table: str, values: dict[str, object]) -> UUID | int | None:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    returning = "" if table == "ledger" else " RETURNING id"
    rows = query(
        database, f"INSERT INTO {table} ({names}) VALUES ({marks}){returning}", *values.values()
    )
    return rows[0][0] if rows else None
