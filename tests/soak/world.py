"""Everything a soak run consists of: one database, two backends, lossy lines, kiosks, students."""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

from tests.helpers.backend import (
    Postgres,
    ProcessBackend,
    add_device,
    add_session,
    add_student,
    far_day,
)
from tests.helpers.lossy_line import LossyLine
from tests.soak.kiosks import CommandKiosk, EngineKiosk, Kiosk, Ledger, Person, enrolled

TOKENS = 4
PEOPLE = 12
SESSIONS = 8
BACKENDS = 2


class World:
    """Made by `open_world`; what operations and faults act upon."""

    def __init__(self, folder: Path, seed: int, database: str) -> None:
        self.folder, self.seed, self.database = folder, seed, database
        self.ledger = Ledger()
        draws = random.Random(f"world/{seed}")
        self.people = [
            Person(f"S{n:03}", f"s{n:03}@example.org", f"Student {n:03}") for n in range(PEOPLE)
        ]
        for person in self.people:
            add_student(
                database, person.number, email=person.email, name=person.name, discussion=TOKENS
            )
        self.sessions = [
            add_session(database, day=far_day(30 + n), capacity=draws.randint(2, 6))
            for n in range(SESSIONS)
        ]
        program = ("tests.soak.backend_process",)
        self.backends = [
            ProcessBackend(database, folder / f"backend-{n}.log", program) for n in range(BACKENDS)
        ]
        self.lines: list[LossyLine] = []
        self.kiosks: list[Kiosk] = []
        self._holds: defaultdict[object, asyncio.Lock] = defaultdict(asyncio.Lock)

    def hold(self, thing: Kiosk | ProcessBackend) -> asyncio.Lock:
        """Return what keeps two faults from killing and starting the same process at once."""
        return self._holds[thing]

    def person(self, number: str) -> Person:
        return next(one for one in self.people if one.number == number)

    async def start_backends(self) -> None:
        await asyncio.gather(*(self.bring_up(one) for one in self.backends))

    async def bring_up(self, backend: ProcessBackend) -> None:
        """Start it, again and again as a supervisor does: it ends when its database is cut."""
        for _ in range(20):
            try:
                await asyncio.to_thread(backend.start)
            except AssertionError:
                await asyncio.to_thread(backend.kill)
            else:
                return
        raise RuntimeError(f"{backend.url} never started")

    async def add_kiosk(self, stack: AsyncExitStack, *, commands: bool = False) -> None:
        """Add a kiosk behind a line of its own."""
        number = len(self.kiosks)
        ports = [int(one.url.rsplit(":", 1)[1]) for one in self.backends]
        line = stack.enter_context(LossyLine(*ports, seed=self.seed * 100 + number))
        token = add_device(self.database, f"kiosk-{number}")
        folder = enrolled(self.folder / f"kiosk-{number}", line.url, token)
        kiosk = (CommandKiosk if commands else EngineKiosk)(folder, self.ledger)
        self.lines.append(line)
        self.kiosks.append(kiosk)
        await kiosk.ready()

    async def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.resume()
            kiosk.kill()
            await kiosk.end()
        for backend in self.backends:
            await asyncio.to_thread(backend.kill)


async def open_world(
    stack: AsyncExitStack, folder: Path, seed: int, kiosks: int, database: str | None = None
) -> World:
    """Start everything; the stack ends it again."""
    if database is None:
        postgres = Postgres()
        stack.callback(postgres.stop)
        await asyncio.to_thread(postgres.start)
        database = postgres.emptied()
    world = World(folder, seed, database)
    stack.push_async_callback(world.close)
    await world.start_backends()
    for number in range(kiosks):
        await world.add_kiosk(stack, commands=number == kiosks - 1)
    return world
