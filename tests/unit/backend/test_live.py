"""The log that streams follow: bounded, exact after a gap, and honest when it is not (K20)."""

import asyncio

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.core.feed import Position
from kiosk_app.backend.core.live import Live
from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.feed import News
from kiosk_app.contract.live import HEARTBEAT_S
from tests.helpers.backend import add_session, query

TITLE = "UPDATE mock_sessions SET title = %s WHERE id = %s"
DEVICE = "00000000-0000-4000-8000-0000000000d1"


@pytest.fixture
async def live(database_url):
    async with Database(database_url) as db, Live(db, utc_now, None, poll_s=0.05, kept=5) as live:
        yield live


async def heard(live, follower):
    """Wait until a follower is told of sessions; return their ids."""
    while True:
        if news := await live.news(follower):
            return [str(one.id) for told in news for one in told.sessions]
        assert not follower.lost


async def test_who_falls_behind_the_log_is_lost_and_then_goes_on(live, database_url):
    slow, quick = live.follow(DEVICE, None), live.follow(DEVICE, None)
    for _ in range(8):
        session = add_session(database_url)
        assert await heard(live, quick) == [session]
    assert await live.news(slow) == []
    assert slow.lost
    slow.lost = False
    last = add_session(database_url)
    assert await heard(live, slow) == [last]
    assert await heard(live, quick) == [last]


async def test_a_cursor_that_the_log_has_forgotten_is_lost(live, database_url):
    early = live.position.text()
    follower = live.follow(DEVICE, None)
    for _ in range(8):
        add_session(database_url)
        await heard(live, follower)
    assert live.follow(DEVICE, early).lost
    assert not live.follow(DEVICE, live.position.text()).lost


async def test_another_epoch_loses_everybody(live, database_url):
    """The database was replaced: positions mean nothing any more."""
    follower = live.follow(DEVICE, None)
    old = live.position.text()
    query(database_url, "UPDATE feed SET epoch = gen_random_uuid()")
    assert await live.news(follower) == []
    assert follower.lost
    assert live.follow(DEVICE, old).lost


async def test_a_reader_survives_a_database_that_goes_away(database_url):
    async with (
        Database(database_url, size=2, settings=("application_name=live",)) as db,
        Live(db, utc_now, None, poll_s=0.05) as live,
    ):
        follower = live.follow(DEVICE, None)
        query(
            database_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'live'",
        )
        session = add_session(database_url)
        assert await heard(live, follower) == [session]


async def test_what_is_held_back_is_told_once_its_elder_is_done(live, database_url):
    """Two connections: the later one commits first; nothing is told out of turn or left out."""
    slow, fast = add_session(database_url), add_session(database_url)
    follower = live.follow(DEVICE, None)
    with psycopg.connect(database_url) as older, psycopg.connect(database_url) as later:
        older.execute(TITLE, ("slow", slow))
        later.execute(TITLE, ("fast", fast))
        later.commit()
        assert (await live._read()) is True, "something stands behind the fence"
        older.commit()
    seen = set()
    while not {slow, fast} <= seen:
        seen |= set(await heard(live, follower))


@given(
    st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), max_size=12),
    st.integers(0, 40),
    st.integers(1, 12),
)
def test_what_comes_again_is_everything_after_the_cursor(pages, asked, kept):
    """From any cursor: either lost, or every change after it is told."""

    async def run():
        live = Live(None, utc_now, None, kept=kept)
        live._start = live._position = Position("e", "1", 0)
        number, after = 0, []
        for page in pages:
            news = []
            for thing in page:
                number += 1
                id_ = f"00000000-0000-4000-8000-{thing:012}"
                news.append(News(xid="1", seq=number, entity="session", id=id_))
                if number > asked:
                    after.append(id_)
            live._append(news)
        follower = live.follow(DEVICE, Position("e", "1", asked).text())
        if follower.lost:
            return
        if not after:
            assert follower.next == live._next
            return
        told = await live.news(follower)
        assert set(after) <= {one.id for page in told for one in page.sessions}

    asyncio.run(run())


def test_the_heartbeat_is_as_often_as_is_promised():
    live = Live(None, utc_now, None)
    assert live._beat_s < HEARTBEAT_S
