"""Statements about sessions: the documented listing (A7-A13) and the recount."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.types import Date, Integer, Text

from kiosk_app.backend.storage.database import Database, Statement
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.backend.storage.tables import BOOKING_IS_LIVE, BOOKINGS, SESSIONS


class SessionQuery(Struct, frozen=True, kw_only=True):
    """Which sessions a listing wants; None does not narrow (A74)."""

    mock_types: tuple[str, ...]
    date_from: date | None = None
    date_to: date | None = None
    delivery_format: str | None = None
    location: str | None = None
    instructor: int | None = None
    """Number of the user whom it is assigned to."""
    topic: str | None = None
    words: str | None = None
    """Each of them must stand somewhere in what a session says of itself."""


class CountedSession(SessionRow, frozen=True, kw_only=True):
    """A session and how many live bookings it has, counted at the moment of the statement."""

    live: int
    instructor_user: int | None


_COLUMNS = [SESSIONS.c[name] for name in (*SessionRow.__struct_fields__, "instructor_user")]
_INSTRUCTOR = cast(bindparam("instructor", type_=Integer), Integer)


def _given(name: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=Text)
    return or_(cast(wanted, Text).is_(None), column == wanted)


def _words() -> ColumnElement[bool]:
    wanted = bindparam("words", type_=Text)
    text = func.concat_ws(
        " ",
        *(SESSIONS.c.title, SESSIONS.c.mock_type, SESSIONS.c.location, SESSIONS.c.instructor_name),
        func.array_to_string(SESSIONS.c.topics, " "),
    )
    word = func.regexp_split_to_table(func.lower(wanted), r"\s+").column_valued("word")
    missing = exists().where(func.strpos(func.lower(text), word) == 0).correlate(SESSIONS)
    return or_(cast(wanted, Text).is_(None), ~missing)


_TODAY = cast(
    func.timezone(SESSIONS.c.time_zone, bindparam("now", type_=TIMESTAMP(timezone=True))), Date
)
_DATE_FROM = cast(bindparam("date_from", type_=Date), Date)
_DATE_TO = cast(bindparam("date_to", type_=Date), Date)
_WANTED = (
    SESSIONS.c.is_active,
    SESSIONS.c.mock_type == func.any(bindparam("mock_types", type_=ARRAY(Text))),
    # A day early for the index; the session's own zone decides (A10).
    SESSIONS.c.exam_date >= bindparam("not_before", type_=Date),
    SESSIONS.c.exam_date >= _TODAY,
    or_(_DATE_FROM.is_(None), SESSIONS.c.exam_date >= _DATE_FROM),
    or_(_DATE_TO.is_(None), SESSIONS.c.exam_date <= _DATE_TO),
    _given("delivery_format", SESSIONS.c.delivery_format),
    _given("location", SESSIONS.c.location),
    or_(_INSTRUCTOR.is_(None), SESSIONS.c.instructor_user == _INSTRUCTOR),
    or_(
        cast(bindparam("topic", type_=Text), Text).is_(None),
        bindparam("topic", type_=Text) == func.any(SESSIONS.c.topics),
    ),
    _words(),
)
_ORDER = (SESSIONS.c.starts_at, SESSIONS.c.id)
_LIVE = (
    select(func.count())
    .select_from(BOOKINGS)
    .where(BOOKINGS.c.session_id == SESSIONS.c.id, BOOKING_IS_LIVE)
    .scalar_subquery()
)
_LIST = Statement(
    select(*_COLUMNS, SESSIONS.c.total_bookings.label("live")).where(*_WANTED).order_by(*_ORDER)
)
_COUNTED = Statement(select(*_COLUMNS, _LIVE.label("live")).where(*_WANTED).order_by(*_ORDER))


async def list_sessions(
    db: Database, query: SessionQuery, *, now: datetime, not_before: date, counted: bool
) -> list[CountedSession]:
    """Return the open sessions of today and later, by start.

    Args:
        db: the database.
        query: what narrows the list.
        now: the moment that says what *today* is in each session's zone.
        not_before: no session of an earlier date qualifies anywhere on earth.
        counted: count the live bookings in the same statement (A12) instead of trusting the row.
    """
    values = {name: getattr(query, name) for name in SessionQuery.__struct_fields__}
    values |= {"mock_types": list(query.mock_types), "now": now, "not_before": not_before}
    return await db.rows(_COUNTED if counted else _LIST, CountedSession, values)


async def recount_sessions(db: Database, sessions: Sequence[UUID]) -> int:
    """Count the seats of these sessions again under their locks; return how many were wrong."""
    wrong: int = await db.value("SELECT recount_sessions(%(ids)s)", {"ids": list(sessions)})
    return wrong
