"""The error catalogue: every code the two programs exchange, and the HTTP status it travels with.

The code and the status are the contract; sentences for people live in `i18n.problems`, one per code
and language (requirement A89).
"""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType


class Code(StrEnum):
    """A reason to say no, as it stands on the wire."""

    # The request itself
    VALIDATION_ERROR = "VALIDATION_ERROR"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    SERVICE_DEGRADED = "SERVICE_DEGRADED"
    # Who asks
    UNAUTHORIZED = "UNAUTHORIZED"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - an error code
    STAFF_SIGNED_OUT = "STAFF_SIGNED_OUT"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    INSUFFICIENT_PERMISSIONS = "INSUFFICIENT_PERMISSIONS"
    ENROLMENT_REFUSED = "ENROLMENT_REFUSED"
    NO_MATCH = "NO_MATCH"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    # Students and tokens
    STUDENT_NOT_FOUND = "STUDENT_NOT_FOUND"
    CONTACT_NOT_FOUND = "CONTACT_NOT_FOUND"
    EMAIL_MISMATCH = "EMAIL_MISMATCH"
    INSUFFICIENT_TOKENS = "INSUFFICIENT_TOKENS"
    BALANCE_TOO_LOW = "BALANCE_TOO_LOW"
    PROPERTY_NOT_FOUND = "PROPERTY_NOT_FOUND"
    # Sessions and bookings
    INVALID_MOCK_TYPE = "INVALID_MOCK_TYPE"
    SESSION_NOT_FOUND = "SESSION_NOT_FOUND"
    SESSION_CLOSED = "SESSION_CLOSED"
    SESSION_MOVED = "SESSION_MOVED"
    DISCUSSION_FULL = "DISCUSSION_FULL"
    EXAM_FULL = "EXAM_FULL"
    DUPLICATE_BOOKING = "DUPLICATE_BOOKING"
    OVERLAPPING_BOOKING = "OVERLAPPING_BOOKING"
    SEATS_LEFT = "SEATS_LEFT"
    WAITLIST_CLOSED = "WAITLIST_CLOSED"
    WAIT_NOT_FOUND = "WAIT_NOT_FOUND"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    BOOKING_NOT_FOUND = "BOOKING_NOT_FOUND"
    BOOKING_CANCELLED = "BOOKING_CANCELLED"
    INVALID_STATE = "INVALID_STATE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    LOCK_FAILED = "LOCK_FAILED"
    # Devices
    DEVICE_NOT_FOUND = "DEVICE_NOT_FOUND"
    # The change feed
    CURSOR_GONE = "CURSOR_GONE"


STATUS: dict[Code, int] = {
    Code.VALIDATION_ERROR: 400,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.PAYLOAD_TOO_LARGE: 413,
    Code.UNSUPPORTED_MEDIA_TYPE: 415,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL_ERROR: 500,
    Code.SERVICE_DEGRADED: 503,
    Code.UNAUTHORIZED: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.STAFF_SIGNED_OUT: 401,
    Code.SIGN_IN_REFUSED: 403,
    Code.INSUFFICIENT_PERMISSIONS: 403,
    Code.ENROLMENT_REFUSED: 403,
    Code.NO_MATCH: 404,
    Code.TOO_MANY_ATTEMPTS: 429,
    Code.STUDENT_NOT_FOUND: 404,
    Code.CONTACT_NOT_FOUND: 404,
    Code.EMAIL_MISMATCH: 400,
    Code.INSUFFICIENT_TOKENS: 400,
    Code.BALANCE_TOO_LOW: 409,
    Code.PROPERTY_NOT_FOUND: 500,
    Code.INVALID_MOCK_TYPE: 400,
    Code.SESSION_NOT_FOUND: 404,
    Code.SESSION_CLOSED: 400,
    Code.SESSION_MOVED: 400,
    Code.DISCUSSION_FULL: 400,
    Code.EXAM_FULL: 400,
    Code.DUPLICATE_BOOKING: 400,
    Code.OVERLAPPING_BOOKING: 400,
    Code.SEATS_LEFT: 409,
    Code.WAITLIST_CLOSED: 400,
    Code.WAIT_NOT_FOUND: 404,
    Code.OFFER_EXPIRED: 409,
    Code.BOOKING_NOT_FOUND: 404,
    Code.BOOKING_CANCELLED: 409,
    Code.INVALID_STATE: 409,
    Code.IDEMPOTENCY_KEY_REUSED: 409,
    Code.LOCK_FAILED: 503,
    Code.DEVICE_NOT_FOUND: 404,
    Code.CURSOR_GONE: 410,
}
"""HTTP status of each code."""


class FieldProblem(Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: str
    message: str


class Problem(Struct, frozen=True, omit_defaults=True):
    """A refusal on the wire: the documented envelope and an RFC 9457 problem document in one."""

    success: bool
    error: str
    code: str
    type: str
    title: str
    status: int
    detail: str
    instance: str | UnsetType = UNSET
    fields: list[FieldProblem] = []
    snapshot: str | UnsetType = UNSET
