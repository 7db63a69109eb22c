"""A backend to be ill-treated, and what it may answer then."""

import json
import logging
import re
import socket
from contextlib import contextmanager

from kiosk_app.contract.problems import STATUS, Code
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
)

LEAKS = re.compile(
    r"Traceback|File \"|psycopg|SELECT |INSERT |site-packages|RecursionError", re.IGNORECASE
)


class Target:
    """A running backend, an enrolled device and a visitor."""

    def __init__(self, backend, faults):
        self.faults, self.port = faults, int(backend.url.rsplit(":", 1)[1])
        self.contact = add_student(backend.database, discussion=9, cs=9)
        self.session = add_session(backend.database)
        self.exam = add_session(backend.database, mock_type="Clinical Skills")
        self.api = Api(backend.url, add_device(backend.database))
        self.visitor = self.api.as_visitor()

    def head(self, line, *headers):
        """Return the head of a request as bytes, with the device's token."""
        common = (b"Host: kiosk", f"Authorization: Bearer {self.api.token}".encode())
        return b"\r\n".join([line + b" HTTP/1.1", *common, *headers]) + b"\r\n\r\n"

    @contextmanager
    def line(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            yield line

    def exchange(self, *pieces):
        """Send the pieces, then read until the server closes; an early close is an answer too."""
        told = b""
        with self.line() as line:
            try:
                for piece in pieces:
                    line.sendall(piece)
                while more := line.recv(65536):
                    told += more
            except (ConnectionResetError, BrokenPipeError):
                pass
        return told


class Faults(logging.Handler):
    """Keeps what the server's log says of faults."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.seen = []

    def emit(self, record):
        if record.levelno >= logging.ERROR or getattr(record, "status", 0) >= 500:
            self.seen.append(str(vars(record)))


def refused(answer, *statuses):
    """Check that an httpx answer is a problem document that gives nothing away."""
    assert 400 <= answer.status_code < 500, answer.text
    assert not statuses or answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["success"], body["status"]) == (False, answer.status_code)
    assert STATUS[Code(body["code"])] == answer.status_code
    assert not LEAKS.search(answer.text)
    return body["code"]


def refused_raw(told, *statuses):
    """Check the same of bytes; an empty answer is a closed door."""
    if not told:
        return
    head, _, body = told.rpartition(b"\r\n\r\n")
    assert b"application/problem+json" in head, told
    problem = json.loads(body)
    assert problem["status"] in (statuses or range(400, 500)), problem
    assert not LEAKS.search(body.decode())
