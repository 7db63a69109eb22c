"""Everything a soak run consists of: one database, two backends, lossy lines, kiosks, students."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx

from kiosk_app.backend.core.devices import enrol, issue_code, revoke
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database, UnavailableError
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    PASSWORD,
    Api,
    add_device,
    add_session,
    add_student,
    add_user,
    far_day,
    query,
)
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.lossy_line import LossyLine
from tests.helpers.postgres import Postgres
from tests.soak.kiosks import CommandKiosk, EngineKiosk, Kiosk, Ledger, Person, enrolled

T = TypeVar("T")
TOKENS = 4
STAFF = "desk@example.org"
PEOPLE = 12
SESSIONS = 6
SOON = 4
"""Sessions of the next days, large enough that kiosks are lent seats of them."""
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
        self.soon = [
            add_session(database, day=far_day(3 + n), capacity=draws.randint(10, 14))
            for n in range(SOON)
        ]
        self.sessions += self.soon
        add_user(database, Role.ADMIN, STAFF)
        self._desk = add_device(database, "desk", "desk")
        program = ("tests.soak.backend_process",)
        self.backends = [
            ProcessBackend(database, folder / f"backend-{n}.log", program) for n in range(BACKENDS)
        ]
        self.lines: list[LossyLine] = []
        self.kiosks: list[Kiosk] = []
        self.devices: list[UUID] = []
        self._holds: defaultdict[object, asyncio.Lock] = defaultdict(asyncio.Lock)

    def hold(self, thing: Kiosk | ProcessBackend) -> asyncio.Lock:
        """Return what keeps two faults from killing and starting the same process at once."""
        return self._holds[thing]

    def person(self, number: str) -> Person:
        return next(one for one in self.people if one.number == number)

    def rows(self, statement: str, *values: object) -> list[tuple]:
        """Ask the database itself, or change it as staff do."""
        return query(self.database, statement, *values)

    def at_the_desk(self, backend: ProcessBackend, ref: str) -> None:
        """Let staff cancel a booking, if they get through."""
        words = {"email": STAFF, "password": PASSWORD}
        with suppress(httpx.HTTPError), Api(backend.url, self._desk) as desk:
            answer = desk.http.post("/staff/sign-in", json=words)
            if answer.is_success:
                token = answer.json()["access_token"]
                with Api(backend.url, self._desk, staff=token) as staff:
                    staff.cancel(ref)

    async def revoke(self, number: int) -> None:
        await self._administrate(lambda core: revoke(core, self.devices[number]))

    async def enrol_again(self, number: int) -> str:
        """Give a device a new token under its old number, and return it."""

        async def again(core: Core) -> str:
            name = f"kiosk-{number}"
            issued = await issue_code(core, name, "kiosk", None, device=self.devices[number])
            return (await enrol(core, issued.code)).device_token

        return await self._administrate(again)

    async def _administrate(self, act: Callable[[Core], Awaitable[T]]) -> T:
        """Do something with a connection of our own, anew when the database cuts that one too."""
        for _ in range(20):
            with suppress(UnavailableError):
                async with Database(self.database, size=1) as db:
                    return await act(Core(db=db, shelf=Shelf()))
        raise RuntimeError("the database was cut at every try")

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
        name = f"kiosk-{number}"
        token = add_device(self.database, name)
        ((device,),) = self.rows("SELECT id FROM devices WHERE name = %s", name)
        self.devices.append(device)
        folder = enrolled(self.folder / name, line.url, token)
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
