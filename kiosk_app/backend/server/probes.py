"""Liveness and readiness, without token and prefix (K31)."""

from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import SkipValidation
from litestar.response import Response

from kiosk_app.backend.server.documents import refusals
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.storage.backlog import Queues, queues
from kiosk_app.backend.storage.database import StorageError
from kiosk_app.backend.storage.restores import grace
from kiosk_app.contract import routes
from kiosk_app.contract.devices import Backlog, Health
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import wire_instant

_Parts = NamedDependency[SkipValidation[Parts]]


@get(routes.HEALTH, responses=refusals([Code.INTERNAL_ERROR]))
async def health(parts: _Parts) -> Health:
    """Say that the process answers; asks nothing of the database."""
    return Health(status="ok", now=wire_instant(parts.core.clock()), version=parts.version)


@get(
    routes.READY,
    responses={
        503: ResponseSpec(Health, generate_examples=False, description="The database is away."),
        **refusals([Code.INTERNAL_ERROR]),
    },
)
async def ready(parts: _Parts) -> Response[Health]:
    """Say whether bookings can be made, and what waits: 200, or 503 while the database is away."""
    running, waiting, code = None, None, 200
    try:
        running = await grace(parts.core.db)
        waiting = await queues(parts.core.db, parts.core.clock(), parts.rhythms)
    except StorageError:
        code = 503
    body = Health(
        status="ok" if code == 200 else "degraded",  # noqa: PLR2004 - a status
        now=wire_instant(parts.core.clock()),
        version=parts.version,
        schema_version=parts.schema_version,
        grace_until=wire_instant(running.ends_at) if running else None,
        backlog=Backlog(**_numbers(waiting)) if waiting else None,
    )
    return Response(body, status_code=code)


def _numbers(waiting: Queues) -> dict[str, int]:
    return {name: getattr(waiting, name) for name in Backlog.__struct_fields__}


HANDLERS = (health, ready)
