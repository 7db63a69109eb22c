"""A small booking server of another make: it speaks the documented protocol and nothing of ours.

Written from the contract alone, with the standard library's HTTP server, so that it proves what we
say on the wire and can misbehave on request: `fail` queues a fault for the next matching calls.
`floor=True` offers only the documented endpoints (no capabilities, visits, feed or snapshot).
"""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import msgspec

from kiosk_app.contract.sessions import SessionFacts
from tests.helpers.peer_answers import TOKENS, Answers, RefusedError
from tests.helpers.peer_leases import Lending


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: dict


@dataclass
class Fault:
    part: str
    act: Callable[["Handler", int, bytes], None]
    before: bool
    times: int
    fits: Callable[[dict], bool] = lambda _body: True


@dataclass
class Peer:
    floor: bool = False
    device_token: str = "device-token"
    codes: set[str] = field(default_factory=lambda: {"CODE-1234"})
    sessions: dict[str, SessionFacts] = field(default_factory=dict)
    students: dict[str, dict] = field(default_factory=dict)
    bookings: dict[str, dict] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    feed: list[str] = field(default_factory=list)
    epoch: str = "one"
    oldest: int = 0
    lending: Lending | None = None
    """With one, the peer lends seats to devices."""
    visits: dict[str, str] = field(default_factory=dict)
    features: list[str] = field(default_factory=lambda: ["changes", "visits"])
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    port: int = 0

    def __post_init__(self):
        self.lock = threading.RLock()
        self.came = threading.Condition(self.lock)
        self._server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        peer = self

        class Bound(Handler):
            pass

        Bound.peer = peer
        self._server = Server(("127.0.0.1", self.port), Bound)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def stop(self):
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.end_all()
        server.server_close()
        self._thread.join()

    def add_session(self, facts):
        with self.lock:
            self.sessions[facts.session_id] = facts
            self.feed.append(facts.session_id)
        return facts

    def drop_session(self, session_id):
        with self.lock:
            del self.sessions[session_id]
            self.feed.append(session_id)

    def add_student(
        self, student_id="QX4417", email="ana.sol@example.org", name="Ana Sol", **money
    ):
        balances = dict.fromkeys([*TOKENS.values(), "shared_mock_credits"], 0) | money
        self.students[student_id] = {
            "id": str(uuid4()),
            "student_id": student_id,
            "email": email,
            "name": name,
            "balances": balances,
        }

    def taken(self, facts):
        return facts.total_bookings + len(self.live(facts.session_id))

    def live(self, session_id=None):
        return [
            b
            for b in self.bookings.values()
            if b["state"] == "Active" and session_id in {None, b["session"].session_id}
        ]

    def calls(self, part):
        with self.lock:
            return [seen for seen in self.seen if part in seen.path]

    def wait_for(self, part, count=1, timeout=60):
        with self.came:
            assert self.came.wait_for(lambda: len(self.calls(part)) >= count, timeout), part

    def fail(self, part, act, *, before=False, times=1):
        """Let the next calls whose path holds `part` go wrong; by default after their effect."""
        with self.lock:
            self.faults.append(Fault(part, act, before, times))

    def fail_body(self, part, fits, act):
        """Let every call whose body fits go wrong before it has an effect."""
        with self.lock:
            self.faults.append(Fault(part, act, before=True, times=10**9, fits=fits))

    def take_fault(self, path, body, *, before):
        with self.lock:
            for fault in self.faults:
                wanted = fault.part in path and fault.before is before and fault.fits(body)
                if wanted and fault.times:
                    fault.times -= 1
                    return fault.act
        return None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args):
        self._open = set()
        super().__init__(*args)

    def get_request(self):
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request):
        self._open.discard(request)
        super().shutdown_request(request)

    def end_all(self):
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        """A client that went away is what many tests are about."""


class Handler(Answers, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    peer: Peer

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._serve({})

    def do_DELETE(self):
        self._serve({})

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self._serve(json.loads(self.rfile.read(length) or b"{}"))

    def _serve(self, body):
        peer = self.peer
        with peer.came:
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.seen.append(Seen(self.command, self.path, headers, body))
            peer.came.notify_all()
        if act := peer.take_fault(self.path, body, before=True):
            act(self, 0, b"")
            return
        extra = {}
        try:
            with peer.lock:
                status, answer = self._answer(body)
        except RefusedError as no:
            status, extra = no.status, no.headers
            answer = {"success": False, "error": "No.", "code": no.code}
        data = msgspec.json.encode(answer)
        if act := peer.take_fault(self.path, body, before=False):
            act(self, status, data)
            return
        self.reply(status, data, **extra)

    def reply(self, status, data, kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(data)
