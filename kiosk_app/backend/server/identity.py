"""Who may come in: a guard that knows the device, and the visitor when there is a visit (M16, K25)."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.devices import find_device
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.limits import RateLimiter
from kiosk_app.backend.server.parts import Parts, Running
from kiosk_app.backend.storage.database import UnavailableError
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.problems import Code
from kiosk_app.contract.routes import DEVICE_HEADER, VISIT_HEADER

OPEN = "open"
"""`opt={"access": OPEN}` on a handler: no device token is asked for."""
DEVICE_MEMORY_S = 5.0
"""How long a device token is believed without asking the database; a revoked one works as long."""
OUTAGE_MEMORY_S = 900.0
"""The same while the database cannot be asked: credits can be read then, nothing be written (B27)."""
_MOST_DEVICES = 4096
LIMIT_HEADERS = "limit_headers"
"""In the scope's state: what every answer of a limited route says of the limit."""
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Doorkeeper:
    """Lets a request in, or refuses it before anything of it is read."""

    def __init__(self, parts: Parts, running: Running) -> None:
        self._parts = parts
        self._running = running
        self._limiter = RateLimiter(parts.ticks)
        self._known: dict[str, tuple[float, DeviceRow]] = {}

    async def admit(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        """Check the device, then the rate, then the visit; leave the caller for the handler."""
        _require_json(connection)
        if handler.opt.get("access") == OPEN:
            self._count(connection, handler, connection.client.host if connection.client else "?")
            return
        device = await self._device(connection)
        self._count(connection, handler, str(device.id))
        visitor = None
        if token := connection.headers.get(VISIT_HEADER):
            if self._running.tokens is None:
                raise Refusal(Code.SERVICE_DEGRADED)
            visitor = self._running.tokens.read(token, device.id, self._parts.core.clock())
        connection.state.caller = Caller(device, visitor)

    async def _device(self, connection: AnyConnection) -> DeviceRow:
        scheme, _, token = connection.headers.get(DEVICE_HEADER, "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal(Code.UNAUTHORIZED)
        now = self._parts.ticks()
        seen, device = self._known.get(token, (now - DEVICE_MEMORY_S, None))
        if device is None or now - seen >= DEVICE_MEMORY_S:
            try:
                device = await find_device(self._parts.core, token)
            except UnavailableError:
                if device is None or now - seen >= OUTAGE_MEMORY_S:
                    raise
                return device
            if device is None:
                self._known.pop(token, None)
                raise Refusal(Code.UNAUTHORIZED)
            if len(self._known) >= _MOST_DEVICES:
                self._known.clear()
            self._known[token] = (now, device)
        return device

    def _count(self, connection: AnyConnection, handler: BaseRouteHandler, caller: str) -> None:
        kind = handler.opt.get("limit")
        if kind is None:
            return
        limit: int = getattr(self._parts.limits, kind)
        standing = self._limiter.count(kind, caller, limit)
        connection.scope["state"][LIMIT_HEADERS] = standing.headers()
        if standing.refused:
            raise Refusal(Code.RATE_LIMITED, retry_after=standing.seconds)


def _require_json(connection: AnyConnection) -> None:
    """Refuse a body that does not say it is JSON."""
    length = connection.headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in connection.headers:
        return
    kind, *parameters = (
        part.strip().lower() for part in connection.headers.get("content-type", "").split(";")
    )
    charsets = [one.removeprefix("charset=").strip('"') for one in parameters if "charset" in one]
    if kind != "application/json" or any(one not in {"utf-8", "utf8"} for one in charsets):
        raise Refusal(Code.UNSUPPORTED_MEDIA_TYPE)
