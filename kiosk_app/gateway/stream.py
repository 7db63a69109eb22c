"""Server-sent events as they come off the wire, in pieces of any size (K20).

Only id and name of an event are read: it is a hint to pull, and what changed is asked for.
"""

from collections.abc import Iterator

from msgspec import Struct

MOST_BYTES = 256 * 1024
"""A line, or an event, longer than this is nobody's of ours."""


class Hint(Struct, frozen=True):
    """Something happened; `topic` is empty where the server only says where the stream stands."""

    topic: str
    id: str


class NotAStreamError(ValueError):
    """What comes is no stream of events."""


class Events:
    """Takes bytes, gives hints."""

    def __init__(self) -> None:
        self._rest = b""
        self._topic = self._id = ""
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[Hint]:
        """Yield the events that this piece completes.

        Raises:
            NotAStreamError: a line or an event has no end.
        """
        lines = (self._rest + piece).replace(b"\r\n", b"\n").split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._size += len(line)
            if not line:
                if self._topic or self._id:
                    yield Hint(self._topic, self._id)
                self._topic = self._id = ""
                self._size = 0
                continue
            name, _, value = line.partition(b":")
            text = value.removeprefix(b" ").decode("utf-8", "replace")
            if name == b"event":
                self._topic = text
            elif name == b"id" and "\0" not in text:
                self._id = text
        if self._size + len(self._rest) > MOST_BYTES:
            raise NotAStreamError("an event without an end")
