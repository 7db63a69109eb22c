"""One line per request, as JSON, without anything personal (A90); and the id that names it.

A route is logged by its pattern, because a path may hold a readable booking id. Bodies and queries
are never logged.
"""

import logging
import re
import secrets
import traceback
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kiosk_app.backend.server.doorway import ENDLESS
from kiosk_app.backend.server.identity import CALLER, LIMIT_HEADERS
from kiosk_app.backend.server.serving import Serving
from kiosk_app.contract.routes import CLIENT_VERSION_HEADER, REQUEST_ID_HEADER

logger = logging.getLogger("kiosk_app.requests")

_GIVEN_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_FRAMES = 12
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Journal:
    """Takes or makes the request id, hands it back with the limits, counts and writes the line.

    Wraps an ASGI handler.
    """

    def __init__(self, inner: ASGIApp, serving: Serving) -> None:
        self._inner = inner
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(REQUEST_ID_HEADER.lower().encode(), b"").decode("latin-1")
        identity = given if _GIVEN_ID.match(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = identity
        began, answer = perf_counter(), {"status": 0, "bytes": 0}

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                stamps = [(b"x-request-id", identity.encode())]
                stamps += scope["state"].get(LIMIT_HEADERS, ())
                message["headers"] = [*message.get("headers", []), *stamps]
            elif message["type"] == "http.response.body":
                answer["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._inner(scope, receive, noting)
        finally:
            self._write(scope, headers, answer, perf_counter() - began)

    def _write(
        self,
        scope: Any,  # noqa: ANN401 - an ASGI scope is a loose dictionary
        headers: dict[bytes, bytes],
        answer: dict[str, int],
        seconds: float,
    ) -> None:
        state = scope.get("state", {})
        caller = state.get(CALLER)
        route, code = scope.get("path_template") or "unknown", state.get("code")
        timed = None if state.get(ENDLESS) else seconds
        self._serving.parts.metrics.note(route, scope["method"], answer["status"], code, timed)
        logger.info(
            "request",
            extra={
                "request_id": state.get("request_id"),
                "method": scope["method"],
                "route": route,
                "status": answer["status"],
                "code": code,
                "ms": round(seconds * 1000, 1),
                "device": str(caller.device.id) if caller else None,
                "user": caller.user.id if caller and caller.user else None,
                "client": headers.get(CLIENT_VERSION_HEADER.lower().encode(), b"")[:40].decode(
                    "latin-1"
                ),
                "bytes_in": int(headers.get(b"content-length", b"0") or 0),
                "bytes_out": answer["bytes"],
            },
        )


class JsonLines(logging.Formatter):
    """A log record as one JSON object; what was given as `extra` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {
            name: value
            for name, value in vars(record).items()
            if name not in _STANDARD and value is not None
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = _trace(record.exc_info[1])
        return msgspec.json.encode(line, enc_hook=str).decode()


def _trace(fault: BaseException) -> list[str]:
    """Return where a fault and its causes happened; without their texts, which may hold values."""
    lines: list[str] = []
    seen: BaseException | None = fault
    while seen is not None:
        lines.append(type(seen).__qualname__)
        frames = traceback.extract_tb(seen.__traceback__)[-_FRAMES:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines
