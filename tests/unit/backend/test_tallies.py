"""What devices count (A100): nothing is lost with an answer, nothing is counted twice."""

import asyncio
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.tallies import note_tallies, read_tallies
from kiosk_app.contract.tallies import CRASHES, Page, Tally
from kiosk_app.sync.tallies import Tallies
from tests.helpers.backend import query
from tests.helpers.leased import a_caller

RUN = "5f0c1c9e-8f5b-4d7e-9a51-0c6f3a1b2d4e"
STEPS = st.lists(
    st.one_of(
        st.sampled_from([Page.BOOK, Page.DONE]),
        st.sampled_from(["heard", "heard twice", "lost on the way", "start anew", "late"]),
    ),
    max_size=20,
)


async def told(db, device, tallies):
    async with db.transaction() as work:
        await note_tallies(work, device, tallies)


@settings(max_examples=40)
@given(steps=STEPS)
def test_a100_every_opening_that_was_told_of_counts_once(postgres, steps):
    """Whether the answer arrives is nothing to the server; `late` is an older message of a run."""
    url = postgres.emptied()
    device = a_caller(url).device.id

    async def live():
        db = Database(url)
        await db.open()
        tallies, opened, kept, older = Tallies(), Counter(), Counter(), []
        for step in [*steps, "heard"]:
            if isinstance(step, Page):
                tallies.opened(step)
                opened[step] += 1
            elif step == "start anew":
                tallies, opened, older = Tallies(), Counter(kept), []
            elif step == "late":
                await told(db, device, older)
            else:
                older = tallies.told()
                for _ in range({"heard": 1, "heard twice": 2}.get(step, 0)):
                    await told(db, device, older)
                    kept = Counter(opened)
                if step == "lost on the way":
                    older = []
        found = await read_tallies(db)
        await db.close()
        return found, kept

    found, kept = asyncio.run(live())
    assert found == dict(kept)


async def test_a100_what_nobody_knows_is_passed_over(core, database_url):
    """A client of tomorrow counts a page of tomorrow; its leases go on."""
    device = a_caller(database_url).device.id
    names = ["a page of tomorrow", "\x00", Page.BOOK, Page.BOOK]
    tallies = [Tally(what=what, run=RUN, times=times) for times, what in enumerate(names)]
    await told(core.db, device, tallies)
    assert await read_tallies(core.db) == {Page.BOOK: 3}
    assert query(database_url, "SELECT count(*) FROM device_tallies") == [(1,)]


async def test_a100_devices_are_added_up(core, database_url):
    for times in (2, 3):
        tally = Tally(what=CRASHES, run=RUN, times=times)
        await told(core.db, a_caller(database_url).device.id, [tally])
    assert await read_tallies(core.db) == {CRASHES: 5}


def test_a100_crashes_go_with_the_pages():
    crash = Tally(what=CRASHES, run=RUN, times=4)
    tallies = Tallies(lambda: crash)
    tallies.opened(Page.FAULT)
    first, second = tallies.told()
    assert first == crash
    assert (second.what, second.times) == (Page.FAULT, 1)
