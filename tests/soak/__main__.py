"""`make soak`: people book while everything breaks; then it heals, drains, and is compared.

Prints one JSON document; status 1 when a promise was broken. The timetable of faults and what people
do come from the seed; how they meet depends on the machine.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from tests.soak.kiosks import EngineKiosk, Kiosk
from tests.soak.tables import Moment, errands, timetable
from tests.soak.verdict import Verdict
from tests.soak.world import World, open_world

DRAIN_SECONDS = 90.0
"""From healing to an empty queue; longer is stuck."""


async def soak(seconds: float, seed: int, kiosks: int, database: str | None) -> dict[str, object]:
    """Run once and return the document."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-soak-")))
        world = await open_world(stack, folder, seed, kiosks, database)
        await asyncio.gather(*(kiosk.learn(world.people) for kiosk in world.kiosks))
        done, injected = await trouble(world, seconds)
        drained = await heal(world)
        verdict = Verdict(world)
        await verdict.reach()
        if drained is None:
            verdict.violations.append(f"not drained {DRAIN_SECONDS} s after healing")
        return {
            "seed": seed,
            "seconds": seconds,
            "operations": done,
            "faults": injected,
            "requests": len(world.ledger.saved),
            "confirmed": len(world.ledger.confirmed),
            "guaranteed": len(world.ledger.guaranteed),
            "leases": verdict.leases(),
            "cancelled": len(world.ledger.cancelled),
            "longest_unsent_s": round(verdict.longest_unsent.total_seconds(), 1),
            "drained_after_s": drained,
            "violations": verdict.violations,
        }


async def trouble(world: World, seconds: float) -> tuple[Counter, Counter]:
    """Let people come and things break for so long; return what was done and what was injected."""
    done, injected = Counter(), Counter()
    end = time.monotonic() + seconds
    kiosks = [_people(world, number, kiosk, end, done) for number, kiosk in enumerate(world.kiosks)]
    faults = [
        _breaks(world, moment, end - seconds, injected) for moment in timetable(world.seed, seconds)
    ]
    await asyncio.gather(*kiosks, *faults)
    return done, injected


async def _people(world: World, number: int, kiosk: Kiosk, end: float, done: Counter) -> None:
    coming = errands(world.seed, number)
    while time.monotonic() < end:
        operation, draws = coming.next()
        await operation.act(world, kiosk, draws)
        done[operation.name] += 1
        await asyncio.sleep(coming.pause())


async def _breaks(world: World, moment: Moment, begun: float, injected: Counter) -> None:
    await asyncio.sleep(begun + moment.at - time.monotonic())
    injected[moment.fault.name] += 1
    await moment.fault.act(world, moment.which, moment.seconds)


async def heal(world: World) -> float | None:
    """End every fault and wait until nothing waits; return the seconds, or None if it never ends."""
    for line in world.lines:
        line.change()
    for kiosk in world.kiosks:
        kiosk.resume()
        await kiosk.ready()
    begun = time.monotonic()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await asyncio.gather(*(_drained(kiosk) for kiosk in world.kiosks))
    except TimeoutError:
        return None
    finally:
        for kiosk in world.kiosks:
            await kiosk.end()
    return round(time.monotonic() - begun, 1)


async def _drained(kiosk: Kiosk) -> None:
    while True:
        await kiosk.sync()
        if isinstance(kiosk, EngineKiosk):
            await kiosk.hears(0, "LinkChanged", state="online", waiting=0)
            await asyncio.sleep(0.5)
        if not kiosk.waiting:
            return


def main(words: list[str]) -> int:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kiosks", type=int, default=4)
    parser.add_argument("--database", help="an empty, migrated database instead of one of its own")
    options = parser.parse_args(words)
    document = asyncio.run(soak(options.seconds, options.seed, options.kiosks, options.database))
    print(json.dumps(document, indent=1))  # noqa: T201 - the one document
    return 1 if document["violations"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
