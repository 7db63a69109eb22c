"""Routes of the waitlist (A78): students for themselves, the front desk for them."""

from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation
from litestar.response import Response

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.answers import created_envelope
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Extras
from kiosk_app.backend.core.refusal import CREATE_REFUSALS
from kiosk_app.backend.core.waitlist import (
    claim_offer,
    decline_offer,
    join_waitlist,
    leave_waitlist,
    own_waits,
    read_offer,
    read_standing,
    wait_answer,
)
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.face import REPEATED
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.server.methods import methods_of
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import CreatedBooking
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.staff import HOLDERS
from kiosk_app.contract.waitlist import ClaimOffer, JoinWaitlist, Wait, WaitList, WaitStanding
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]
_PERSON = (Code.CONTACT_NOT_FOUND,)
_WAIT = (Code.WAIT_NOT_FOUND, *_PERSON)


def _path(route: str) -> str:
    return route.replace("}", ":uuid}")


@post(
    _path(routes.SESSION_WAITLIST),
    status_code=201,
    opt={
        "roles": HOLDERS,
        "limit": "writes",
        "refusals": (
            Code.SESSION_NOT_FOUND,
            Code.SESSION_CLOSED,
            Code.WAITLIST_CLOSED,
            Code.SEATS_LEFT,
            Code.DUPLICATE_BOOKING,
            Code.OVERLAPPING_BOOKING,
            Code.INSUFFICIENT_TOKENS,
            Code.LOCK_FAILED,
            *_PERSON,
        ),
    },
)
async def waitlist_join(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    data: JSONBody[JoinWaitlist],
) -> Success[Wait]:
    """Wait for a seat of a full session; the token is taken when the seat is booked."""
    row = await join_waitlist(core, caller, session, data.contact_id)
    return Success(wait_answer(row), messages.say(language, messages.WAITING))


@get(_path(routes.SESSION_WAITLIST), opt={"roles": HOLDERS, "refusals": _PERSON})
async def waitlist_standing(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    contact_id: FromQuery[str | None] = None,
) -> Success[WaitStanding]:
    """How long the list is, and where one stands on it."""
    standing = await read_standing(core, caller, session, contact_id)
    return Success(standing, messages.say(language, messages.WAITS_READ))


@delete(
    _path(routes.SESSION_WAITLIST),
    status_code=200,
    opt={"roles": HOLDERS, "limit": "writes", "refusals": _WAIT},
)
async def waitlist_leave(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    contact_id: FromQuery[str | None] = None,
) -> Success[Wait]:
    """Stop waiting; an offer goes to the next in line."""
    row = await leave_waitlist(core, caller, session, contact_id)
    return Success(wait_answer(row), messages.say(language, messages.WAITING_ENDED))


@get(routes.WAITLIST, opt={"roles": HOLDERS, "refusals": _PERSON})
async def waitlist_own(
    core: _Core, caller: _Caller, language: _Language, contact_id: FromQuery[str | None] = None
) -> Success[WaitList]:
    """Everywhere one waits or is offered a seat."""
    waits = [wait_answer(row) for row in await own_waits(core, caller, contact_id)]
    return Success(WaitList(waits), messages.say(language, messages.WAITS_READ))


@post(
    _path(routes.WAITLIST_CLAIM),
    status_code=201,
    opt={
        "roles": HOLDERS,
        "limit": "writes",
        "refusals": (
            *CREATE_REFUSALS,
            Code.DISCUSSION_FULL,
            Code.EXAM_FULL,
            Code.WAIT_NOT_FOUND,
            Code.OFFER_EXPIRED,
        ),
    },
    responses={200: REPEATED},
)
async def waitlist_claim(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    entry: FromPath[UUID],
    data: JSONBody[ClaimOffer],
) -> Response[Success[CreatedBooking]]:
    """Book the seat that is held for one; safe to repeat."""
    wait, mock_type = await read_offer(core, caller, session, entry)
    talk = mock_type in DISCUSSIONS.mock_types
    policy = DISCUSSIONS if talk else EXAMS
    booked = await claim_offer(core, policy, caller, wait, _extras(data, talk=talk))
    envelope = created_envelope(policy, booked, language)
    return Response(envelope, status_code=200 if booked.repeated else 201)


def _extras(data: ClaimOffer, *, talk: bool) -> Extras:
    """Take what the session's system asks for; the other's questions are not kept."""
    if talk:
        form = data.discussion_format or DeliveryFormat.VIRTUAL
        return Extras(discussion_format=form, topic_preference=data.topic_preference or "")
    return Extras(attending_location=data.attending_location, dominant_hand=data.dominant_hand)


@post(
    _path(routes.WAITLIST_DECLINE),
    status_code=200,
    opt={
        "roles": HOLDERS,
        "limit": "writes",
        "refusals": (Code.WAIT_NOT_FOUND, Code.OFFER_EXPIRED),
    },
)
async def waitlist_decline(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    entry: FromPath[UUID],
) -> Success[Wait]:
    """Turn an offer down; the seat goes to the next in line."""
    row = await decline_offer(core, caller, session, entry)
    return Success(wait_answer(row), messages.say(language, messages.OFFER_DECLINED))


HANDLERS = (
    methods_of(_path(routes.SESSION_WAITLIST), "DELETE", "GET", "POST"),
    waitlist_join,
    waitlist_standing,
    waitlist_leave,
    waitlist_own,
    waitlist_claim,
    waitlist_decline,
)
