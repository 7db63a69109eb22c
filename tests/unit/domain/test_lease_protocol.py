"""Every interleaving of the lease protocol on one seat and two kiosks, and each rule's necessity.

No rule of a slot asks for another slot, so one seat stands for all of them. A state is what the server knows of each slot, what each kiosk's file says, which messages are on the
way (each may be lost, late or delivered twice) and which promises people hold. Without one of the
rules somebody is promised a seat that another one has: `MUTANTS` names the rule that is broken.

server  owner of each slot: POOL, SOLD or a (kiosk, generation); highest generation of each slot
file    of each kiosk: frozenset of (slot, generation, state), state in FREE USED RETURNING FROZEN
wire    frozenset of ("grant" | "used" | "returned", kiosk, slot, generation)
held    frozenset of (slot, who): promises, on paper, in a memory or in the books
"""

from collections import deque
from collections.abc import Iterator

import pytest
from msgspec import Struct
from msgspec.structs import replace

SLOTS, KIOSKS, LAST_GENERATION = (0,), (0, 1), 3
POOL, SOLD = "pool", "sold"
FREE, USED, RETURNING, FROZEN = "free", "used", "returning", "frozen"
File = frozenset[tuple[int, int, str]]


class World(Struct, frozen=True):
    owner: tuple = (POOL,) * len(SLOTS)
    newest: tuple[int, ...] = (0,) * len(SLOTS)
    files: tuple[File, ...] = (frozenset(),) * len(KIOSKS)
    wire: frozenset = frozenset()
    held: frozenset = frozenset()
    grace: bool = False
    faults: int = 0
    """Restores, attestations and freezes so far: one of them in each history."""


def put(items, index, value):
    return (*items[:index], value, *items[index + 1 :])


def has(world, kiosk, slot, generation):
    return next((s for n, g, s in world.files[kiosk] if (n, g) == (slot, generation)), None)


def write(world, kiosk, slot, generation, state):
    rest = {one for one in world.files[kiosk] if one[:2] != (slot, generation)}
    file = frozenset({*rest, (slot, generation, state)})
    return replace(world, files=put(world.files, kiosk, file))


def say(world, what, kiosk, slot, generation):
    return replace(world, wire=world.wire | {(what, kiosk, slot, generation)})


def promise(world, slot, who):
    return replace(world, held=world.held | {(slot, who)})


def own(world, slot, owner):
    return replace(world, owner=put(world.owner, slot, owner))


def server_steps(world: World, broken: str) -> Iterator[World]:
    for slot in SLOTS:
        owner = world.owner[slot]
        if owner == POOL and not world.grace:
            yield promise(own(world, slot, SOLD), slot, "online")
            generation = world.newest[slot] + (0 if broken == "a generation is used again" else 1)
            generation = max(1, generation)
            if world.newest[slot] < LAST_GENERATION or broken == "a generation is used again":
                for kiosk in KIOSKS:
                    given = own(world, slot, (kiosk, generation))
                    given = replace(given, newest=put(world.newest, slot, generation))
                    yield say(given, "grant", kiosk, slot, generation)
        if not isinstance(owner, tuple):
            continue
        kiosk, generation = owner
        state = has(world, kiosk, slot, generation)
        if broken == "time gives a seat back":
            yield own(world, slot, POOL)
        on_its_way = ("grant", kiosk, slot, generation) in world.wire
        if broken == "a perfect clock gives a seat back" and state != FREE and not on_its_way:
            yield own(world, slot, POOL)
        if broken == "the server forgets and has no grace" and not world.faults:
            yield replace(own(world, slot, POOL), faults=1)
        if not world.faults:
            # A person says from the printed journal which seats were used, once the device is dead.
            dead = replace(world, files=put(world.files, kiosk, frozenset()), faults=1)
            dead = replace(dead, wire=frozenset(m for m in dead.wire if m[1] != kiosk))
            printed = broken != "attested without the journal"
            used = printed and any(n == slot and w == (kiosk, generation) for n, w in world.held)
            yield own(dead, slot, SOLD if used else POOL)
    if not world.faults:
        yield from restored(world)
    if world.grace:
        yield from represented(world)


def restored(world: World) -> Iterator[World]:
    """A backup returns that knows of no lease; bookings are on paper and in the books again."""
    old = tuple(POOL if isinstance(owner, tuple) else owner for owner in world.owner)
    if old != world.owner:
        yield replace(world, owner=old, grace=True, faults=1)


def represented(world: World) -> Iterator[World]:
    """Every kiosk has shown what it holds; what is used or free is its own again."""
    found = world
    for kiosk in KIOSKS:
        for slot, generation, state in world.files[kiosk]:
            if state != RETURNING and found.owner[slot] == POOL:
                found = own(found, slot, (kiosk, generation))
                found = replace(
                    found, newest=put(found.newest, slot, max(found.newest[slot], generation))
                )
    # Messages of the time before name another epoch, and count for nothing.
    yield replace(found, grace=False, wire=frozenset())


def delivered(world: World, broken: str) -> Iterator[World]:
    for message in world.wire:
        what, kiosk, slot, generation = message
        yield replace(world, wire=world.wire - {message})
        mine = world.owner[slot] == (kiosk, generation)
        if what == "grant":
            absent = has(world, kiosk, slot, generation) is None
            if absent or broken == "a repeated grant overwrites":
                yield write(world, kiosk, slot, generation, FREE)
        elif what == "used" and mine:
            yield own(world, slot, SOLD)
        elif what == "returned":
            somebody = isinstance(world.owner[slot], tuple)
            if mine or (somebody and broken == "a return names no generation"):
                yield own(world, slot, POOL)


def kiosk_steps(world: World, broken: str) -> Iterator[World]:
    for kiosk in KIOSKS:
        for slot, generation, state in world.files[kiosk]:
            right = (kiosk, slot, generation)
            who = (kiosk, generation)
            if state == FREE:
                confirmed = promise(write(world, *right, USED), slot, who)
                yield confirmed
                if broken == "shown before it is on disk":
                    yield promise(world, slot, who)
                yield write(world, *right, RETURNING)
                if not world.faults:
                    yield replace(write(world, *right, FROZEN), faults=1)
            elif state == USED:
                yield say(world, "used", *right)
                if broken == "a rolled-back file is believed":
                    yield write(world, *right, FREE)
                if broken == "a used slot is returned":
                    yield write(world, *right, RETURNING)
            elif state == RETURNING:
                yield say(world, "returned", *right)
                yield from forgotten(world, *right)
                if broken == "a return that times out is taken back":
                    yield write(world, *right, FREE)
            elif broken == "a frozen slot returns and is used":
                yield say(promise(world, slot, who), "returned", *right)
            else:
                # Frozen until the server has spoken: it is the kiosk's still, or it is gone.
                mine = world.owner[slot] == who
                yield write(world, *right, FREE if mine else RETURNING)


def forgotten(world: World, kiosk: int, slot: int, generation: int) -> Iterator[World]:
    """A returned right that is settled, and that no grant still under way could bring back."""
    settled = world.owner[slot] != (kiosk, generation)
    if settled and ("grant", kiosk, slot, generation) not in world.wire:
        rest = world.files[kiosk] - {(slot, generation, RETURNING)}
        yield replace(world, files=put(world.files, kiosk, rest))


def wrong(world: World) -> str | None:
    for slot in SLOTS:
        promised = {who for n, who in world.held if n == slot}
        if len(promised) > 1:
            return f"seat {slot} is promised to {sorted(map(str, promised))}"
        if promised and world.owner[slot] == POOL and not world.grace:
            return f"seat {slot} is promised and on sale"
    return None


def explore(broken: str = "") -> tuple[int, str | None]:
    """Visit every state there is; return how many, and what is wrong in the first bad one."""
    seen, waiting = {World()}, deque([World()])
    while waiting:
        world = waiting.popleft()
        if fault := wrong(world):
            return len(seen), fault
        for steps in (server_steps, delivered, kiosk_steps):
            for following in steps(world, broken):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
    return len(seen), None


MUTANTS = (
    "time gives a seat back",
    "a perfect clock gives a seat back",
    "the server forgets and has no grace",
    "a repeated grant overwrites",
    "a return names no generation",
    "shown before it is on disk",
    "a rolled-back file is believed",
    "a return that times out is taken back",
    "a used slot is returned",
    "a frozen slot returns and is used",
    "a generation is used again",
    "attested without the journal",
)


def test_no_seat_is_promised_twice_in_any_history(record_property):
    states, fault = explore()
    record_property("states", states)
    assert fault is None
    assert states > 1_000, "the model has become too small to say anything"


@pytest.mark.parametrize("rule", MUTANTS)
def test_without_a_rule_somebody_loses_their_seat(rule, record_property):
    states, fault = explore(rule)
    record_property("states", states)
    assert fault is not None, f"{states} states, and nothing shows that the rule is needed"
