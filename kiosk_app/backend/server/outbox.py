"""What devices report about their outbox (K15)."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.rejections import report_rejection
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import RejectedRequest, RejectionNoted
from kiosk_app.contract.staff import ANYBODY


@post(routes.OUTBOX_REJECTIONS, status_code=202, opt={"roles": ANYBODY, "limit": "writes"})
async def outbox_rejections(
    core: NamedDependency[SkipValidation[Core]],
    caller: NamedDependency[SkipValidation[Caller]],
    data: JSONBody[RejectedRequest],
) -> RejectionNoted:
    """Tell the student that a queued booking was refused; safe to repeat."""
    await report_rejection(core, data, caller.device)
    return RejectionNoted()


HANDLERS = (outbox_rejections,)
