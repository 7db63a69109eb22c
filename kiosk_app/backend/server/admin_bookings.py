"""Routes of all bookings: the list of staff and the administrator's export (A76)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import (
    FromQuery,
    HeaderParameter,
    JSONBody,
    QueryParameter,
    SkipValidation,
)
from litestar.response import Stream

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.admin_bookings import export, list_all
from kiosk_app.backend.core.announcements import announce
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.contract import routes
from kiosk_app.contract.admin_bookings import AttendanceWanted, BookingsPage, BookingsWanted
from kiosk_app.contract.announcements import Announce, Announced
from kiosk_app.contract.bookings import IDEMPOTENCY_HEADER, BookingState
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import ON_BEHALF, Role
from kiosk_app.i18n.texts import Language

CSV = "text/csv"
_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]
_Key = Annotated[str, HeaderParameter(name=IDEMPOTENCY_HEADER, min_length=8, max_length=200)]
_Wanted = NamedDependency[SkipValidation[BookingsWanted]]
_ANSWER = {200: ResponseSpec(str, generate_examples=False, media_type=CSV, description="The file.")}
_HEADERS = {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": 'attachment; filename="bookings.csv"',
    "Cache-Control": "no-store",
}


def _wanted(
    *,
    mock_type: FromQuery[MockType | None] = None,
    status: FromQuery[BookingState | None] = None,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
    location: Annotated[str | None, QueryParameter(min_length=1, max_length=100)] = None,
    session_id: FromQuery[UUID | None] = None,
    attendance: FromQuery[AttendanceWanted | None] = None,
    words: Annotated[
        str | None, QueryParameter(name="q", min_length=2, max_length=100, pattern=r"\S\S")
    ] = None,
) -> BookingsWanted:
    """Read the filters of a list or an export."""
    return BookingsWanted(
        mock_type=mock_type,
        status=status,
        date_from=date_from,
        date_to=date_to,
        location=location,
        session_id=session_id,
        attendance=attendance,
        q=words.strip() if words else None,
    )


_FILTERS = {"wanted": Provide(_wanted, sync_to_thread=False)}


@get(
    routes.ADMIN_BOOKINGS,
    opt={"roles": ON_BEHALF, "limit": "lookups"},
    dependencies=_FILTERS,
)
async def admin_bookings(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    wanted: _Wanted,
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
    page_size: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Success[BookingsPage]:
    """All bookings, newest first, page by page."""
    page = await list_all(core, caller, wanted, cursor=cursor, size=page_size)
    return Success(page, messages.say(language, messages.BOOKINGS_READ))


@get(
    routes.ADMIN_BOOKINGS_CSV,
    opt={"roles": (Role.ADMIN,), "limit": "lookups"},
    dependencies=_FILTERS,
    media_type=CSV,
    responses=_ANSWER,
)
async def admin_bookings_csv(core: _Core, caller: _Caller, wanted: _Wanted) -> Stream:
    """The same bookings as a file for spreadsheets, without pages."""
    return Stream(await export(core, caller, wanted), media_type=CSV, headers=_HEADERS)


@post(
    routes.ADMIN_BOOKINGS_EMAIL,
    status_code=200,
    opt={
        "roles": (Role.ADMIN,),
        "limit": "announcements",
        "refusals": (
            Code.BOOKING_NOT_FOUND,
            Code.TOO_MANY_RECIPIENTS,
            Code.IDEMPOTENCY_KEY_REUSED,
            Code.LOCK_FAILED,
        ),
    },
)
async def admin_bookings_email(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[Announce],
    key: _Key,
    preview: FromQuery[bool] = False,
) -> Success[Announced]:
    """Write one mail to each student of some bookings, or say who would get what; safe to repeat."""
    announced = await announce(core, caller, data, key, preview=preview)
    message = messages.ANNOUNCEMENT_SHOWN if preview else messages.ANNOUNCED
    return Success(announced, messages.say(language, message))


HANDLERS = (admin_bookings, admin_bookings_csv, admin_bookings_email)
