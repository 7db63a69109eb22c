"""A TCP line between kiosk and server that a test can make bad, and good again, while it runs.

Bytes pass untouched unless the weather says otherwise. What is drawn (delays, where a connection
breaks) comes from the seed and the number of the connection, so that a run can be repeated.

    with LossyLine(port, seed=7) as line:
        line.change(down="lost")        # the server hears, nobody hears the server
        line.change()                   # fair weather again

It lives on a thread of its own: commands that bring their own asyncio loop may run beside it.
"""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

Way = Literal["open", "held", "lost"]
"""`held` waits until the way is open again, as TCP does; `lost` is gone for this connection."""
PIECE = 16_384


@dataclass(frozen=True)
class Weather:
    """What happens to connections; the default is nothing."""

    up: Way = "open"
    """From kiosk to server."""
    down: Way = "open"
    delay: float = 0.0
    """Seconds before each piece, drawn evenly up to it."""
    rate: float | None = None
    """Bytes a second, each way."""
    cut_up: int | None = None
    """The connection breaks after 1 to so many bytes from the kiosk."""
    cut_down: int | None = None
    deaf: bool = False
    """Half-open: connections are taken, and nothing else ever happens on them, not even an end."""
    refused: bool = False
    doubled: bool = False
    """Every whole request is delivered twice, at once, on two connections."""


FAIR = Weather()


class LossyLine:
    """Listens on a port of its own and passes on to one of the servers, in turn.

    Args:
        ports: of the server behind it, or of several that share the load.
        seed: of everything drawn.
    """

    def __init__(self, *ports: int, seed: int = 0) -> None:
        self.ports, self.weather = list(ports), FAIR
        self.made = 0
        """Connections so far."""
        self._seed = seed
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()
        self._thread = threading.Thread(target=self._run, name="lossy-line", daemon=True)
        self._up, self._held = threading.Event(), threading.Event()
        self._mark = b""
        self._counted: tuple[bytes, ...] = ()
        self._asking: set[int] = set()
        self.most_at_once = 0
        """Counted requests that waited for their answers together, at their most."""
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, *_fault):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def change(self, **weather: object) -> None:
        """Let this weather, and no other, rule from now on."""
        self._set(Weather(**weather))

    def also(self, **weather: object) -> None:
        """Add to the weather."""
        self._set(replace(self.weather, **weather))

    def drop_all(self) -> None:
        """Break every connection there is."""
        self._loop.call_soon_threadsafe(self._drop)

    def hold_answers_to(self, mark: bytes) -> None:
        """Hold every answer from the moment a request that contains the mark goes by."""
        self._mark = mark

    def wait_held(self, patience: float = 60) -> None:
        """Return once an answer is held."""
        assert self._held.wait(patience), "no answer was held"

    def count(self, *marks: bytes) -> None:
        """Count how many requests with one of the marks wait for their answers at once.

        Counted as the kiosk sees it: one ends when its answer begins or its connection is gone.
        A server goes on for a while with what was cut.
        """
        self._counted = marks

    def noticed(self, number: int, way: str, piece: bytes) -> None:
        """Look at what goes by on a connection."""
        if way == "up" and any(mark in piece for mark in self._counted):
            self._asking.add(number)
            self.most_at_once = max(self.most_at_once, len(self._asking))
        if way == "up" and self._mark and self._mark in piece:
            self.also(down="held")
        if way == "down" and self.weather.down == "held":
            self._held.set()

    def ended(self, number: int) -> None:
        """Note that nobody waits for an answer on this connection any more."""
        self._asking.discard(number)

    def _set(self, weather: Weather) -> None:
        self.weather = weather

        def tell() -> None:
            self._changed.set()
            self._changed = asyncio.Event()

        self._loop.call_soon_threadsafe(tell)

    def _drop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        door = self._loop.run_until_complete(asyncio.start_server(self._met, "127.0.0.1", 0))
        self.port = door.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        door.close()
        self._drop()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.made += 1
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await Connection(self, self.made, reader, writer).carry()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    def draws(self, number: int) -> random.Random:
        return random.Random(f"{self._seed}/{number}")  # text, so that no two add up alike

    async def until(self, holds: Callable[[Weather], bool]) -> None:
        """Return once the weather is so."""
        while not holds(self.weather):
            await self._changed.wait()


class Connection:
    """One connection of a kiosk, and its other half at a server."""

    def __init__(
        self,
        line: LossyLine,
        number: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._line, self._number, self._near = line, number, (reader, writer)
        self._draws = line.draws(number)
        self._port = line.ports[number % len(line.ports)]
        self._dead: set[str] = set()
        self._passed = {"up": 0, "down": 0}
        self._breaks = {
            way: self._draws.random() for way in ("up", "down")
        }  # a share of the most that may pass
        self._twice = Twice(self._port)

    async def carry(self) -> None:
        if self._line.weather.refused:
            return
        # Deaf also to connections that are there already: nothing, not even their end, passes.
        await self._line.until(lambda weather: not weather.deaf)
        far = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await _all_or_none(
                self._pump("up", self._near[0], far[1]), self._pump("down", far[0], self._near[1])
            )
        finally:
            self._line.ended(self._number)
            far[1].transport.abort()
            self._twice.end()

    async def _pump(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(PIECE):
            self._line.noticed(self._number, way, piece)
            weather = self._line.weather
            if weather.delay:
                await asyncio.sleep(self._draws.random() * weather.delay)
            if weather.rate:
                await asyncio.sleep(len(piece) / weather.rate)
            await self._line.until(lambda w: not w.deaf and getattr(w, way) != "held")
            if getattr(self._line.weather, way) == "lost":
                self._dead.add(way)
            if way in self._dead:
                continue
            kept = self._until_the_break(way, piece)
            if kept:
                if way == "down":
                    self._line.ended(self._number)
                writer.write(kept)
                await writer.drain()
            if len(kept) < len(piece):
                raise ConnectionResetError
            if way == "up" and self._line.weather.doubled:
                await self._twice.deliver(piece)
        self._line.ended(self._number)
        if way in self._dead:
            await self._line.until(lambda _: False)  # its end is lost as well
        await self._line.until(lambda w: not w.deaf and getattr(w, way) != "held")
        with suppress(OSError, RuntimeError):
            writer.write_eof()

    def _until_the_break(self, way: str, piece: bytes) -> bytes:
        """Return what of a piece still passes before the connection breaks."""
        most = getattr(self._line.weather, f"cut_{way}")
        if most is None:
            self._passed[way] += len(piece)
            return piece
        left = 1 + int(self._breaks[way] * most) - self._passed[way]
        self._passed[way] += len(piece)
        return piece[: max(0, left)]


class Twice:
    """Collects whole requests and delivers them a second time; nobody reads the second answer."""

    def __init__(self, port: int) -> None:
        self._port, self._held = port, b""
        self._writers: list[asyncio.StreamWriter] = []

    async def deliver(self, piece: bytes) -> None:
        self._held += piece
        while (size := _request_size(self._held)) and len(self._held) >= size:
            request, self._held = self._held[:size], self._held[size:]
            _reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers.append(writer)
            writer.write(request)

    def end(self) -> None:
        for writer in self._writers:
            writer.close()


def _request_size(held: bytes) -> int | None:
    """Return how long the request is that begins here, or None while its head is not whole."""
    head, found, _body = held.partition(b"\r\n\r\n")
    if not found:
        return None
    for header in head.split(b"\r\n")[1:]:
        name, _, value = header.partition(b":")
        if name.strip().lower() == b"content-length":
            return len(head) + 4 + int(value)
    return len(head) + 4


async def _all_or_none(*works: Coroutine[object, object, None]) -> None:
    """Run both ways of a connection; a fault of one ends the other."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
