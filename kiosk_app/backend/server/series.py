"""Routes of series of sessions, and of the days on which a place is closed (A77)."""

from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.closures import close_place, list_closures, open_place
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.series import create_series, read_series
from kiosk_app.backend.core.series_changes import call_off_series, change_series
from kiosk_app.backend.server.methods import methods_of
from kiosk_app.contract import routes
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.series import (
    CallOffSeries,
    ChangeSeries,
    ClosureList,
    ClosureMade,
    ClosureRemoved,
    NewClosure,
    NewSeries,
    Series,
    SeriesChanged,
    SeriesPlan,
)
from kiosk_app.contract.staff import ON_BEHALF, Role
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]
_ONE = routes.ADMIN_ONE_SERIES.replace("}", ":uuid}")
_WRITES = {"roles": (Role.ADMIN,), "limit": "writes"}
_MADE, _ASKED = 201, 200
_CHANGES = (*(Code.SERIES_NOT_FOUND, Code.SESSION_NOT_FOUND, Code.SESSION_OVER, Code.LOCK_FAILED),)


def _preview(kind: type) -> dict[int, ResponseSpec]:
    """Return the answer of a preview, beside that of what is made."""
    told = "A preview; nothing was written."
    return {_ASKED: ResponseSpec(kind, generate_examples=False, description=told)}


def _stepped(changed: SeriesChanged, language: Language, message: str) -> Success[SeriesChanged]:
    """Return the envelope of what was done session by session, with how many it met."""
    if changed.preview:
        return Success(changed, messages.say(language, messages.PREVIEW))
    kept = sum(one.code is not None for one in changed.steps)
    values = {"done": str(len(changed.steps) - kept), "kept": str(kept + changed.frozen)}
    return Success(changed, messages.say(language, message, **values))


@post(
    routes.ADMIN_SERIES,
    status_code=_MADE,
    responses=_preview(Success[SeriesPlan]),
    opt=_WRITES | {"refusals": (Code.SERIES_EMPTY,)},
)
async def admin_series_create(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[NewSeries],
    preview: FromQuery[bool] = False,
) -> Response[Success[SeriesPlan]]:
    """Add the sessions of a plan; with `preview` only say on which dates."""
    plan = await create_series(core, caller, data, preview=preview)
    if preview:
        shown = Success(plan, messages.say(language, messages.PREVIEW))
        return Response(shown, status_code=_ASKED)
    added = sum(one.state == "ok" for one in plan.dates)
    values = {"added": str(added), "left": str(len(plan.dates) - added)}
    made = Success(plan, messages.say(language, messages.SERIES_ADDED, **values))
    return Response(made, status_code=_MADE)


@get(_ONE, opt={"roles": ON_BEHALF, "refusals": (Code.SERIES_NOT_FOUND,)})
async def admin_series(core: _Core, language: _Language, series: FromPath[UUID]) -> Success[Series]:
    """One series with its sessions."""
    found = await read_series(core, series)
    return Success(found, messages.say(language, messages.SERIES_READ))


@patch(_ONE, opt=_WRITES | {"refusals": _CHANGES})
async def admin_series_change(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    series: FromPath[UUID],
    data: JSONBody[ChangeSeries],
    preview: FromQuery[bool] = False,
) -> Success[SeriesChanged]:
    """Change one session of a series, those from one on, or all that are not over."""
    changed = await change_series(core, caller, series, data, preview=preview)
    return _stepped(changed, language, messages.SERIES_CHANGED)


@post(
    routes.ADMIN_SERIES_CANCELLATION.replace("}", ":uuid}"),
    status_code=200,
    opt=_WRITES | {"refusals": _CHANGES},
)
async def admin_series_call_off(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    series: FromPath[UUID],
    data: JSONBody[CallOffSeries],
    preview: FromQuery[bool] = False,
) -> Success[SeriesChanged]:
    """Call off one session of a series, those from one on, or all that are not over."""
    ended = await call_off_series(core, caller, series, data, preview=preview)
    return _stepped(ended, language, messages.SERIES_CALLED_OFF)


@get(routes.ADMIN_CLOSURES, opt={"roles": ON_BEHALF})
async def admin_closures(core: _Core, language: _Language) -> Success[ClosureList]:
    """The days on which places are closed, from today on."""
    found = await list_closures(core)
    return Success(found, messages.say(language, messages.CLOSURES_READ))


@post(
    routes.ADMIN_CLOSURES, status_code=_MADE, responses=_preview(Success[ClosureMade]), opt=_WRITES
)
async def admin_closure_create(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    data: JSONBody[NewClosure],
    preview: FromQuery[bool] = False,
) -> Response[Success[ClosureMade]]:
    """Close a place for some days; the answer lists the sessions that stand there."""
    made = await close_place(core, caller, data, preview=preview)
    message = messages.PREVIEW if preview else messages.PLACE_CLOSED
    told = Success(made, messages.say(language, message, hits=str(len(made.hits))))
    return Response(told, status_code=_ASKED if preview else _MADE)


@delete(routes.ADMIN_CLOSURE.replace("}", ":uuid}"), status_code=200, opt=_WRITES)
async def admin_closure_remove(
    core: _Core, caller: _Caller, language: _Language, closure: FromPath[UUID]
) -> Success[ClosureRemoved]:
    """Remove a closure; safe to repeat."""
    opened = await open_place(core, caller, closure)
    message = messages.CLOSURE_REMOVED if opened.removed else messages.CLOSURE_GONE
    return Success(opened, messages.say(language, message))


HANDLERS = (
    methods_of(_ONE, "GET", "PATCH"),
    methods_of(routes.ADMIN_CLOSURES, "GET", "POST"),
    *(admin_series_create, admin_series, admin_series_change, admin_series_call_off),
    *(admin_closures, admin_closure_create, admin_closure_remove),
)
