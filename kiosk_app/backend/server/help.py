"""What staff read when something does not work (A101)."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from kiosk_app.backend.core.troubles import troubles
from kiosk_app.backend.server.parts import Parts
from kiosk_app.contract import routes
from kiosk_app.contract.help import StaffHelp
from kiosk_app.contract.staff import STAFF
from kiosk_app.i18n.texts import Language


@get(routes.STAFF_HELP, opt={"roles": STAFF})
async def staff_help(
    parts: NamedDependency[SkipValidation[Parts]],
    language: NamedDependency[SkipValidation[Language]],
) -> StaffHelp:
    """The four usual problems with their remedies, and whom to ask."""
    return StaffHelp(troubles=troubles(language), contacts=list(parts.contacts))


HANDLERS = (staff_help,)
