"""The application: routes of every face under both prefixes, one guard, one way to say no."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import date
from typing import Annotated, Any

from litestar import Litestar, Request, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromQuery, QueryParameter, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.listing import Wanted
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.visits import VisitTokens
from kiosk_app.backend.discussions.face import HANDLERS as DISCUSSIONS
from kiosk_app.backend.exams.face import HANDLERS as EXAMS
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.server.admin import HANDLERS as ADMIN
from kiosk_app.backend.server.admin_bookings import HANDLERS as ADMIN_BOOKINGS
from kiosk_app.backend.server.admin_users import HANDLERS as ADMIN_USERS
from kiosk_app.backend.server.attendance import HANDLERS as ATTENDANCE
from kiosk_app.backend.server.bounded import Bound
from kiosk_app.backend.server.corrections import HANDLERS as CORRECTIONS
from kiosk_app.backend.server.cron import HANDLERS as CRON
from kiosk_app.backend.server.desk import HANDLERS as DESK
from kiosk_app.backend.server.documents import SCHEMES, documented
from kiosk_app.backend.server.examples import with_example
from kiosk_app.backend.server.filters import HANDLERS as FILTERS
from kiosk_app.backend.server.help import HANDLERS as HELP
from kiosk_app.backend.server.identity import CALLER, AnyConnection, Doorkeeper
from kiosk_app.backend.server.journal import Journal
from kiosk_app.backend.server.language import accepted
from kiosk_app.backend.server.leases import HANDLERS as LEASES
from kiosk_app.backend.server.mailing import HANDLERS as MAILING
from kiosk_app.backend.server.moves import HANDLERS as MOVES
from kiosk_app.backend.server.ours import HANDLERS as OURS
from kiosk_app.backend.server.outbox import HANDLERS as OUTBOX
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.server.planning import HANDLERS as PLANNING
from kiosk_app.backend.server.probes import HANDLERS as PROBES
from kiosk_app.backend.server.problems import HANDLERS as PROBLEMS
from kiosk_app.backend.server.rosters import HANDLERS as ROSTERS
from kiosk_app.backend.server.series import HANDLERS as SERIES
from kiosk_app.backend.server.serving import Serving
from kiosk_app.backend.server.shared import HANDLERS as SHARED
from kiosk_app.backend.server.staff import HANDLERS as STAFF
from kiosk_app.backend.server.streams import HANDLERS as STREAMS
from kiosk_app.backend.server.streams import UNPACKED
from kiosk_app.backend.server.waitlist import HANDLERS as WAITLIST
from kiosk_app.backend.server.watch import HANDLERS as WATCH
from kiosk_app.backend.storage.identity import server_secret
from kiosk_app.contract import routes
from kiosk_app.contract.problems import STATUS, Code
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.i18n.texts import Language

MOST_BODY_BYTES = 64 * 1024
_WORTH_PACKING = 2048
_PACKING = 4
"""Pages of the feed are large and alike; a higher level costs more time than it saves bytes."""
_HANDLERS = (
    *(*DISCUSSIONS, *EXAMS, *SHARED, *OURS, *LEASES, *STREAMS, *OUTBOX),
    *(*WAITLIST, *CORRECTIONS, *ATTENDANCE, *MOVES, *MAILING, *FILTERS, *HELP),
    *(*STAFF, *DESK, *ADMIN, *ADMIN_BOOKINGS, *ADMIN_USERS, *ROSTERS),
    *(*PLANNING, *SERIES, *CRON),
)
NOT_FOUND = STATUS[Code.NOT_FOUND]
_VISIT_KEY = "visit_tokens"
_Before = NamedDependency[SkipValidation[object]]
"""A provider that asks for another one comes after it; those that need not wait get a task each."""


def create_app(parts: Parts) -> Litestar:
    """Build the application; it connects when it starts and disconnects when it stops."""
    return lay_out(Serving(parts))


def lay_out(serving: Serving) -> Litestar:
    """Build the routes over what they serve with, which may be given other parts between starts."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        parts = serving.parts
        db = parts.core.db
        async with db:
            own_key = await server_secret(db, _VISIT_KEY, secrets.token_bytes(32))
            serving.tokens = VisitTokens(parts.visit_key or own_key)
            async with _closing(parts.core.crm), parts.jobs or nullcontext(), parts.live:
                yield
            await serving.devices.close()

    app = Litestar(
        route_handlers=[*_api(serving), *map(with_example, PROBES), *WATCH],
        lifespan=[lifespan],
        middleware=[Bound(serving)],
        exception_handlers=PROBLEMS,
        dependencies={"parts": _asked(lambda: serving.parts)},
        openapi_config=OpenAPIConfig(
            title="Campus Kiosk bookings",
            version=serving.parts.version,
            components=SCHEMES,
            openapi_router=Router(
                "/schema", route_handlers=[], after_request=_no_page, include_in_schema=False
            ),
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
            use_handler_docstrings=True,
        ),
        request_max_body_size=MOST_BODY_BYTES,
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=_WORTH_PACKING,
            gzip_compress_level=_PACKING,
            exclude_opt_key=UNPACKED,
        ),
        logging_config=None,
        debug=False,
    )
    # Around everything, so that unknown routes have their line and their id, too.
    app.asgi_handler = Journal(app.asgi_handler, serving)
    return app


@asynccontextmanager
async def _closing(crm: Crm) -> AsyncIterator[None]:
    """Let go of the CRM's connections at the end."""
    try:
        yield
    finally:
        await crm.close()


def _api(serving: Serving) -> list[Router]:
    """Return the same handlers under the main prefix and its alias (A92)."""
    doorkeeper = Doorkeeper(serving)

    async def admit(connection: AnyConnection, handler: BaseRouteHandler) -> None:
        # A function, because Litestar deep-copies guards that are objects, with all they hold.
        await doorkeeper.admit(connection, handler)

    dependencies = {
        "core": _asked(lambda: serving.parts.core),
        "live": _asked(lambda: serving.parts.live),
        "tokens": _asked(lambda: serving.tokens),
        "devices": _asked(lambda: serving.devices),
        "caller": Provide(_caller, sync_to_thread=False),
        "language": Provide(_language, sync_to_thread=False),
        "listing": Provide(_listing, sync_to_thread=False),
    }
    return [
        Router(
            prefix,
            route_handlers=handlers,
            guards=[admit],
            dependencies=dependencies,
            include_in_schema=prefix == routes.PREFIX,
        )
        for prefix, handlers in ((routes.PREFIX, documented(_HANDLERS)), (routes.ALIAS, _HANDLERS))
    ]


async def _no_page(answer: Response[Any]) -> Response[Any]:
    """Refuse in our own words what the schema's routes do not have."""
    if answer.status_code == NOT_FOUND:
        raise Refusal(Code.NOT_FOUND)
    return answer


def _asked(source: Callable[[], object]) -> Provide:
    return Provide(source, sync_to_thread=False)


def _caller(request: Request[Any, Any, Any], language: _Before) -> Caller:  # noqa: ARG001 - see _Before
    """Return who the doorkeeper let in."""
    caller: Caller = request.scope["state"][CALLER]
    return caller


def _language(request: Request[Any, Any, Any], core: _Before) -> Language:  # noqa: ARG001 - see _Before
    return accepted(request.headers.get("accept-language"))


_MOST = 2**31 - 1
"""Largest number of a user."""


def _listing(  # noqa: PLR0913 - one argument per query parameter
    *,
    include_capacity: FromQuery[bool] = True,
    realtime: FromQuery[bool] = False,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
    instructor_id: Annotated[int | None, QueryParameter(ge=1, le=_MOST)] = None,
    topic: FromQuery[str | None] = None,
    delivery_format: Annotated[DeliveryFormat | None, QueryParameter(name="format")] = None,
    location: FromQuery[str | None] = None,
    words: Annotated[str | None, QueryParameter(name="q", max_length=100)] = None,
) -> Wanted:
    """Read the query of a listing (A7, A74)."""
    return Wanted(
        include_capacity=include_capacity,
        realtime=realtime,
        date_from=date_from,
        date_to=date_to,
        instructor=instructor_id,
        topic=topic,
        delivery_format=delivery_format,
        location=location,
        words=words,
    )
