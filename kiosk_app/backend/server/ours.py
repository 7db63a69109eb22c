"""Routes beyond the documented API: devices, visits, capabilities and the change feed."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.devices import enrol
from kiosk_app.backend.core.feed import changes_after, snapshot_page, sum_of_month
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.visits import VisitTokens, begin_visit
from kiosk_app.backend.server.identity import OPEN
from kiosk_app.backend.server.known_devices import KnownDevices
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.server.problems import request_id
from kiosk_app.contract import routes
from kiosk_app.contract.credits import BeginVisit, Visit
from kiosk_app.contract.devices import (
    Capabilities,
    ChangePage,
    Enrol,
    Enrolment,
    MonthSum,
    SnapshotPage,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ANYBODY

FEATURES = [
    *("changes", "visits", "rejections", "events", "staff", "leases", "waitlist", "attendance"),
    *("moves", "sums", "filters", "mail"),
]
MOST_ROWS = 5000
"""Rows per page at most; a client on a poor link asks for fewer."""

_Core = NamedDependency[SkipValidation[Core]]
_Month = Annotated[
    str, QueryParameter(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$", description="2027-03")
]
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
async def devices_enrol(
    *,
    core: _Core,
    devices: NamedDependency[SkipValidation[KnownDevices]],
    request: Request[Any, Any, Any],
    data: JSONBody[Enrol],
) -> Enrolment:
    """Trade a one-time code for a device token (K25)."""
    enrolment = await enrol(core, data.code, request_id(request))
    devices.forget(UUID(enrolment.device_id))
    return enrolment


@post(
    routes.VISITS,
    status_code=201,
    opt={
        "roles": ANYBODY,
        "limit": "visits",
        "refusals": (Code.NO_MATCH, Code.TOO_MANY_ATTEMPTS),
    },
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


@get(routes.CHANGES, opt={"roles": ANYBODY, "refusals": (Code.CURSOR_GONE,)})
async def changes(
    core: _Core, cursor: FromQuery[str | None] = None, limit: _Limit = 500
) -> ChangePage:
    """Sessions that changed since a cursor, and those that are gone."""
    return await changes_after(core, cursor, limit)


@get(routes.CHANGES_SUM, opt={"roles": ANYBODY, "refusals": (Code.CURSOR_GONE,)})
async def changes_sum(core: _Core, month: FromQuery[_Month], cursor: FromQuery[str]) -> MonthSum:
    """What the open sessions of a month come to, for a client that has heard of all changes."""
    return await sum_of_month(core, date.fromisoformat(f"{month}-01"), cursor)


@get(routes.SNAPSHOT, opt={"roles": ANYBODY, "refusals": (Code.CURSOR_GONE,)})
async def snapshot(
    core: _Core,
    after: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: _Limit = 500,
) -> SnapshotPage:
    """All sessions by id, and the cursor from which the changes go on."""
    return await snapshot_page(core, after, cursor, limit)


HANDLERS = (capabilities, devices_enrol, visits, changes, changes_sum, snapshot)
