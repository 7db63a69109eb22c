"""No request is worked on for longer than a minute: the end of every handler, in one place (A4).

Statements, locks, the pool and calls to the CRM have ends of their own; this is the end of all of them
together. It counts until the answer begins, so what is sent piece by piece (streams of events, an
export) takes as long as it takes. What was asked of the database is taken back, but for creates that met
others: their statement goes on to an end of its own, and the key finds what came of it.
"""

import asyncio

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.serving import Serving
from kiosk_app.contract.problems import Code

_AGAIN_S = 5


class Bound(ASGIMiddleware):
    """Ends a handler that has not begun to answer in time with SERVICE_DEGRADED.

    Args:
        serving: its parts say how long that is.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request through and look at the clock.

        Raises:
            Refusal: SERVICE_DEGRADED when the time is over.
        """
        limit = asyncio.timeout(self._serving.parts.longest_s)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not limit.expired():
                limit.reschedule(None)
            await send(message)

        try:
            async with limit:
                await next_app(scope, receive, sending)
        except TimeoutError:
            if not limit.expired():
                raise
            raise Refusal(Code.SERVICE_DEGRADED, retry_after=_AGAIN_S) from None
