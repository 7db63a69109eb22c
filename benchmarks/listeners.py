"""A thousand followers in a process of their own, and the bare server that is their floor.

`python -m benchmarks.listeners follow URL COUNT` opens that many streams, says `open`, and then for
each event the moment (CLOCK_MONOTONIC) at which the last of them had it. `python -m
benchmarks.listeners serve` is a server that answers each connection with a head and, at every line on
its standard input, writes one event to all of them.
"""

import asyncio
import sys
import time
from urllib.parse import urlsplit

import uvloop

from benchmarks.campus import DEVICES

_OF_DEVICE = 5
_EVENT = b'id: x\nevent: capacity\ndata: {"sessions":["00000000-0000-4002-8000-000000000001"]}\n\n'
_CHUNK = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


class Follower(asyncio.Protocol):
    """One stream; counts its events in `board`."""

    def __init__(self, board: "Board", number: int, host: str) -> None:
        self._board, self._number, self._host = board, number, host
        self._opened = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        device = DEVICES - 1 - self._number // _OF_DEVICE
        request = (
            f"GET /api/v1/events HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Authorization: Bearer bench-{device}\r\n\r\n"
        )
        transport.write(request.encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Note the head, then every event."""
        if not self._opened:
            self._opened = True
            self._board.opened(data)
        for _ in range(data.count(b"event: capacity")):
            self._board.told()


class Board:
    """What all followers together have seen."""

    def __init__(self, count: int) -> None:
        self._count, self._open, self._told = count, 0, 0

    def opened(self, head: bytes) -> None:
        """Count one that is open."""
        assert head.startswith(b"HTTP/1.1 200"), head[:300]
        self._open += 1
        if self._open == self._count:
            print("open", flush=True)

    def told(self) -> None:
        """Count one that was told."""
        self._told += 1
        if self._told == self._count:
            self._told = 0
            print(time.monotonic(), flush=True)


async def follow(url: str, count: int) -> None:
    """Follow until standard input ends."""
    where, board, loop = urlsplit(url), Board(count), asyncio.get_running_loop()
    for number in range(count):
        await loop.create_connection(
            lambda n=number: Follower(board, n, where.netloc), where.hostname, where.port
        )
    await asyncio.to_thread(sys.stdin.read)


async def serve() -> None:
    """Serve the floor until standard input ends."""
    writers: list[asyncio.StreamWriter] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_HEAD)
        writers.append(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        for writer in writers:
            writer.write(_CHUNK)


if __name__ == "__main__":
    kind, *words = sys.argv[1:]
    uvloop.run(follow(words[0], int(words[1])) if kind == "follow" else serve())
