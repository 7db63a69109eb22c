"""A no with a reason: the one exception by which the core refuses; one place makes it HTTP."""

from kiosk_app.contract.problems import Code, FieldProblem


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """The request is understood and refused.

    Args:
        code: the reason, of the catalogue.
        retry_after: seconds to wait before trying again, when waiting helps.
        fields: what is wrong with which field.
        snapshot: where to read everything again (CURSOR_GONE).
        smallest: the smallest number that would do (CAPACITY_TAKEN).
    """

    def __init__(
        self,
        code: Code,
        *,
        retry_after: int | None = None,
        fields: list[FieldProblem] | None = None,
        snapshot: str | None = None,
        smallest: int | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after = retry_after
        self.fields = fields or []
        self.snapshot = snapshot
        self.smallest = smallest


CREDIT_REFUSALS = (Code.STUDENT_NOT_FOUND, Code.EMAIL_MISMATCH, Code.PROPERTY_NOT_FOUND)
"""What a token check may answer beside what every request may (A21, B24)."""
CREATE_REFUSALS = (
    Code.SESSION_NOT_FOUND,
    Code.INVALID_MOCK_TYPE,
    Code.SESSION_CLOSED,
    Code.SESSION_MOVED,
    Code.CONTACT_NOT_FOUND,
    Code.EMAIL_MISMATCH,
    Code.DUPLICATE_BOOKING,
    Code.OVERLAPPING_BOOKING,
    Code.INSUFFICIENT_TOKENS,
    Code.DAILY_LIMIT,
    Code.WEEKLY_LIMIT,
    Code.NOTICE_TOO_SHORT,
    Code.TOO_FAR_AHEAD,
    Code.OVERRIDE_REASON_REQUIRED,
    Code.IDEMPOTENCY_KEY_REUSED,
    Code.BOOKING_CANCELLED,
    Code.SEAT_KEPT_BACK,
    Code.LOCK_FAILED,
)
"""The same for a create (A27); each system adds its own word for *full*."""
CANCEL_REFUSALS = (
    Code.BOOKING_NOT_FOUND,
    Code.SESSION_CLOSED,
    Code.CUTOFF_PASSED,
    Code.OVERRIDE_REASON_REQUIRED,
    Code.INVALID_STATE,
    Code.LOCK_FAILED,
)
"""The same for a cancellation (A39)."""
MOVE_REFUSALS = (
    Code.BOOKING_NOT_FOUND,
    Code.INVALID_STATE,
    Code.MOVE_CUTOFF_PASSED,
    Code.SESSION_NOT_FOUND,
    Code.SAME_SESSION,
    Code.SESSION_CLOSED,
    Code.DUPLICATE_BOOKING,
    Code.OVERLAPPING_BOOKING,
    Code.DISCUSSION_FULL,
    Code.EXAM_FULL,
    Code.INSUFFICIENT_TOKENS,
    Code.DAILY_LIMIT,
    Code.WEEKLY_LIMIT,
    Code.NOTICE_TOO_SHORT,
    Code.TOO_FAR_AHEAD,
    Code.OVERRIDE_REASON_REQUIRED,
    Code.IDEMPOTENCY_KEY_REUSED,
    Code.LOCK_FAILED,
    Code.SEAT_KEPT_BACK,
)
"""The same for a move."""
