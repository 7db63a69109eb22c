"""What happens to the other end while somebody stands at the kiosk; a booking is made once or not."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import psycopg
import pytest

from kiosk_app.app.enrolment import move_server
from kiosk_app.desktop.window import FAULT
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.events import LinkState

_PORTAL = b"<html><body>Welcome to Campus WiFi. Accept our terms.</body></html>"
_HOP = {"connection", "content-length", "date", "host", "server", "transfer-encoding"}


class Gate:
    """What stands between kiosk and backend: a page of its own, the backend, or lost answers.

    `way` says which: `portal`, `through`, or `deaf` (everything arrives, no answer to a write
    comes back).
    """

    def __init__(self, backend) -> None:
        self.way, self.backend = "through", backend
        self.lost = threading.Event()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                gate.pass_on(self)

            do_POST = do_GET  # noqa: N815 - the names of the base class

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        if self.way == "portal":
            self._answer(handler, 200, {"Content-Type": "text/html"}, _PORTAL)
            return
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in _HOP}
        answer = httpx.request(
            handler.command,
            self.backend.url + handler.path,
            headers=headers,
            content=body,
            timeout=300,
        )
        if self.way == "deaf" and "booking" in handler.path and handler.command == "POST":
            self.backend.kill()
            handler.close_connection = True
            self.lost.set()
            return
        back = {k: v for k, v in answer.headers.items() if k.lower() not in _HOP}
        self._answer(handler, answer.status_code, back, answer.content)

    @staticmethod
    def _answer(handler, status, headers, body) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-encoding":
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    @contextmanager
    def open(self):
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@pytest.fixture
def gate(backend):
    with Gate(backend).open() as gate:
        yield gate


@pytest.fixture
def behind_gate(open_booth, gate, profile, session):
    move_server(profile, gate.url)
    return lambda: open_booth(profile)


def test_an_address_of_something_else_closes_the_kiosk_until_it_is_right(
    behind_gate, gate, student, session
):
    gate.way = "portal"
    booth = behind_gate()
    booth.wait_fault("K-NET-2", "This kiosk is set to the wrong address.")
    gate.way = "through"
    booth.visit.sync_now()
    booth.arrive()
    booth.person.wait(lambda: booth.window.frame.page != FAULT, "the page of the fault to go")
    assert "wrong address" not in booth.window.frame.banner.text
    booth.sign_in(student)
    booth.book(session)
    assert student.held() == (1, 1)


def test_a_backend_that_dies_before_it_booked_books_once_when_it_returns(
    booth, backend, session, student
):
    booth.sign_in(student)
    sheet = booth.open_sheet(session)
    with psycopg.connect(backend.database) as holder:  # the backend waits for this row
        holder.execute("SELECT 1 FROM mock_sessions WHERE id = %s FOR UPDATE", (session,))
        booth.confirm(sheet)
        booth.person.wait(lambda: waits_for_row(backend.database), "the backend at work")
        backend.kill()
    returns_and_books_once(booth, sheet, session, student)


def test_a_backend_that_dies_after_it_booked_books_no_second_time(
    behind_gate, gate, session, student
):
    booth = behind_gate().arrive().sign_in(student)
    sheet = booth.open_sheet(session)
    gate.way = "deaf"
    booth.confirm(sheet)
    booth.person.wait(gate.lost.is_set, "the answer to be lost")
    assert student.held() == (1, 1)
    gate.way = "through"
    returns_and_books_once(booth, sheet, session, student)


def returns_and_books_once(booth, sheet, session, student) -> None:
    booth.steps._gone(sheet)
    booth.wait_standing(session, Standing.UNKNOWN)  # it may have been booked: nobody knows (R5)
    page = booth.window.confirmation
    booth.person.wait(lambda: bool(page.card.text()), "the pass of a request")
    assert page.card.text().code_label == "Request number"
    assert "booked" not in page.title.text()
    booth.visit.sync_now()
    booth.wait_link(LinkState.OFFLINE)
    booth.wait_banner("Offline")
    booth.backend.start()
    booth.visit.sync_now()
    booth.wait_link(LinkState.ONLINE)
    booth.wait_standing(session, Standing.CONFIRMED)
    assert student.held() == (1, 1)
    (request,) = booth.station.queue.all()
    assert request.attempts >= 2


def waits_for_row(database: str) -> bool:
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database())"
        ).fetchone()[0]


def test_a_kiosk_that_nobody_enrolled_says_so(open_booth, tmp_path):
    booth = open_booth(tmp_path / "new")
    booth.wait_fault("K-DEV-1", "This kiosk is not set up yet.")
    assert "kiosk enrol" in booth.window.fault.staff.text()
