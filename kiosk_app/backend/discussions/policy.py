"""What is particular to mock discussions (A1, A25, B18)."""

import msgspec
from msgspec import UNSET

from kiosk_app.backend.core.policy import Extras, Policy
from kiosk_app.contract.bookings import Association, ExamDetails
from kiosk_app.contract.sessions import MockType


def _details(details: ExamDetails, extras: Extras) -> ExamDetails:
    return msgspec.structs.replace(
        details,
        discussion_format=extras.discussion_format or UNSET,
        topic_preference=extras.topic_preference or "",
    )


DISCUSSIONS = Policy(
    name="mock-discussions",
    mock_types=(MockType.MOCK_DISCUSSION,),
    key_prefix="idem_disc_",
    details=_details,
    links=(Association("contact"), Association("mock_discussion")),
)
