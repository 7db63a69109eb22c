"""The route that moves a booking: students their own, the front desk on behalf."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, SkipValidation

from kiosk_app.backend.core.answers import moved_envelope
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.moving import MoveRequest, move_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Extras, Policy
from kiosk_app.backend.core.refusal import MOVE_REFUSALS
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.server.shared import litestar_path
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import IDEMPOTENCY_HEADER
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.moves import MoveBooking, MovedBooking
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import HOLDERS
from kiosk_app.i18n.texts import Language

_Key = Annotated[str, HeaderParameter(name=IDEMPOTENCY_HEADER, min_length=8, max_length=200)]


@post(
    litestar_path(routes.BOOKING_RESCHEDULE),
    status_code=200,
    opt={"roles": HOLDERS, "limit": "writes", "refusals": MOVE_REFUSALS},
)
async def reschedule(
    *,
    core: NamedDependency[SkipValidation[Core]],
    caller: NamedDependency[SkipValidation[Caller]],
    language: NamedDependency[SkipValidation[Language]],
    ref: FromPath[str],
    data: JSONBody[MoveBooking],
    key: _Key,
) -> Success[MovedBooking]:
    """Move a booking to another session in one step; it stays the same booking. Safe to repeat."""
    request = MoveRequest(
        booking=ref,
        session=data.session_id,
        extras=Extras(
            discussion_format=data.discussion_format,
            topic_preference=data.topic_preference,
            attending_location=data.attending_location,
            dominant_hand=data.dominant_hand,
        ),
        key=key,
    )
    moved = await move_booking(core, _policy, caller, request, data.override)
    return moved_envelope(core, caller, moved, language)


def _policy(mock_type: MockType) -> Policy:
    return DISCUSSIONS if mock_type in DISCUSSIONS.mock_types else EXAMS


HANDLERS = (reschedule,)
