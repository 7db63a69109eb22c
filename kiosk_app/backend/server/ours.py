"""Routes beyond the documented API: devices, visits, capabilities and the change feed."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.devices import enrol
from kiosk_app.backend.core.feed import changes_after, snapshot_page
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.visits import VisitTokens, begin_visit
from kiosk_app.backend.server.identity import OPEN
from kiosk_app.backend.server.parts import Parts
from kiosk_app.contract import routes
from kiosk_app.contract.credits import BeginVisit, Visit
from kiosk_app.contract.devices import Capabilities, ChangePage, Enrol, Enrolment, SnapshotPage
from kiosk_app.contract.problems import Code

FEATURES = ["changes", "visits", "rejections", "events"]
MOST_ROWS = 5000
"""Rows per page at most; a client on a poor link asks for fewer."""

_Core = NamedDependency[SkipValidation[Core]]
_Limit = Annotated[int, QueryParameter(ge=1, le=MOST_ROWS)]


@get(routes.CAPABILITIES, opt={"access": OPEN})
async def capabilities(parts: NamedDependency[SkipValidation[Parts]]) -> Capabilities:
    """What this backend offers beyond the documented floor (architecture §2.4)."""
    return Capabilities(version=parts.version, features=FEATURES)


@post(
    routes.DEVICES_ENROL,
    status_code=201,
    opt={"access": OPEN, "limit": "enrol", "refusals": (Code.ENROLMENT_REFUSED,)},
)
async def devices_enrol(core: _Core, data: JSONBody[Enrol]) -> Enrolment:
    """Trade a one-time code for a device token (K25)."""
    return await enrol(core, data.code)


@post(
    routes.VISITS,
    status_code=201,
    opt={"limit": "visits", "refusals": (Code.NO_MATCH, Code.TOO_MANY_ATTEMPTS)},
)
async def visits(
    *,
    core: _Core,
    caller: NamedDependency[SkipValidation[Caller]],
    tokens: NamedDependency[SkipValidation[VisitTokens]],
    data: JSONBody[BeginVisit],
) -> Visit:
    """Prove student id and e-mail, and get the token of this visit (K26)."""
    return await begin_visit(core, tokens, caller.device, data)


@get(routes.CHANGES, opt={"refusals": (Code.CURSOR_GONE,)})
async def changes(
    core: _Core, cursor: FromQuery[str | None] = None, limit: _Limit = 500
) -> ChangePage:
    """Sessions that changed since a cursor, and those that are gone."""
    return await changes_after(core, cursor, limit)


@get(routes.SNAPSHOT, opt={"refusals": (Code.CURSOR_GONE,)})
async def snapshot(
    core: _Core,
    after: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: _Limit = 500,
) -> SnapshotPage:
    """All sessions by id, and the cursor from which the changes go on."""
    return await snapshot_page(core, after, cursor, limit)


HANDLERS = (capabilities, devices_enrol, visits, changes, snapshot)
