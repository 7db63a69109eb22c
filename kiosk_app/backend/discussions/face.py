"""The documented wire format of mock discussions (A7-A39) over the shared core."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, SkipValidation
from litestar.response import Response

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.answers import cancelled_envelope, created_envelope
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.credits import check_credits
from kiosk_app.backend.core.holding import cancel_booking
from kiosk_app.backend.core.inputs import read_create
from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Extras
from kiosk_app.backend.core.refusal import CANCEL_REFUSALS, CREATE_REFUSALS, CREDIT_REFUSALS
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import (
    IDEMPOTENCY_HEADER,
    REPLAY_HEADER,
    CancelBookingBody,
    CancelledBooking,
    CreatedBooking,
    CreateDiscussionBooking,
)
from kiosk_app.contract.credits import CreditAnswer, ValidateDiscussionCredits
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import AvailableSession, MockType
from kiosk_app.contract.staff import ANYBODY, BOOKERS, HOLDERS
from kiosk_app.i18n.texts import Language

REPEATED = ResponseSpec(
    Success[CreatedBooking],
    generate_examples=False,
    description="The booking that this key made before.",
)
_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Key = Annotated[str | None, HeaderParameter(name=IDEMPOTENCY_HEADER, max_length=200)]
_Language = NamedDependency[SkipValidation[Language]]


@get(routes.DISCUSSIONS_AVAILABLE, opt={"roles": ANYBODY, "limit": "listing"})
async def discussions_available(
    core: _Core, listing: NamedDependency[SkipValidation[Wanted]], language: _Language
) -> Success[list[AvailableSession]]:
    """Open discussion sessions of today and later (A7-A17)."""
    sessions = await list_available(core, DISCUSSIONS, listing)
    return Success(sessions, messages.say(language, messages.SESSIONS_READ))


@post(
    routes.DISCUSSIONS_VALIDATE,
    status_code=200,
    opt={"roles": BOOKERS, "limit": "credits", "refusals": CREDIT_REFUSALS},
)
async def discussions_validate(
    core: _Core, language: _Language, data: JSONBody[ValidateDiscussionCredits]
) -> Success[CreditAnswer]:
    """Discussion tokens of one student (A18-A23)."""
    answer = await check_credits(
        core, data.student_id, data.email, MockType.MOCK_DISCUSSION, language
    )
    return Success(answer, messages.say(language, messages.CREDITS_READ))


@post(
    routes.DISCUSSIONS_CREATE,
    status_code=201,
    opt={
        "roles": BOOKERS,
        "limit": "writes",
        "refusals": (*CREATE_REFUSALS, Code.DISCUSSION_FULL),
    },
    responses={200: REPEATED},
)
async def discussions_create(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[CreateDiscussionBooking],
    key: _Key = None,
    replay: Annotated[str | None, HeaderParameter(name=REPLAY_HEADER)] = None,
) -> Response[Success[CreatedBooking]]:
    """Book a discussion (A24-A37)."""
    extras = Extras(
        discussion_format=data.discussion_format, topic_preference=data.topic_preference
    )
    request = read_create(data, MockType.MOCK_DISCUSSION, extras, key=key, replay=replay)
    booked = await create_booking(core, DISCUSSIONS, request, caller, override=data.override)
    envelope = created_envelope(DISCUSSIONS, booked, language)
    return Response(envelope, status_code=200 if booked.repeated else 201)


@post(
    routes.DISCUSSIONS_CANCEL,
    status_code=200,
    opt={"roles": HOLDERS, "limit": "writes", "refusals": CANCEL_REFUSALS},
)
async def discussions_cancel(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[CancelBookingBody],
) -> Success[CancelledBooking]:
    """Cancel a booking by any kind of id: the visitor's, or on behalf (A39, K7)."""
    cancelled = await cancel_booking(
        core, caller, data.booking_id, data.reason, override=data.override
    )
    return cancelled_envelope(cancelled, language)


HANDLERS = (discussions_available, discussions_validate, discussions_create, discussions_cancel)
