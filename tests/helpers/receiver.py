"""A program of the operator's that takes events of bookings: real HTTP on loopback."""

import json
import threading
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "a secret of thirty-two characters."


class Receiver:
    """What came, and what is answered: statuses in turn, then 204."""

    def __init__(self):
        self.took, self.refused = [], []
        self.answers = deque()
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._heard(dict(self.headers), raw)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words):
                """Say nothing on standard error."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def _heard(self, headers, raw):
        with self._lock:
            status = self.answers.popleft() if self.answers else 204
            (self.took if status < 300 else self.refused).append((headers, raw))
        return status

    @property
    def bodies(self):
        return [json.loads(raw) for _, raw in self.took]


@contextmanager
def receiving():
    one = Receiver()
    thread = threading.Thread(target=one.server.serve_forever)
    thread.start()
    try:
        yield one
    finally:
        one.server.shutdown()
        thread.join()
        one.server.server_close()
