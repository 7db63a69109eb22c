"""Bookings on the wire: create (A24, B13), read (A38, B15) and cancel (A39, B16)."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.leases import LeasedSeat
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import (
    Email,
    IdempotencyKey,
    PersonName,
    StudentId,
    WireDate,
    WireInstant,
)

IDEMPOTENCY_HEADER = "X-Idempotency-Key"
REPLAY_HEADER = "X-Replay"
"""Set to `1` from the second try of a queued booking on (A28, F69)."""

TopicPreference = Annotated[str, Meta(max_length=200)]
AttendingLocation = Annotated[str, Meta(max_length=100)]
CancelReason = Annotated[str, Meta(max_length=200)]
Hand = Literal["right", "left"]


class Override(Struct, frozen=True):
    """The front desk or an administrator sets a rule aside, and says why."""

    reason: Annotated[str, Meta(max_length=200)] = ""


class BookingState(StrEnum):
    """Life of a booking of systems A and B (0.6); `is_active` on the wire."""

    ACTIVE = "Active"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    FAILED = "Failed"


class CreateBooking(Struct, frozen=True, kw_only=True):
    """What the body of a create says in every system (A24, B13)."""

    mock_exam_id: str
    contact_id: str
    student_id: StudentId
    name: PersonName
    email: Email
    exam_date: WireDate
    requested_at: WireInstant | None = None
    lease: LeasedSeat | None = None
    """Confirmed offline against this leased seat; ours beyond the documented fields."""
    override: Override | None = None
    """Ours too: staff set limits and notice aside."""


class CreateDiscussionBooking(CreateBooking, frozen=True, kw_only=True):
    """Body of `POST /mock-discussions/create-booking` (A24)."""

    discussion_format: DeliveryFormat = DeliveryFormat.VIRTUAL
    topic_preference: TopicPreference = ""


class CreateExamBooking(CreateBooking, frozen=True, kw_only=True):
    """Body of `POST /bookings/create` (B13)."""

    mock_type: str
    attending_location: AttendingLocation | None = None
    dominant_hand: Hand | None = None


class ExamDetails(Struct, frozen=True, kw_only=True):
    """The session side of a create answer; each system shows its own two optional members."""

    mock_exam_id: str
    exam_date: WireDate
    mock_type: MockType
    location: str
    discussion_format: DeliveryFormat | UnsetType = UNSET
    topic_preference: str | UnsetType = UNSET
    attending_location: str | UnsetType | None = UNSET
    dominant_hand: Hand | UnsetType | None = UNSET


class TokenDetails(Struct, frozen=True, kw_only=True):
    """What the booking cost."""

    tokens_before: int
    tokens_deducted: int
    tokens_remaining: int
    credit_field: CreditField


class Association(Struct, frozen=True):
    """One link that the booking made (A25)."""

    type: str
    success: bool = True


class Associations(Struct, frozen=True, kw_only=True):
    """The links of a new booking and what went wrong after the commit (A33)."""

    results: list[Association]
    warnings: list[str] = []
    critical_success: bool = True


class CreatedBooking(Struct, frozen=True, kw_only=True):
    """`data` of a create answer (A25, B13); a repeat adds `idempotent_request` (F7)."""

    id: str
    booking_id: str
    booking_record_id: str
    booking_code: str
    confirmation_message: str
    idempotency_key: str
    exam_details: ExamDetails
    token_details: TokenDetails
    associations: Associations | UnsetType = UNSET
    idempotent_request: bool | UnsetType = UNSET


class BookingRecord(Struct, frozen=True, kw_only=True):
    """One booking as lists and look-ups show it (A38, B15)."""

    id: str
    booking_id: str
    booking_code: str
    mock_exam_id: str
    mock_type: MockType
    exam_date: WireDate
    start_time: WireInstant
    end_time: WireInstant
    time_zone: str
    location: str
    is_active: BookingState
    token_used: str
    discussion_format: DeliveryFormat | None = None
    topic_preference: str | None = None
    attending_location: str | None = None
    dominant_hand: Hand | None = None
    can_cancel: bool = False
    join_url: str | None = None
    created_at: WireInstant | None = None


class Pagination(Struct, frozen=True, kw_only=True):
    """Where a page stands in its list; pages count from 1."""

    page: int
    page_size: int
    total: int
    pages: int


class BookingList(Struct, frozen=True):
    """`data` of the list of one student's bookings (A38)."""

    bookings: list[BookingRecord]
    pagination: Pagination


class CancelBookingBody(Struct, frozen=True):
    """Body of `POST /mock-discussions/cancel-booking` (A39); any kind of id (B10)."""

    booking_id: str
    reason: CancelReason | None = None
    override: Override | None = None
    """Ours beyond the documented fields: staff set the cut-off aside."""


class BatchCancel(Struct, frozen=True, kw_only=True):
    """Body of `POST /bookings/batch-cancel` (B17)."""

    booking_ids: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(min_length=1, max_length=50)
    ]
    reason: CancelReason | None = None


class BatchResult(Struct, frozen=True, kw_only=True):
    """How one booking of a batch went; `code` says why it was not cancelled."""

    booking_id: str
    success: bool
    code: str | None = None


class BatchCancelled(Struct, frozen=True, kw_only=True):
    """`data` of a batch, in the order of the request."""

    results: list[BatchResult]
    cancelled: int
    failed: int


class RejectedRequest(Struct, frozen=True, kw_only=True):
    """Body of `POST /outbox/rejections`: a queued booking was refused, tell the student (K15)."""

    idempotency_key: IdempotencyKey
    """The key of the refused create; one mail per key."""
    student_id: StudentId
    email: Email
    mock_exam_id: str
    code: Annotated[str, Meta(pattern=r"^[A-Z_]{3,64}$", examples=["EXAM_FULL"])]


class RejectionNoted(Struct, frozen=True):
    """Answer to `RejectedRequest`; the same whether or not anybody is written to."""

    noted: bool = True


class TokenRefund(Struct, frozen=True):
    """Which balance got its token back (M12)."""

    field: CreditField
    new_balance: int


class CancelledBooking(Struct, frozen=True, kw_only=True):
    """`data` of a cancel answer (A39, B16)."""

    booking_id: str
    id: str
    hubspot_id: str | None = None
    token_refunded: TokenRefund | None = None
