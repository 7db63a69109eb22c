"""Routes that serve every system: the bookings a student holds (A38, B15, B16)."""

from math import ceil
from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.answers import booking_record, cancelled_envelope
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import (
    cancel_batch,
    cancel_booking,
    cutoffs,
    list_bookings,
    read_booking,
)
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import CANCEL_REFUSALS
from kiosk_app.backend.server.methods import methods_of
from kiosk_app.backend.storage.bookings import BookingFilter
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import (
    BatchCancel,
    BatchCancelled,
    BookingList,
    BookingRecord,
    CancelledBooking,
    CancelReason,
    Override,
    Pagination,
)
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import HOLDERS, ON_BEHALF
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]


def litestar_path(route: str) -> str:
    """Return a route of the contract with the types that Litestar wants in its parameters."""
    return route.replace("}", ":str}")


@get(
    litestar_path(routes.BOOKINGS_BY_CONTACT),
    opt={"roles": HOLDERS, "refusals": (Code.CONTACT_NOT_FOUND,)},
)
async def bookings_by_contact(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    contact: FromPath[str],
    wanted: Annotated[BookingFilter, QueryParameter(name="filter")] = "all",
    page: Annotated[int, QueryParameter(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
) -> Success[BookingList]:
    """Exam and discussion bookings of one student together (A38)."""
    rows, now = await list_bookings(core, caller, contact, wanted, page=page, size=page_size)
    total = rows[0].total if rows else 0
    pages = Pagination(page=page, page_size=page_size, total=total, pages=ceil(total / page_size))
    found = BookingList(
        [booking_record(row, now, cutoffs(core, caller, row)) for row in rows], pages
    )
    return Success(found, messages.say(language, messages.BOOKINGS_READ))


@get(
    litestar_path(routes.BOOKING),
    opt={"roles": HOLDERS, "refusals": (Code.BOOKING_NOT_FOUND,)},
)
async def booking(
    core: _Core, caller: _Caller, language: _Language, ref: FromPath[str]
) -> Success[BookingRecord]:
    """One booking by any kind of id: the visitor's, or on behalf (B15, K7)."""
    found = await read_booking(core, caller, ref)
    record = booking_record(found, core.clock(), cutoffs(core, caller, found))
    return Success(record, messages.say(language, messages.BOOKING_READ))


@delete(
    litestar_path(routes.BOOKING),
    status_code=200,
    opt={"roles": HOLDERS, "limit": "writes", "refusals": CANCEL_REFUSALS},
)
async def cancel(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    ref: FromPath[str],
    reason: FromQuery[CancelReason | None] = None,
    override: FromQuery[CancelReason | None] = None,
) -> Success[CancelledBooking]:
    """Cancel a booking by any kind of id: the visitor's, or on behalf (B16, K7)."""
    cancelled = await cancel_booking(
        core, caller, ref, reason, override=None if override is None else Override(override)
    )
    return cancelled_envelope(cancelled, language)


@post(
    routes.BOOKINGS_BATCH_CANCEL,
    status_code=200,
    opt={"roles": ON_BEHALF, "limit": "writes"},
)
async def batch_cancel(
    core: _Core, caller: _Caller, language: _Language, data: JSONBody[BatchCancel]
) -> Success[BatchCancelled]:
    """Cancel up to fifty bookings on behalf, each for itself (B17)."""
    results = await cancel_batch(core, caller, data.booking_ids, data.reason, data.override)
    cancelled = sum(one.success for one in results)
    failed = len(results) - cancelled
    text = messages.say(
        language, messages.BATCH_CANCELLED, cancelled=str(cancelled), failed=str(failed)
    )
    return Success(BatchCancelled(results=results, cancelled=cancelled, failed=failed), text)


_METHODS = methods_of(litestar_path(routes.BOOKING), "DELETE", "GET")

HANDLERS = (_METHODS, bookings_by_contact, booking, cancel, batch_cancel)
