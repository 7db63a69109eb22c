"""The documented wire format of mock exams (B11-B14) over the shared core."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, HeaderParameter, JSONBody, SkipValidation
from litestar.response import Response

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.answers import created_envelope
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.credits import check_credits
from kiosk_app.backend.core.inputs import read_create
from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Extras
from kiosk_app.backend.core.refusal import CREATE_REFUSALS, CREDIT_REFUSALS
from kiosk_app.backend.exams.policy import EXAMS, exam_type
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import (
    IDEMPOTENCY_HEADER,
    REPLAY_HEADER,
    CreatedBooking,
    CreateExamBooking,
)
from kiosk_app.contract.credits import CreditAnswer, ValidateExamCredits
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import AvailableSession
from kiosk_app.contract.staff import ANYBODY, BOOKERS
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


@get(
    routes.EXAMS_AVAILABLE,
    opt={"roles": ANYBODY, "limit": "listing", "refusals": (Code.INVALID_MOCK_TYPE,)},
)
async def exams_available(
    *,
    core: _Core,
    listing: NamedDependency[SkipValidation[Wanted]],
    language: _Language,
    mock_type: FromQuery[str | None] = None,
) -> Success[list[AvailableSession]]:
    """Open exam sessions of today and later, of one type or all three (B12)."""
    kind = exam_type(mock_type) if mock_type else None
    sessions = await list_available(core, EXAMS, listing, kind)
    return Success(sessions, messages.say(language, messages.SESSIONS_READ))


@post(
    routes.EXAMS_VALIDATE,
    status_code=200,
    opt={
        "roles": BOOKERS,
        "limit": "credits",
        "refusals": (*CREDIT_REFUSALS, Code.INVALID_MOCK_TYPE),
    },
)
async def exams_validate(
    core: _Core, language: _Language, data: JSONBody[ValidateExamCredits]
) -> Success[CreditAnswer]:
    """Exam tokens of one student for one type, own and shared (B11)."""
    kind = exam_type(data.mock_type)
    answer = await check_credits(core, data.student_id, data.email, kind, language)
    return Success(answer, messages.say(language, messages.CREDITS_READ))


@post(
    routes.BOOKINGS_CREATE,
    status_code=201,
    opt={
        "roles": BOOKERS,
        "limit": "writes",
        "refusals": (*CREATE_REFUSALS, Code.EXAM_FULL),
    },
    responses={200: REPEATED},
)
async def exams_create(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[CreateExamBooking],
    key: _Key = None,
    replay: Annotated[str | None, HeaderParameter(name=REPLAY_HEADER)] = None,
) -> Response[Success[CreatedBooking]]:
    """Book an exam (B13, B14)."""
    extras = Extras(attending_location=data.attending_location, dominant_hand=data.dominant_hand)
    request = read_create(data, exam_type(data.mock_type), extras, key=key, replay=replay)
    booked = await create_booking(core, EXAMS, request, caller, override=data.override)
    envelope = created_envelope(EXAMS, booked, language)
    return Response(envelope, status_code=200 if booked.repeated else 201)


HANDLERS = (exams_available, exams_validate, exams_create)
