"""A78: seats that come free go to who waits, in order, one live offer for each."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.problems import Code
from tests.helpers.backend import add_session, query
from tests.helpers.waiting import MINUTE, Crowd

STEPS = (
    *("book", "cancel", "join", "claim", "decline", "leave"),
    *("job", "later", "room", "lease", "spend"),
)
PLANS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 4)), min_size=4, max_size=25)


@pytest.fixture
async def crowd(database_url):
    async with Database(database_url, size=8) as db:
        yield Crowd(database_url, db)


async def _full(crowd, *waiting):
    """Two people have the seats, the others wait."""
    for who in (0, 1):
        await crowd.book(who)
    for who in waiting:
        await crowd.join(who)


async def test_one_cancel_is_first_offered_to_the_first_then_to_the_second(crowd):
    await _full(crowd, 2, 3)
    await crowd.cancel(0)
    assert crowd.seats() == (1, 0, 1, 2), "kept in the transaction that freed it"
    with pytest.raises(Refusal, match="DISCUSSION_FULL"):
        await crowd.book(4)
    await crowd.job()
    assert crowd.states() == ["offered", "waiting"]
    assert crowd.mails("offer") == [((await crowd.wait_of(2)).contact_id,)]
    crowd.clock.forward(minutes=31)
    with pytest.raises(Refusal, match="OFFER_EXPIRED"):
        await crowd.claim(2)
    await crowd.job()
    assert crowd.states() == ["lapsed", "offered"]
    await crowd.claim(3)
    assert crowd.states() == ["lapsed", "booked"]
    assert crowd.seats() == (2, 0, 0, 2)
    assert all(one.ok for one in await check_books(crowd.core))


async def test_a_claim_is_safe_to_repeat_and_takes_one_token(crowd):
    await _full(crowd, 2)
    wait = await crowd.wait_of(2)
    await crowd.cancel(0)
    await crowd.job()
    await crowd.claim(2)
    await crowd.cancel(2)
    assert crowd.seats() == (1, 0, 0, 2)
    with pytest.raises(Refusal, match="WAIT_NOT_FOUND"):
        await crowd.leave(2)
    assert wait.state == "waiting"
    assert query(crowd.url, "SELECT count(*) FROM waitlist_entries WHERE booking_id IS NULL") == [
        (0,)
    ]


async def test_many_claims_at_once_book_once(crowd):
    await _full(crowd, 2)
    await crowd.cancel(0)
    await crowd.job()
    await asyncio.gather(*(crowd.claim(2) for _ in range(5)), return_exceptions=True)
    assert crowd.seats() == (2, 0, 0, 2)
    assert query(crowd.url, "SELECT count(*) FROM ledger WHERE amount = -1") == [(3,)]


async def test_who_lacks_a_token_is_passed_over_told_once_and_keeps_the_place(crowd):
    await _full(crowd, 2, 3)
    await crowd.spend(2)
    await crowd.cancel(0)
    await crowd.job(2)
    assert crowd.states() == ["waiting", "offered"]
    first = await crowd.wait_of(2)
    assert (first.passed_over, first.before) == ("INSUFFICIENT_TOKENS", 0)
    await crowd.decline(3)
    assert crowd.states() == ["waiting", "declined"]
    assert crowd.seats() == (1, 0, 0, 2), "nobody can take it, so it is for everybody"
    await crowd.job()
    assert len(crowd.mails("passed")) == 1
    await crowd.spend(2)
    await crowd.job()
    assert crowd.states() == ["offered", "declined"]


async def test_a_refused_claim_keeps_the_offer(crowd):
    await _full(crowd, 2)
    await crowd.cancel(0)
    await crowd.job()
    await crowd.spend(2)
    with pytest.raises(Refusal, match="INSUFFICIENT_TOKENS"):
        await crowd.claim(2)
    assert (crowd.states(), crowd.seats()) == (["offered"], (1, 0, 1, 2))


@pytest.mark.parametrize("step", ["decline", "leave"])
async def test_an_offer_that_is_given_up_goes_to_the_next_at_once(crowd, step):
    await _full(crowd, 2, 3)
    await crowd.cancel(0)
    await crowd.job()
    await getattr(crowd, step)(2)
    assert crowd.states()[1] == "offered"
    assert crowd.seats() == (1, 0, 1, 2)


async def test_one_joins_only_a_full_session_that_one_could_book(crowd):
    with pytest.raises(Refusal, match="SEATS_LEFT"):
        await crowd.join(2)
    await _full(crowd)
    await crowd.spend(2)
    with pytest.raises(Refusal, match="INSUFFICIENT_TOKENS"):
        await crowd.join(2)
    with pytest.raises(Refusal, match="DUPLICATE_BOOKING"):
        await crowd.join(0)
    assert (await crowd.join(3)).id == (await crowd.join(3)).id
    assert (await crowd.join(4)).before == 1


async def test_close_to_the_start_there_is_no_list_and_the_quickest_has_the_seat(database_url):
    start = datetime.now(UTC) + timedelta(minutes=40)
    async with Database(database_url, size=4) as db:
        hours = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
        crowd = Crowd(database_url, db, zone="UTC", day=start.date(), **hours)
        await _full(crowd, 2, 3)
        await crowd.cancel(0)
        await crowd.job()
        assert timedelta(minutes=9) < (await crowd.wait_of(2)).expires_at - crowd.clock.now
        assert (await crowd.wait_of(2)).expires_at - crowd.clock.now <= 10 * MINUTE
        crowd.clock.forward(minutes=26)
        await crowd.job()
        assert crowd.states() == ["lapsed", "closed"]
        assert crowd.seats() == (1, 0, 0, 2)
        with pytest.raises(Refusal, match=Code.WAITLIST_CLOSED.value):
            await crowd.join(3)
        await crowd.book(4)


async def test_a_session_that_is_called_off_ends_every_wait(crowd):
    await _full(crowd, 2, 3)
    await crowd.cancel(0)
    await crowd.job()
    query(crowd.url, "UPDATE mock_sessions SET is_active = false")
    await crowd.job()
    assert (crowd.states(), crowd.seats()) == (["closed", "closed"], (1, 0, 0, 2))


def test_no_writer_revives_a_wait(database_url):
    session = add_session(database_url)
    query(
        database_url,
        "INSERT INTO contacts (student_id, email, name) VALUES ('S1', 'a@example.org', 'A')",
    )
    query(
        database_url,
        "INSERT INTO waitlist_entries (session_id, contact_id, joined_at, state, ended_at)"
        " SELECT %s, id, now(), 'left', now() FROM contacts",
        session,
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="does not become"):
        query(database_url, "UPDATE waitlist_entries SET state = 'waiting', ended_at = NULL")


@settings(max_examples=25)
@given(plan=PLANS)
@example([("book", 0), ("book", 1), ("join", 2), ("join", 3), ("cancel", 0), ("lease", 0)])
@example([("book", 0), ("book", 1), ("join", 2), ("lease", 0), ("room", 4), ("lease", 0)])
def test_seats_are_never_over_and_held_for_exactly_the_offers(postgres, plan):
    async def play():
        url = postgres.emptied()
        async with Database(url, size=4) as db:
            crowd = Crowd(url, db)
            for step, who in plan:
                await crowd.take(step, who)
                _kept_back(crowd)
            await crowd.job()
            _sound(crowd)
            query(url, "UPDATE mock_sessions SET leased_seats = 0")  # no device stands behind it
            assert all(one.ok for one in await check_books(crowd.core))
            await crowd.job()
            _sound(crowd)
            crowd.clock.forward(days=40)
            await crowd.job()
            assert crowd.seats()[2] == 0
            assert {"waiting", "offered"}.isdisjoint(crowd.states())

    asyncio.run(play())


def _kept_back(crowd):
    """Whoever could be offered a seat finds it kept: nothing is public while they wait."""
    booked, leased, held, capacity = crowd.seats()
    assert booked + leased + held <= capacity
    offered = crowd.states().count("offered")
    assert held >= offered
    unserved = _unserved(crowd)
    assert booked + leased + held == capacity or len(unserved) <= held - offered


def _sound(crowd):
    _kept_back(crowd)
    assert crowd.seats()[2] == crowd.states().count("offered")
    served = query(crowd.url, "SELECT seq FROM waitlist_entries WHERE state = 'offered'")
    assert all(one > other for one in _unserved(crowd) for other in served), "in order"


def _unserved(crowd):
    return query(
        crowd.url,
        "SELECT seq FROM waitlist_entries WHERE state = 'waiting' AND passed_over IS NULL",
    )
