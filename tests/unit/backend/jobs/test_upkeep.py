"""The nightly jobs: counters counted again (A12, B22), old changes forgotten, see test_runner for their turns."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg

from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.jobs.upkeep import CHANGES_KEPT, FeedRetention, Recount
from kiosk_app.backend.storage.backlog import OVERDUE_AFTER, queues
from kiosk_app.backend.storage.jobs import begin_run
from tests.helpers.backend import add_session, add_student, query

NOW = datetime(2027, 3, 4, 3, tzinfo=UTC)
WRONG = "UPDATE mock_sessions SET total_bookings = %s, leased_seats = %s WHERE id = %s"


def counters(url):
    return query(url, "SELECT total_bookings, leased_seats FROM mock_sessions ORDER BY capacity")


async def test_counters_are_mended_and_logged_and_what_is_sound_is_left_alone(core, database_url):
    falsified, sound = add_session(database_url, capacity=20), add_session(database_url)
    query(database_url, WRONG, 7, 2, falsified)
    before = query(database_url, "SELECT count(*) FROM changes WHERE entity_id = %s", sound)
    assert await Recount(core.db).run(NOW) == Report(1)
    assert counters(database_url) == [(0, 0), (0, 0)]
    rows = query(
        database_url,
        "SELECT actor_kind, entity_id, before, after FROM audit_log"
        " WHERE action = 'session.recounted'",
    )
    told = ({"booked": 7, "leased": 2}, {"booked": 0, "leased": 0})
    assert rows == [("system", falsified, *told)]
    assert await Recount(core.db).run(NOW) == Report(0), "safe to repeat"
    assert query(database_url, "SELECT count(*) FROM changes WHERE entity_id = %s", sound) == before


async def test_two_processes_mend_a_session_once(core, database_url):
    for n in range(5):
        session = add_session(database_url, capacity=20 + n)
        query(database_url, WRONG, 3, 0, session)
    reports = await asyncio.gather(*(Recount(core.db).run(NOW) for _ in range(4)))
    assert sum(one.done for one in reports) == 5
    assert query(database_url, "SELECT count(*) FROM audit_log") == [(5,)]


async def test_a_session_in_use_is_left_for_the_next_night_and_told(core, database_url):
    session = add_session(database_url)
    query(database_url, WRONG, 3, 0, session)
    with psycopg.connect(database_url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions FOR UPDATE")
        report = await Recount(core.db).run(NOW)
    assert report == Report(0, "1 sessions whose counter differs from their live bookings")
    assert await Recount(core.db).run(NOW) == Report(1)


async def test_tokens_are_told_and_never_touched(core, database_url):
    contact = add_student(database_url, discussion=1)
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO ledger (contact_id, credit_field, amount, kind)"
            " VALUES (%s, 'mock_discussion_token', -3, 'adjust')",
            [contact],
        )
    report = await Recount(core.db).run(NOW)
    assert report == Report(0, "1 balances lower than their debts explain")
    assert query(database_url, "SELECT sum(amount) FROM ledger") == [(-2,)]


async def test_changes_are_forgotten_by_age_alone(core, database_url):
    add_session(database_url)
    now = datetime.now(UTC)
    assert await FeedRetention(core.db).run(now + CHANGES_KEPT - timedelta(hours=1)) == Report(0)
    assert await FeedRetention(core.db).run(now + CHANGES_KEPT + timedelta(hours=1)) == Report(1)
    assert query(database_url, "SELECT count(*) FROM changes") == [(0,)]


async def test_a_job_that_nobody_runs_is_overdue(core):
    names = ["recount", "mail"]
    for name in (*names, "retry-mail"):
        await begin_run(core.db, name, NOW, timedelta(days=1), forced=False)
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=1) + 2 * OVERDUE_AFTER
    assert (await queues(core.db, soon, names)).jobs_overdue == 0
    assert (await queues(core.db, late, names)).jobs_overdue == 2
    assert (await queues(core.db, late, ["mail", "attendance"])).jobs_overdue == 1
    await begin_run(core.db, "mail", late, timedelta(days=1), forced=False)
    assert (await queues(core.db, late, names)).jobs_overdue == 1
