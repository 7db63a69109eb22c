"""Requests that meet share a statement, and each is answered as if it had been alone."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.storage import gathering
from kiosk_app.backend.storage.audit import SYSTEM
from kiosk_app.backend.storage.bookings import (
    CreateOutcome,
    _create_bookings,
    _Wanted,
    booking_facts,
    create_booking_atomic,
)
from kiosk_app.backend.storage.database import BusyError, UnavailableError, UnstorableError
from kiosk_app.backend.storage.gathering import Again, Gatherer
from tests.helpers.backend import add_session, add_student, far_day, query
from tests.helpers.new_bookings import new_booking


class Statements:
    """Work that notes what it was given and waits for leave to answer."""

    def __init__(self, answer=lambda one: one):
        self.batches, self._answer = [], answer
        self.begun, self.leave = asyncio.Event(), asyncio.Event()

    async def work(self, batch):
        self.batches.append(list(batch))
        self.begun.set()
        await self.leave.wait()
        return [self._answer(one) for one in batch]


async def test_who_comes_while_one_is_under_way_shares_the_next_in_order():
    statements = Statements()
    gatherer = Gatherer(statements.work, UnstorableError, most=3)
    first = asyncio.create_task(gatherer.ask(0))
    await statements.begun.wait()
    others = [asyncio.create_task(gatherer.ask(n)) for n in range(1, 6)]
    await asyncio.sleep(0)
    statements.leave.set()
    assert await asyncio.gather(first, *others) == list(range(6))
    assert statements.batches == [[0], [1, 2, 3], [4, 5]]


async def test_who_gives_up_takes_nobody_along():
    statements = Statements()
    gatherer = Gatherer(statements.work, UnstorableError)
    tasks = [asyncio.create_task(gatherer.ask(n)) for n in range(3)]
    await statements.begun.wait()
    tasks[0].cancel()
    tasks[1].cancel()
    statements.leave.set()
    assert await tasks[2] == 2
    assert all(one.cancelled() for one in tasks[:2])


@given(st.lists(st.sampled_from(["fine", "own", "refused"]), min_size=1, max_size=20))
def test_a_fault_of_one_is_nobody_elses(kinds):
    async def work(batch):
        if "own" in batch:
            raise UnstorableError("a zero byte")
        return [ValueError(one) if one == "refused" else one for one in batch]

    async def run():
        gatherer = Gatherer(work, UnstorableError)
        asks = (gatherer.ask(kind) for kind in kinds)
        return await asyncio.gather(*asks, return_exceptions=True)

    wanted = {"fine": str, "own": UnstorableError, "refused": ValueError}
    assert [type(one) for one in asyncio.run(run())] == [wanted[kind] for kind in kinds]


async def test_a_fault_of_the_world_is_everybodys_and_the_next_one_is_served():
    works = False

    async def work(batch):
        if not works:
            raise UnavailableError
        return batch

    gatherer = Gatherer(work, UnstorableError)
    answers = await asyncio.gather(*(gatherer.ask(n) for n in range(3)), return_exceptions=True)
    assert [type(one) for one in answers] == [UnavailableError] * 3
    works = True
    assert await gatherer.ask(7) == 7


async def test_what_is_locked_is_tried_again_and_does_not_hold_up_the_others(monkeypatch):
    locked, tries = True, 0

    async def work(batch):
        nonlocal tries
        tries += 1
        return [Again(BusyError()) if one == "locked" and locked else one for one in batch]

    gatherer = Gatherer(work, UnstorableError)
    waits = asyncio.create_task(gatherer.ask("locked"))
    assert await gatherer.ask("free") == "free"
    assert not waits.done()
    locked = False
    assert await waits == "locked"
    locked = True
    monkeypatch.setattr(gathering, "PATIENCE_S", 0.0)
    with pytest.raises(BusyError):
        await gatherer.ask("locked")
    assert tries >= 3


async def test_a_batch_answers_each_as_if_it_were_alone(core, database_url):
    """One of each outcome in one statement, and one that breaks a constraint in its middle."""
    people = [add_student(database_url, f"S{n}", discussion=1) for n in range(8)]
    room, full = add_session(database_url), add_session(database_url, capacity=1)
    closed = add_session(database_url, is_active=False)
    other_day = add_session(database_url, day=far_day(50))
    poor = add_student(database_url, "POOR")
    stranger = str(uuid4())
    batch = [
        new_booking(room, people[0], "idem_disc_0"),
        new_booking(room, people[0], "idem_disc_0"),
        new_booking(full, people[1], "idem_disc_1"),
        new_booking(full, people[2], "idem_disc_2"),
        new_booking(other_day, people[3], "idem_disc_3", booking_code="BK-idem_disc_0"),
        new_booking(closed, people[4], "idem_disc_4"),
        new_booking(room, poor, "idem_disc_5"),
        new_booking(room, stranger, "idem_disc_6"),
        new_booking(str(uuid4()), people[5], "idem_disc_7"),
        new_booking(other_day, people[0], "idem_disc_8"),
        new_booking(room, people[6], "idem_disc_9"),
    ]
    results = await _create_bookings(core.db, [_Wanted(one, SYSTEM) for one in batch])
    assert [one.outcome for one in results] == [
        CreateOutcome.CREATED,
        CreateOutcome.KEY_KNOWN,
        CreateOutcome.CREATED,
        CreateOutcome.FULL,
        CreateOutcome.CODE_TAKEN,
        CreateOutcome.INACTIVE,
        CreateOutcome.NO_TOKEN,
        CreateOutcome.CONTACT_GONE,
        CreateOutcome.SESSION_GONE,
        CreateOutcome.NO_TOKEN,
        CreateOutcome.CREATED,
    ]
    assert query(database_url, "SELECT count(*) FROM bookings") == [(3,)]
    assert query(database_url, "SELECT sum(total_bookings) FROM mock_sessions") == [(3,)]
    assert query(database_url, "SELECT -sum(amount) FROM ledger WHERE amount < 0") == [(3,)]


@pytest.mark.parametrize("table", ["contacts", "mock_sessions"])
async def test_one_that_is_locked_does_not_hold_up_its_batch(core, database_url, table):
    students = [add_student(database_url, f"S{n}", discussion=1) for n in range(2)]
    rooms = [add_session(database_url) for _ in range(2)]
    new = [new_booking(rooms[n], students[n], f"idem_disc_{n:04}") for n in range(2)]
    held = {"contacts": students, "mock_sessions": rooms}[table][0]
    with psycopg.connect(database_url) as holder:
        holder.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", (held,))
        busy, made = await _create_bookings(core.db, [_Wanted(one, SYSTEM) for one in new])
        assert isinstance(busy, Again)
        assert made.outcome is CreateOutcome.CREATED
        waits = asyncio.create_task(create_booking_atomic(core.db, new[0]))
        await asyncio.sleep(0)
    assert (await waits).outcome is CreateOutcome.CREATED


async def test_facts_are_answered_in_the_order_of_the_questions(core, database_url):
    students = [add_student(database_url, f"S{n}", discussion=n + 1) for n in range(5)]
    session = add_session(database_url)
    asks = [booking_facts(core.db, session, student, None) for student in students]
    asks.append(booking_facts(core.db, "nonsense", str(UUID(int=1)), "key"))
    asks.append(booking_facts(core.db, "zero\0byte", students[0], None))
    *found, nothing, strange = await asyncio.gather(*asks, return_exceptions=True)
    assert [one.contact.student_id for one in found] == [f"S{n}" for n in range(5)]
    assert [one.balances.mock_discussion_token for one in found] == [1, 2, 3, 4, 5]
    assert (nothing.session, nothing.contact) == (None, None)
    assert isinstance(strange, UnstorableError)
