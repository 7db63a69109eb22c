"""A client of server-sent events that shares no line with ours: the wire, event by event."""

import json
from dataclasses import dataclass

import httpx

from tests.helpers.backend import Api, add_session


@dataclass(frozen=True)
class SseEvent:
    name: str
    id: str
    data: object


class SseStream:
    """One open stream of a device; `next` waits for an event, a beat counts and is passed over."""

    def __init__(self, api: Api, path: str = "/events", last: str | None = None) -> None:
        headers = {"Last-Event-ID": last} if last else {}
        self._http = api.http
        self._opened = self._http.stream("GET", path, headers=headers)
        self.answer: httpx.Response = self._opened.__enter__()
        self._lines = self.answer.iter_lines()
        self.beats = 0
        self.id = last or ""
        if self.answer.status_code == 200:
            retry, *here = self._block()
            assert retry.startswith("retry: ")
            assert bool(here) is not bool(last), "who has a cursor keeps it until it is caught up"
            self.id = here[0].removeprefix("id: ") if here else self.id

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self.close()

    def close(self) -> None:
        self._opened.__exit__(None, None, None)

    def next(self) -> SseEvent:
        """Return the next event; StopIteration when the stream has ended."""
        while True:
            block = self._block()
            fields = dict(line.split(": ", 1) for line in block if not line.startswith(":"))
            if fields:
                self.id = fields["id"]
                return SseEvent(fields["event"], fields["id"], json.loads(fields["data"]))
            self.beats += 1

    def ended(self) -> bool:
        """Read until the end of the stream; a connection that is closed in its middle is one."""
        try:
            while True:
                self._block()
        except (StopIteration, httpx.TransportError):
            return True

    def _block(self) -> list[str]:
        block = []
        while line := next(self._lines):
            block.append(line)
        return block


def settle(url: str, *streams: SseStream) -> None:
    """Return when everything that was committed so far has been told to these streams."""
    marker = add_session(url)
    for stream in streams:
        while marker not in str(stream.next().data):
            pass
