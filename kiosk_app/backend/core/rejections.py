"""A request that a device saved without a connection was refused later: the student is told (K15)."""

import logging

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.mail import NewRejection, queue_rejection
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.bookings import RejectedRequest

logger = logging.getLogger(__name__)


async def report_rejection(core: Core, body: RejectedRequest, device: DeviceRow) -> None:
    """Queue one mail to the address on the student's record.

    Nothing is queued for an unknown pair of student id and e-mail, for a key that was reported
    before, or for one that has a live booking. The caller is not told which it was: a device may
    not learn who exists.
    """
    queued = await queue_rejection(
        core.db,
        NewRejection(
            key=body.idempotency_key,
            student_id=body.student_id,
            email=body.email,
            session=body.mock_exam_id,
            code=body.code,
        ),
    )
    if queued:
        core.ring()
    logger.info(
        "rejection reported",
        extra={"device": str(device.id), "code": body.code, "queued": queued},
    )
