"""Token balances on the wire (A18-A23, B11)."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.wire import Email, StudentId


class CreditField(StrEnum):
    """The five balances of a student, by their documented names (0.4)."""

    SJ = "sj_credits"
    CS = "cs_credits"
    MINI = "sjmini_credits"
    SHARED = "shared_mock_credits"
    DISCUSSION = "mock_discussion_token"


class Balances(Struct, frozen=True, kw_only=True):
    """How many tokens of each kind a student holds; field names are the documented ones."""

    sj_credits: int = 0
    cs_credits: int = 0
    sjmini_credits: int = 0
    shared_mock_credits: int = 0
    mock_discussion_token: int = 0
    unshared: tuple[MockType, ...] | UnsetType = UNSET
    """Exam types that the shared tokens do not pay for at this campus (F17); left out: they pay for all."""


class ValidateDiscussionCredits(Struct, frozen=True):
    """Body of `POST /mock-discussions/validate-credits` (A18); unknown keys are ignored."""

    student_id: str
    email: Email


class ValidateExamCredits(Struct, frozen=True):
    """Body of `POST /mock-exams/validate-credits` (B11)."""

    student_id: str
    email: Email
    mock_type: str


class CreditBreakdown(Struct, frozen=True):
    """Discussions show one kind of token (A19), exams their own and the shared ones (B11)."""

    discussion_tokens: int | UnsetType = UNSET
    specific_credits: int | UnsetType = UNSET
    shared_credits: int | UnsetType = UNSET


class CreditAnswer(Struct, frozen=True, kw_only=True):
    """What both credit checks answer (A19, A20, B11)."""

    eligible: bool
    available_credits: int
    credit_breakdown: CreditBreakdown
    contact_id: str
    enrollment_id: str | None
    student_name: str
    mock_type: MockType
    error_message: str | UnsetType = UNSET


class BeginVisit(Struct, frozen=True):
    """Body of `POST /visits`: a student proves ID and e-mail together at an enrolled device."""

    student_id: StudentId
    email: Email


class Student(Struct, frozen=True, kw_only=True):
    """The person of a visit, as the device may show them."""

    contact_id: str
    student_id: str
    name: str
    email: str
    enrollment_id: str | None = None
    locale: str | None = None


class Visit(Struct, frozen=True, kw_only=True):
    """Answer to `BeginVisit`: a short token bound to device and person (architecture §6)."""

    visit_token: str
    expires_in: int
    """Seconds until the token lapses."""
    student: Student
    balances: Balances
    filters: SavedFilters | None = None
    """How the student last narrowed the sessions (A79)."""
