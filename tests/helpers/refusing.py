"""One backend at one hour, and what it takes to be refused there: for the golden refusals.

The server's clock stands still on a Monday; every student, session and staff user of a case is its
own, so that cases may run alone and in any order over the one database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.server.parts import Limits as RateLimits
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Limits, Rule
from tests.helpers.backend import (
    ROOMY,
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    query,
    sign_in_staff,
)
from tests.helpers.hubspot import TOKEN, HubSpot

NOW = datetime(2099, 3, 2, 15, tzinfo=UTC)
DAY = date(2099, 3, 11)
EXAMS = "/bookings/create"
TALKS = "/mock-discussions/create-booking"
STRICT = Rule(
    limits=Limits(per_day=1, of_type_per_week=1),
    notice_min=120,
    advance_days=60,
    cancel_min=60,
    move_min=180,
)
"""Of mini-mocks; whatever else is booked is free."""
RULES = BookingRules({MockType.MINI_MOCK: {Role.STUDENT: STRICT, Role.FRONT_DESK: STRICT}})


class Place:
    """A backend with a CRM beside it, and who asks it."""

    def __init__(self, url: str, crm: HubSpot) -> None:
        self.url, self.crm = url, crm
        limits = {name: getattr(ROOMY, name) for name in ROOMY.__struct_fields__}
        self.backend = RunningBackend(
            url,
            clock=lambda: NOW,
            ticks=lambda: 0.0,
            limits=RateLimits(**limits | {"listing": RateLimits().listing}),
            rules=RULES,
            crm=HubSpotCrm(HubSpotSettings(token=TOKEN, base=crm.url)),
        )
        self.backend.start()
        self._open: list[Api] = []
        self.case = ""

    def close(self) -> None:
        for one in self._open:
            one.close()
        self.backend.stop()

    def begin(self, code: Code) -> None:
        """Begin a case; its students are named after it."""
        self.case = code.value

    @cached_property
    def kiosk(self) -> Api:
        return self.device("Kiosk")

    @cached_property
    def desk(self) -> Api:
        return self.staff(Role.FRONT_DESK, "desk@example.org")

    @cached_property
    def admin(self) -> Api:
        return self.staff(Role.ADMIN, "admin@example.org")

    @cached_property
    def stranger(self) -> Api:
        return self._kept(Api(self.backend.url))

    def device(self, name: str) -> Api:
        return self._kept(Api(self.backend.url, add_device(self.url, name)))

    def staff(self, role: Role, email: str) -> Api:
        return self._kept(sign_in_staff(self.backend, role, email=email))

    def visitor(self, who: dict) -> Api:
        return self._kept(self.kiosk.as_visitor(who["student_id"], who["email"]))

    def person(self, suffix: str = "", **tokens: int) -> dict:
        """Add a student; return what a create body says of them."""
        number = self.case.replace("_", "") + suffix
        who = {"student_id": number, "name": "Ana Sol", "email": f"{number.lower()}@example.org"}
        given = tokens or {"discussion": 2, "mini": 2, "cs": 2}
        contact = add_student(self.url, number, email=who["email"], **given)
        return who | {"contact_id": contact}

    def session(self, kind: str = "Mock Discussion", day: date = DAY, **columns: object) -> str:
        return add_session(self.url, mock_type=kind, day=day, location=self.case, **columns)

    def soon(self, session: str, begins: timedelta, lasts: timedelta = timedelta(hours=2)) -> None:
        """Put the hours of a session so far from now."""
        query(
            self.url,
            "UPDATE mock_sessions SET starts_at = %s, ends_at = %s WHERE id = %s",
            *(NOW + begins, NOW + begins + lasts, session),
        )

    def body(self, session: str, who: dict, day: date = DAY, **more: object) -> dict:
        return {"mock_exam_id": session, "exam_date": day.isoformat()} | who | more

    def talk(self, who: dict, session: str | None = None, key: str | None = None, **more: object):
        """Book a discussion."""
        return self.kiosk.create(self.body(session or self.session(), who, **more), key=key)

    def exam(
        self, who: dict, kind: str = "Mini-mock", day: date = DAY, by: Api | None = None, **columns
    ):
        """Book an exam of its own."""
        body = self.body(self.session(kind, day, **columns), who, day, mock_type=kind)
        return (by or self.kiosk).create(body, path=EXAMS)

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """Break the database: a table is gone for a while."""
        query(self.url, f"ALTER TABLE {table} RENAME TO {table}_gone")
        try:
            yield
        finally:
            query(self.url, f"ALTER TABLE {table}_gone RENAME TO {table}")

    def _kept(self, api: Api) -> Api:
        self._open.append(api)
        return api


def made(answer) -> dict:
    """Return the booking of an answer that has to be one."""
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


EVENING = time(18)
