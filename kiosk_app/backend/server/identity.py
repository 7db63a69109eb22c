"""Who may come in: a guard that knows the device and whom it serves (M16, K25).

Each handler declares its callers: `opt={"access": OPEN}`, or `opt={"roles": (...)}` of
`contract/staff.py`, and `opt={"profiles": (...)}` where not every device will do. What declares
nothing lets nobody in.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.sign_ins import find_user
from kiosk_app.backend.server.serving import Serving
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.problems import Code
from kiosk_app.contract.routes import (
    CLIENT_VERSION_HEADER,
    DEVICE_HEADER,
    STAFF_HEADER,
    VISIT_HEADER,
)
from kiosk_app.contract.staff import ANYBODY, AS_DEVICE, Role

OPEN = "open"
"""`opt={"access": OPEN}` on a handler: no device token is asked for."""
CALLER = "caller"
"""In the scope's state: who was let in."""
LIMIT_HEADERS = "limit_headers"
"""In the scope's state: what every answer of a limited route says of the limit."""
_JSON = "application/json"
_LONGEST_VERSION = 40
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Doorkeeper:
    """Lets a request in, or refuses it before anything of it is read."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def admit(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        """Check device, rate, person and role in this order; leave the caller for the handler."""
        _require_json(connection)
        if handler.opt.get("access") == OPEN:
            self._count(connection, handler, connection.client.host if connection.client else "?")
            return
        device = await self._device(connection)
        self._count(connection, handler, str(device.id))
        if device.profile not in handler.opt.get("profiles", (device.profile,)):
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
        roles = handler.opt.get("roles", _usual(connection))
        if roles == AS_DEVICE:
            caller = Caller(device, request_id=_request_id(connection))
        else:
            caller = await self._caller(connection, device)
        caller.require_role(*roles)
        connection.scope["state"][CALLER] = caller

    async def _caller(self, connection: AnyConnection, device: DeviceRow) -> Caller:
        """Read in whose name the device asks; where staff signed in, nobody visits."""
        request = _request_id(connection)
        if token := connection.headers.get(STAFF_HEADER):
            user = await find_user(self._serving.parts.core, token, device)
            return Caller(device, user=user, request_id=request)
        visitor = None
        if token := connection.headers.get(VISIT_HEADER):
            tokens = self._serving.tokens
            if tokens is None:
                raise Refusal(Code.SERVICE_DEGRADED)
            visitor = tokens.read(token, device.id, self._serving.parts.core.clock())
        return Caller(device, visitor, request_id=request)

    async def _device(self, connection: AnyConnection) -> DeviceRow:
        scheme, _, token = connection.headers.get(DEVICE_HEADER, "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal(Code.UNAUTHORIZED)
        devices = self._serving.devices
        device = await devices.find(token)
        version = connection.headers.get(CLIENT_VERSION_HEADER, "")[:_LONGEST_VERSION]
        devices.note(device.id, version if version.isprintable() and version else None)
        return device

    def _count(self, connection: AnyConnection, handler: BaseRouteHandler, caller: str) -> None:
        kind = handler.opt.get("limit")
        if kind is None:
            return
        limit: int = getattr(self._serving.parts.limits, kind)
        standing = self._serving.limiter.count(kind, caller, limit)
        connection.scope["state"][LIMIT_HEADERS] = standing.headers()
        if standing.refused:
            raise Refusal(Code.RATE_LIMITED, retry_after=standing.seconds)


def _usual(connection: AnyConnection) -> tuple[Role, ...]:
    """Return who may call what declares nothing: nobody.

    But for the framework's own answer to OPTIONS, which names the methods of a route and no more.
    """
    return ANYBODY if connection.scope.get("method") == "OPTIONS" else ()


def _request_id(connection: AnyConnection) -> str | None:
    return connection.scope.get("state", {}).get("request_id")


def _require_json(connection: AnyConnection) -> None:
    """Refuse a body that does not say it is JSON."""
    length = connection.headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in connection.headers:
        return
    told = connection.headers.get("content-type", "")
    if told == _JSON:
        return
    kind, *parameters = (part.strip().lower() for part in told.split(";"))
    charsets = [one.removeprefix("charset=").strip('"') for one in parameters if "charset" in one]
    if kind != _JSON or any(one not in {"utf-8", "utf8"} for one in charsets):
        raise Refusal(Code.UNSUPPORTED_MEDIA_TYPE)
