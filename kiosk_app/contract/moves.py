"""Moving a booking to another session: one atomic step, the same booking afterwards."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.bookings import (
    AttendingLocation,
    BookingRecord,
    Hand,
    Override,
    TopicPreference,
)
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import WireDate, WireInstant


class MoveBooking(Struct, frozen=True, kw_only=True):
    """Body of `POST /bookings/{ref}/reschedule`; what is not chosen anew stays as it was."""

    session_id: Annotated[str, Meta(min_length=1, max_length=200)]
    """UUID or CRM number of the session to move to."""
    discussion_format: DeliveryFormat | None = None
    topic_preference: TopicPreference | None = None
    attending_location: AttendingLocation | None = None
    dominant_hand: Hand | None = None
    override: Override | None = None
    """The front desk sets cut-off, notice and limits aside."""


class LeftSession(Struct, frozen=True, kw_only=True):
    """The session that a booking was moved from, as it stands now."""

    mock_exam_id: str
    mock_type: MockType
    exam_date: WireDate
    start_time: WireInstant
    end_time: WireInstant
    time_zone: str
    location: str


class TokenEffect(Struct, frozen=True, kw_only=True):
    """What a move did to the tokens: nothing, while the same one pays."""

    returned: CreditField | None = None
    spent: CreditField | None = None
    balances: Balances
    """All five, as they are now."""


class MovedBooking(Struct, frozen=True, kw_only=True):
    """`data` of the answer to `MoveBooking`; a repeat adds `idempotent_request`."""

    booking: BookingRecord
    """As it is now: id, code and calendar entry are the same ones, `booking_id` names the new day."""
    left: LeftSession
    tokens: TokenEffect
    idempotent_request: bool | UnsetType = UNSET
