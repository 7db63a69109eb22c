"""What is particular to mock exams (B11-B13)."""

import msgspec

from kiosk_app.backend.core.policy import Extras, Policy
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.contract.bookings import ExamDetails
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import EXAM_TYPES, MockType


def _details(details: ExamDetails, extras: Extras) -> ExamDetails:
    return msgspec.structs.replace(
        details,
        attending_location=extras.attending_location,
        dominant_hand=extras.dominant_hand,
    )


EXAMS = Policy(name="mock-exams", mock_types=EXAM_TYPES, key_prefix="idem_", details=_details)


def exam_type(text: str) -> MockType:
    """Return one of the three exam types; a discussion or an unknown word is refused (B11)."""
    for kind in EXAM_TYPES:
        if kind.value == text:
            return kind
    raise Refusal(Code.INVALID_MOCK_TYPE)
