"""One HTTP call: headers, limits of time, and every fault of httpx turned into an outcome."""

import asyncio
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import uuid4

import httpx
from msgspec import Struct

from kiosk_app.contract import routes
from kiosk_app.gateway.answers import Decoding, read_no, read_yes
from kiosk_app.gateway.outcomes import Failed, Outcome, Trouble, Unreachable
from kiosk_app.gateway.stream import Events, Hint, NotAStreamError
from kiosk_app.gateway.trust import trust

T = TypeVar("T")
log = logging.getLogger("kiosk.gateway")

READ_SECONDS = 10.0
"""For a whole call that reads; a half-open connection is noticed within it."""
WRITE_SECONDS = 30.0
"""For a whole call that books or cancels: better a late verdict than an unknown one."""
CONNECT_SECONDS = 5.0
_ROOM = re.compile(r'"([a-z]{1,32})";r=(\d{1,9});t=(\d{1,9})')
_OK = 200
_REDIRECT = 300
_CLIENT_ERROR = 400


class Address(Struct, frozen=True, kw_only=True):
    """Where the server is, and who asks."""

    base_url: str
    """Scheme, host and port; no path."""
    device_token: str | None
    client_version: str


class Call(Struct, frozen=True, kw_only=True):
    """One request. `route` is what the log names: the template, never the values in it."""

    method: str
    route: str
    path: str
    query: dict[str, str] = {}
    body: bytes | None = None
    headers: dict[str, str] = {}
    seconds: float = READ_SECONDS


class Room(Struct, frozen=True):
    """What a server that limits requests still lets through."""

    left: int
    seconds: int
    """Until there is more."""


class Http:
    """The connection pool to one server; `close` gives it back."""

    def __init__(self, address: Address) -> None:
        headers = {
            "Accept": "application/json",
            routes.CLIENT_VERSION_HEADER: address.client_version,
        }
        if address.device_token:
            headers[routes.DEVICE_HEADER] = f"Bearer {address.device_token}"
        self._client = httpx.AsyncClient(
            base_url=address.base_url,
            headers=headers,
            verify=trust(address.base_url),
            follow_redirects=False,  # a redirect is a captive portal, not our server
            timeout=httpx.Timeout(WRITE_SECONDS, connect=CONNECT_SECONDS),
        )
        self.rooms: dict[str, Room] = {}
        """By kind of request, as the last answer of that kind said."""

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()

    async def ask(self, call: Call, decoder: Decoding[T]) -> Outcome[T]:
        """Make one call and say how it ended."""
        request_id = uuid4().hex
        begun = time.monotonic()
        try:
            async with asyncio.timeout(call.seconds):
                response = await self._send(call, request_id)
            if told := _ROOM.fullmatch(response.headers.get(routes.RATE_LIMIT_HEADER, "")):
                self.rooms[told[1]] = Room(int(told[2]), int(told[3]))
            outcome = _judge(response, decoder)
            status = str(response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as fault:
            outcome, status = _trouble(fault), type(fault).__name__
        milliseconds = round((time.monotonic() - begun) * 1000)
        log.info("%s %s %s %d ms %s", call.method, call.route, status, milliseconds, request_id)
        return outcome

    async def follow(self, call: Call, heard: Callable[[Hint], None]) -> Failed:
        """Read a stream of events until it ends; `call.seconds` is the longest silence."""
        request_id = uuid4().hex
        begun = time.monotonic()
        timeout = httpx.Timeout(call.seconds, connect=CONNECT_SECONDS)
        headers = {routes.REQUEST_ID_HEADER: request_id, **call.headers}
        try:
            async with self._client.stream(
                call.method, call.path, headers=headers, timeout=timeout
            ) as response:
                end = await _follow(response, heard)
            status = str(response.status_code)
        except (httpx.HTTPError, OSError) as fault:
            end, status = _trouble(fault), type(fault).__name__
        seconds = round(time.monotonic() - begun)
        log.info("%s %s %s %d s %s", call.method, call.route, status, seconds, request_id)
        return end

    async def _send(self, call: Call, request_id: str) -> httpx.Response:
        headers = {routes.REQUEST_ID_HEADER: request_id, **call.headers}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        return await self._client.request(
            call.method, call.path, params=call.query, content=call.body, headers=headers
        )


async def _follow(response: httpx.Response, heard: Callable[[Hint], None]) -> Failed:
    status, headers = response.status_code, _lower(response.headers)
    if status >= _CLIENT_ERROR:
        return read_no(status, headers, await response.aread())
    if status != _OK or not headers.get("content-type", "").startswith("text/event-stream"):
        return Unreachable(Trouble.WRONG_SERVER, f"HTTP {status} is no stream of events")
    events = Events()
    try:
        async for piece in response.aiter_bytes():
            for hint in events.feed(piece):
                heard(hint)
    except NotAStreamError as fault:
        return Unreachable(Trouble.WRONG_SERVER, str(fault))
    return Unreachable(Trouble.NO_ANSWER, "the stream ended")


def _judge(response: httpx.Response, decoder: Decoding[T]) -> Outcome[T]:
    status, headers = response.status_code, _lower(response.headers)
    if _OK <= status < _REDIRECT:
        return read_yes(headers, response.content, decoder)
    if status < _CLIENT_ERROR:
        return Unreachable(Trouble.WRONG_SERVER, f"HTTP {status}")
    return read_no(status, headers, response.content)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _trouble(fault: Exception) -> Unreachable:
    """Name a fault without its text, which may hold an address with a person in it."""
    connecting = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    sent = not isinstance(fault, connecting)
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Unreachable(Trouble.NOT_VERIFIED, type(cause).__name__, sent=sent)
        cause = cause.__cause__ or cause.__context__
    if isinstance(fault, httpx.RemoteProtocolError | httpx.DecodingError):
        return Unreachable(Trouble.BROKEN_ANSWER, type(fault).__name__)
    if isinstance(fault, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return Unreachable(Trouble.WRONG_SERVER, type(fault).__name__, sent=False)
    return Unreachable(Trouble.NO_ANSWER, type(fault).__name__, sent=sent)
