"""The change feed skips nothing, repeats harmlessly and says when it cannot go on."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from kiosk_app.backend.core.feed import Position, changes_after, snapshot_page
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.feed import forget_changes
from kiosk_app.contract.problems import Code
from tests.helpers.backend import add_session, query

UPDATE = "UPDATE mock_sessions SET title = %s WHERE id = %s"


async def _all(core, cursor=None, limit=3):
    """Read until nothing is left; return rows by id (None for deleted) and the cursor."""
    rows = {}
    while True:
        page = await changes_after(core, cursor, limit)
        rows |= {one.session_id: one for one in page.sessions}
        rows |= dict.fromkeys(page.deleted)
        cursor = page.cursor
        if not page.more:
            return rows, cursor


async def test_a_slow_older_transaction_is_not_skipped(core, database_url):
    """The must-have test: A writes first and commits last; a naive cursor loses it for ever."""
    slow, fast = add_session(database_url), add_session(database_url)
    _, cursor = await _all(core)
    naive = query(database_url, "SELECT max(seq) FROM changes")[0][0]
    with psycopg.connect(database_url) as older, psycopg.connect(database_url) as later:
        older.execute(UPDATE, ("slow", slow))
        later.execute(UPDATE, ("fast", fast))
        later.commit()
        first, cursor = await _all(core, cursor)
        seen = query(database_url, "SELECT seq, entity_id FROM changes WHERE seq > %s", naive)
        naive, naive_ids = max(seq for seq, _ in seen), {str(one) for _, one in seen}
        older.commit()
    second, cursor = await _all(core, cursor)
    assert set(first) | set(second) == {slow, fast}
    assert second[slow].title == "slow"
    rest = query(database_url, "SELECT entity_id FROM changes WHERE seq > %s", naive)
    assert naive_ids | {str(one) for (one,) in rest} == {fast}, "the naive cursor skipped A"


async def test_a_later_transaction_with_the_lower_number_is_not_skipped(core, database_url):
    """The fence alone is not enough: with a cursor on the number only, this order loses B."""
    one, two = add_session(database_url), add_session(database_url)
    _, cursor = await _all(core)
    with psycopg.connect(database_url) as a, psycopg.connect(database_url) as b:
        a.execute("INSERT INTO server_secrets (name, value) VALUES ('older xid', '')")
        b.execute(UPDATE, ("B", two))
        a.execute(UPDATE, ("A", one))
        a.commit()
        first, cursor = await _all(core, cursor)
        b.commit()
    second, _ = await _all(core, cursor)
    assert set(first) | set(second) == {one, two}


async def test_many_writers_and_a_reader_with_small_pages(core, database_url):
    """Every session's last state arrives, whatever the order of commits."""
    ids = [add_session(database_url) for _ in range(12)]
    _, cursor = await _all(core)
    dice = random.Random(3)
    mirror: dict[str, str | None] = {}

    async def write(worker):
        connection = await psycopg.AsyncConnection.connect(database_url)
        async with connection:
            for n in range(15):
                async with connection.transaction():
                    await connection.execute(UPDATE, (f"{worker}.{n}", dice.choice(ids)))
                    await asyncio.sleep(dice.random() * 0.002)

    writers = asyncio.gather(*(write(worker) for worker in range(5)))
    while True:
        done = writers.done()
        rows, cursor = await _all(core, cursor)
        mirror |= {key: row.title for key, row in rows.items()}
        if done:
            break
        await asyncio.sleep(0)
    await writers
    truth = query(database_url, "SELECT id, title FROM mock_sessions WHERE title IS NOT NULL")
    assert mirror == {str(key): title for key, title in truth}


async def test_deletions_are_told(core, database_url):
    kept, gone = add_session(database_url), add_session(database_url)
    rows, cursor = await _all(core)
    assert set(rows) == {kept, gone}
    query(database_url, "DELETE FROM mock_sessions WHERE id = %s", gone)
    rows, _ = await _all(core, cursor)
    assert rows == {gone: None}
    rows, _ = await _all(core)
    assert rows[gone] is None
    assert rows[kept].session_id == kept


async def test_nothing_is_told_when_nothing_changed(core, database_url):
    session = add_session(database_url)
    _, cursor = await _all(core)
    query(database_url, "UPDATE mock_sessions SET capacity = capacity WHERE id = %s", session)
    page = await changes_after(core, cursor, 10)
    assert (page.sessions, page.deleted, page.more) == ([], [], False)
    assert page.cursor == cursor


async def test_a_snapshot_and_the_changes_after_it_are_the_whole(core, database_url):
    """What changes between two pages of the snapshot comes again with the changes."""
    ids = [add_session(database_url) for _ in range(7)]
    first = await snapshot_page(core, None, None, 3)
    query(database_url, "UPDATE mock_sessions SET title = 'late'")
    fresh = add_session(database_url)
    query(database_url, "DELETE FROM mock_sessions WHERE id = %s", ids[0])
    rows = {one.session_id: one for one in first.sessions}
    page = first
    while page.after:
        page = await snapshot_page(core, UUID(page.after), first.cursor, 3)
        assert page.cursor == first.cursor
        rows |= {one.session_id: one for one in page.sessions}
    changed, _ = await _all(core, first.cursor)
    whole = {key: row for key, row in (rows | changed).items() if row}
    assert set(whole) == {*ids[1:], fresh}
    assert {row.title for key, row in whole.items() if key != fresh} == {"late"}


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "bm90IGEgY3Vyc29y",
        Position("0" * 12, "1", 1).text(),
        "é",
        "a" * 500,
        Position("e", str(2**64), 1).text(),
        Position("e", "-1", 1).text(),
    ],
)
async def test_a_cursor_that_leads_nowhere(core, database_url, cursor):
    """Nonsense and another epoch alike: start again from the snapshot."""
    add_session(database_url)
    with pytest.raises(Refusal) as refused:
        await changes_after(core, cursor, 10)
    assert refused.value.code is Code.CURSOR_GONE
    assert refused.value.snapshot == "/api/v1/snapshot"


async def test_a_cursor_older_than_what_is_kept(core, database_url):
    add_session(database_url)
    _, old = await _all(core, limit=1)
    add_session(database_url)
    _, recent = await _all(core)
    assert await forget_changes(core.db, datetime.now(UTC) - timedelta(days=1)) == 0
    assert (await changes_after(core, old, 10)).sessions
    assert await forget_changes(core.db, datetime.now(UTC) + timedelta(seconds=1)) == 2
    assert (await changes_after(core, recent, 10)).sessions == []
    for lost in (old, None):
        with pytest.raises(Refusal) as refused:
            await changes_after(core, lost, 10)
        assert refused.value.code is Code.CURSOR_GONE


async def test_a_cursor_from_the_future_of_this_cluster(core, database_url):
    """After a restore the counter of transactions starts over: do not wait for it to catch up."""
    page = await changes_after(core, None, 10)
    ahead = Position(page.epoch, str(2**40), 1).text()
    with pytest.raises(Refusal) as refused:
        await changes_after(core, ahead, 10)
    assert refused.value.code is Code.CURSOR_GONE
