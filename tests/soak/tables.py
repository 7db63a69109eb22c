"""What people do and what goes wrong: two tables, from which a seed draws a timetable.

An operation or a fault is a name, a weight and a coroutine; add a line to have one more.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg

from tests.soak.kiosks import Kiosk
from tests.soak.world import World


@dataclass(frozen=True)
class Operation:
    """What somebody does at a kiosk; the draws are the operation's own."""

    name: str
    weight: int
    act: Callable[[World, Kiosk, random.Random], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """What goes wrong at the n-th line, kiosk or backend for so many seconds."""

    name: str
    weight: int
    act: Callable[[World, int, float], Awaitable[None]]


async def book(world: World, kiosk: Kiosk, draws: random.Random) -> None:
    await kiosk.book(draws.choice(world.people), draws.choice(world.sessions), draws)


async def tap_twice(world: World, kiosk: Kiosk, draws: random.Random) -> None:
    await kiosk.book(draws.choice(world.people), draws.choice(world.sessions), draws, taps=2)


async def cancel(world: World, kiosk: Kiosk, draws: random.Random) -> None:
    """Cancel any booking somebody was told of, wherever it was made."""
    held = sorted(set(world.ledger.owners) - world.ledger.cancelled)
    if held:
        ref = draws.choice(held)
        await kiosk.cancel(world.person(world.ledger.owners[ref]), ref)


async def withdraw(world: World, kiosk: Kiosk, draws: random.Random) -> None:
    """Cancel a request of this kiosk that was not answered yet."""
    open_ones = sorted(set(kiosk.mine) & world.ledger.saved - set(world.ledger.confirmed))
    if open_ones:
        ref = draws.choice(open_ones)
        await kiosk.cancel(kiosk.mine[ref][0], ref)


async def look_again(_world: World, kiosk: Kiosk, _draws: random.Random) -> None:
    await kiosk.sync()


async def book_soon(world: World, kiosk: Kiosk, draws: random.Random) -> None:
    """Book one of the sessions ahead, whose seats kiosks hold."""
    await kiosk.book(draws.choice(world.people), draws.choice(world.soon), draws)


async def staff_cancel(world: World, _kiosk: Kiosk, draws: random.Random) -> None:
    """Cancel any live booking at the desk, which gives its token back."""
    if live := world.rows("SELECT id::text FROM bookings WHERE is_active = 'Active' ORDER BY id"):
        (ref,) = draws.choice(live)
        world.ledger.asked_away.add(ref)
        await asyncio.to_thread(world.at_the_desk, draws.choice(world.backends), ref)


async def another_room(world: World, _kiosk: Kiosk, draws: random.Random) -> None:
    """Move a session to a smaller or larger room; nobody who has a seat loses it."""
    world.rows(
        "UPDATE mock_sessions SET capacity ="
        " greatest(%s, total_bookings + leased_seats + held_seats) WHERE id = %s",
        draws.randint(8, 16),
        draws.choice(world.soon),
    )


OPERATIONS = (
    Operation("book", 8, book),
    Operation("book soon", 6, book_soon),
    Operation("tap twice", 2, tap_twice),
    Operation("cancel", 4, cancel),
    Operation("withdraw", 2, withdraw),
    Operation("sync", 1, look_again),
    Operation("cancelled by staff", 1, staff_cancel),
    Operation("another room", 1, another_room),
)


def weather(name: str, weight: int, field: str, *, bad: object, fair: object) -> Fault:
    """Return a fault of a line: one field of its weather, for a while."""

    async def act(world: World, which: int, seconds: float) -> None:
        line = world.lines[which % len(world.lines)]
        line.also(**{field: bad})
        await asyncio.sleep(seconds)
        line.also(**{field: fair})

    return Fault(name, weight, act)


async def drop(world: World, which: int, _seconds: float) -> None:
    world.lines[which % len(world.lines)].drop_all()


async def kill_kiosk(world: World, which: int, seconds: float) -> None:
    kiosk = world.kiosks[which % len(world.kiosks)]
    async with world.hold(kiosk):
        kiosk.kill()
        await asyncio.sleep(seconds / 4)
        await kiosk.ready()


async def pause_kiosk(world: World, which: int, seconds: float) -> None:
    kiosk = world.kiosks[which % len(world.kiosks)]
    async with world.hold(kiosk):
        kiosk.pause()
        await asyncio.sleep(seconds)
        kiosk.resume()


async def kill_backend(world: World, which: int, seconds: float) -> None:
    backend = world.backends[which % len(world.backends)]
    async with world.hold(backend):
        await asyncio.to_thread(backend.kill)
        await asyncio.sleep(seconds / 2)
        await world.bring_up(backend)


async def pause_backend(world: World, which: int, seconds: float) -> None:
    backend = world.backends[which % len(world.backends)]
    async with world.hold(backend):
        backend.pause()
        await asyncio.sleep(seconds)
        backend.resume()


async def cut_database(world: World, _which: int, _seconds: float) -> None:
    def cut() -> None:
        with psycopg.connect(world.database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    await asyncio.to_thread(cut)


async def outage(world: World, which: int, seconds: float) -> None:
    """Nobody answers for long enough that a kiosk promises the seats it holds."""
    line = world.lines[which % len(world.lines)]
    line.also(refused=True)
    line.drop_all()
    await asyncio.sleep(5 + 2 * seconds)
    line.also(refused=False)


async def revoke_kiosk(world: World, which: int, seconds: float) -> None:
    """Take a kiosk's right away, and enrol it again under its old number."""
    number = which % len(world.kiosks)
    kiosk = world.kiosks[number]
    async with world.hold(kiosk):
        await world.revoke(number)
        await asyncio.sleep(seconds)
        kiosk.kill()
        kiosk.take_token(await world.enrol_again(number))
        await kiosk.ready()


async def call_off(world: World, which: int, _seconds: float) -> None:
    """Call off a session that people may hold promises for; one of them at most."""
    world.rows(
        "UPDATE mock_sessions SET is_active = false WHERE id = %s AND NOT EXISTS"
        " (SELECT 1 FROM mock_sessions WHERE NOT is_active)",
        world.soon[which % len(world.soon)],
    )


FAULTS = (
    weather("delay", 3, "delay", bad=0.3, fair=0.0),
    weather("narrow", 1, "rate", bad=20_000.0, fair=None),
    weather("up lost", 3, "up", bad="lost", fair="open"),
    weather("down lost", 3, "down", bad="lost", fair="open"),
    weather("up held", 2, "up", bad="held", fair="open"),
    weather("down held", 2, "down", bad="held", fair="open"),
    weather("cut up", 2, "cut_up", bad=3_000, fair=None),
    weather("cut down", 2, "cut_down", bad=6_000, fair=None),
    weather("half-open", 2, "deaf", bad=True, fair=False),
    weather("refused", 2, "refused", bad=True, fair=False),
    weather("doubled", 3, "doubled", bad=True, fair=False),
    Fault("outage", 4, outage),
    Fault("dropped", 2, drop),
    Fault("kiosk killed", 4, kill_kiosk),
    Fault("kiosk paused", 2, pause_kiosk),
    Fault("backend killed", 2, kill_backend),
    Fault("backend paused", 2, pause_backend),
    Fault("database cut", 1, cut_database),
    Fault("kiosk revoked", 1, revoke_kiosk),
    Fault("called off", 1, call_off),
)


@dataclass(frozen=True)
class Moment:
    """One fault of the timetable."""

    at: float
    fault: Fault
    which: int
    seconds: float


def timetable(seed: int, seconds: float, every: float = 0.7) -> list[Moment]:
    """Return the faults of a run; the same for the same seed and length."""
    draws, moments, at = random.Random(f"faults/{seed}"), [], 0.0
    weights = [one.weight for one in FAULTS]
    while (at := at + draws.expovariate(1 / every)) < seconds:
        (fault,) = draws.choices(FAULTS, weights)
        moments.append(Moment(at, fault, draws.randrange(1000), draws.uniform(0.3, 5.0)))
    return moments


def errands(seed: int, kiosk: int) -> "Errands":
    """Return what people do at one kiosk, one after the other, without end."""
    return Errands(random.Random(f"errands/{seed}/{kiosk}"))


class Errands:
    """An endless list of operations with the draws of each."""

    def __init__(self, draws: random.Random) -> None:
        self._draws = draws

    def next(self) -> tuple[Operation, random.Random]:
        (operation,) = self._draws.choices(OPERATIONS, [one.weight for one in OPERATIONS])
        return operation, random.Random(self._draws.getrandbits(64))

    def pause(self) -> float:
        """Return seconds until the next person comes."""
        return self._draws.uniform(0.0, 0.8)
