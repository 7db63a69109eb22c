"""The route by which a student's filters are kept (A79); a sign-in brings them back."""

from litestar import put
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.preferences import keep_filters
from kiosk_app.contract import routes
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import VISITORS


@put(
    routes.VISIT_FILTERS,
    opt={"roles": VISITORS, "limit": "filters"},
)
async def visit_filters(
    core: NamedDependency[SkipValidation[Core]],
    caller: NamedDependency[SkipValidation[Caller]],
    data: JSONBody[SavedFilters],
) -> SavedFilters:
    """Keep how the visitor narrows the sessions, in place of the last time."""
    if caller.visitor is None:
        raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
    await keep_filters(core.db, caller.visitor, data)
    return data


HANDLERS = (visit_filters,)
