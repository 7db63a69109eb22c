"""What may be done at a path of several methods: the framework's own answer forgets all but one."""

from litestar import HttpMethod, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from kiosk_app.backend.server.identity import OPEN


def methods_of(path: str, *methods: str) -> HTTPRouteHandler:
    """Return the handler that answers OPTIONS at a path which has these methods.

    It stands before the others of its path: the first one brings the framework's own answer along.
    """
    allow = ", ".join(sorted({*methods, "OPTIONS"}))

    @route(
        path,
        http_method=HttpMethod.OPTIONS,
        status_code=204,
        opt={"access": OPEN},
        include_in_schema=False,
    )
    async def methods_allowed() -> Response[None]:
        """Name the methods."""
        return Response(None, headers={"Allow": allow})

    return methods_allowed
