"""The connection itself: what is no HTTP, too large or too slow never becomes a request.

uvicorn's own protocol takes heads of any length, waits for ever for the rest of a request and
answers what it cannot read in plain text; here all three have an end and the documented envelope.
"""

import asyncio
import secrets
import socket
from http import HTTPStatus

import msgspec
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.documents import PROBLEM_TYPE
from kiosk_app.backend.server.problems import document
from kiosk_app.contract.problems import STATUS, Code
from kiosk_app.contract.routes import REQUEST_ID_HEADER

ENDLESS = "endless"
"""Set in the scope's state by a handler whose answer has no end: closed at once when the server stops."""
STOPPING = "stopping"
"""Set in the scope's state when the server stops: a handler that comes to it now begins nothing endless."""
GRACE_S = 5
"""How long a server that stops waits for answers that are under way."""
SILENCE_MS = 40_000
"""How long a client may leave unconfirmed what was sent; then its connection is dead."""
MOST_HEAD_BYTES = 32 * 1024
"""Request line and headers together; a kiosk needs less than a tenth of it."""


class Doorway(HttpToolsProtocol):
    """One connection of a client."""

    scope: HTTPScope | None  # type: ignore[assignment]  # none before the first request
    patience_s: float = 30.0
    """How long a request may take to arrive whole, from the connection or its first byte."""
    _head_open = True
    _head_bytes = 0
    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        super().connection_made(transport)
        _end_when_silent(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has become too long."""
        super().data_received(data)
        if self._head_open:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
                self._refuse(Code.PAYLOAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        self._head_open, self._head_bytes = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """Let the head in when it is of a decent length."""
        self._head_open = False
        told = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if told > MOST_HEAD_BYTES:
            self._refuse(Code.PAYLOAD_TOO_LARGE)
            # Ends the parser's work; what it does about that is in `send_400_response`.
            raise ValueError("the head is too long")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._arrived()
        super().on_message_complete()

    def shutdown(self) -> None:
        """Stop; what has no end of its own ends here."""
        super().shutdown()
        if self.scope is None:
            return
        state = self.scope.setdefault("state", {})
        state[STOPPING] = True
        if state.get(ENDLESS):
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the sentence is the catalogue's
        """Refuse what is no HTTP, unless it was refused already."""
        if not self.transport.is_closing():
            self._refuse(Code.VALIDATION_ERROR)

    def _refuse(self, code: Code) -> None:
        """Answer with a problem document and close."""
        request, status = secrets.token_hex(8), HTTPStatus(STATUS[code])
        body = msgspec.json.encode(document(Refusal(code), "en", request))
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {PROBLEM_TYPE}\r\n"
            f"content-length: {len(body)}\r\n{REQUEST_ID_HEADER.lower()}: {request}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()

    def _wait(self) -> None:
        self._arrived()
        self._overdue = asyncio.get_running_loop().call_later(self.patience_s, self._give_up)

    def _arrived(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _give_up(self) -> None:
        self.transport.close()


def _end_when_silent(transport: asyncio.Transport) -> None:
    """Let the kernel end a connection whose other end is gone without a word (half open).

    Where it cannot count milliseconds, its own keep-alive finds out later.
    """
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is None or connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MS)
