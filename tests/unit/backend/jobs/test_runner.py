"""Jobs over a real database: rhythm, bell, faults and the end."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.backend.jobs.job import Job, Report
from kiosk_app.backend.jobs.runner import Runner, UnknownJob
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.jobs import job_runs, ring
from tests.helpers.backend import query

NOW = datetime(2027, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Work:
    """Counts its runs and lets a test wait for them."""

    def __init__(self, fault=None):
        self.runs, self.fault = 0, fault
        self.changed = asyncio.Condition()

    async def __call__(self, _now):
        self.runs += 1
        async with self.changed:
            self.changed.notify_all()
        if self.fault:
            raise self.fault
        return Report(1)

    async def reaches(self, runs):
        async with self.changed:
            await self.changed.wait_for(lambda: self.runs >= runs)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
async def db(database_url):
    async with Database(database_url, size=4) as database:
        yield database


def job(work, name="count", **fields):
    return Job(name=name, every=fields.pop("every", HOUR), run=work, **fields)


async def test_a_rhythm_holds_over_all_runners(db):
    work, clock = Work(), Clock()
    runners = [Runner(db, [job(work)], clock, None) for _ in range(2)]
    await asyncio.gather(*(r._turn(r._jobs["count"], forced=False) for r in runners))
    assert work.runs == 1
    clock.now += HOUR
    await asyncio.gather(*(r._turn(r._jobs["count"], forced=False) for r in runners))
    assert work.runs == 2


async def test_by_hand_runs_whatever_the_rhythm_says(db):
    work = Work()
    runner = Runner(db, [job(work)], Clock(), None)
    assert (await runner.run("count")).done == 1
    assert (await runner.run("count")).done == 1
    with pytest.raises(UnknownJob):
        await runner.run("nothing")


async def test_the_bell_wakes_every_runner_at_once(db, database_url):
    works = [Work(), Work()]
    runners = [
        Runner(db, [job(work, name=f"job{n}", heeds_bell=True)], Clock(), database_url)
        for n, work in enumerate(works)
    ]
    async with asyncio.timeout(30), runners[0], runners[1]:
        # Once by rhythm and once because the listener began to hear.
        await asyncio.gather(*(work.reaches(2) for work in works))
        before = [work.runs for work in works]
        runners[0].ring()
        await asyncio.gather(*(w.reaches(n + 1) for w, n in zip(works, before, strict=True)))


async def test_a_ring_from_another_program_is_heard(db, database_url):
    work = Work()
    async with (
        asyncio.timeout(30),
        Runner(db, [job(work, heeds_bell=True)], Clock(), database_url),
    ):
        await work.reaches(2)
        before = work.runs
        await ring(db)
        await work.reaches(before + 1)


async def test_a_ring_while_it_rests_is_heard_afterwards(db, database_url):
    work = Work()
    async with (
        asyncio.timeout(30),
        Runner(db, [job(work, heeds_bell=True)], Clock(), database_url) as bell,
    ):
        await work.reaches(2)
        for runs in (3, 4):
            bell.ring()
            await work.reaches(runs)


async def test_who_rests_ends_at_once_when_told(db, database_url, monkeypatch):
    monkeypatch.setattr("kiosk_app.backend.jobs.runner._REST_S", HOUR.total_seconds())
    work = Work()
    bell = Runner(db, [job(work, heeds_bell=True)], Clock(), database_url)
    async with asyncio.timeout(30), bell:
        await work.reaches(2)
    assert not any(loop.cancelled() for loop in bell._loops)


async def test_a_job_that_fails_is_noted_and_stops_nothing(db):
    bad, good = Work(ValueError("ana@example.org")), Work()
    runner = Runner(db, [job(bad, "bad"), job(good, "good")], Clock(), None)
    async with asyncio.timeout(30), runner:
        await asyncio.gather(bad.reaches(1), good.reaches(1))
    runs = {run.name: run for run in await job_runs(db)}
    assert runs["bad"].last_error == "failed: ValueError"
    assert runs["bad"].last_ok is None
    assert runs["good"].last_error is None
    assert runs["good"].last_ok == NOW


async def test_a_database_that_is_away_is_no_crash(db):
    runner = Runner(db, [job(Work())], Clock(), None)
    await db.close()
    report = await runner.run("count")
    assert report.problem.startswith("database:")


async def test_a_fault_of_ours_does_not_end_a_loop(postgres):
    work = Work()
    with postgres.database() as url:
        query(url, "ALTER TABLE job_runs RENAME TO elsewhere")
        async with asyncio.timeout(30), Database(url, size=2) as own:
            runner = Runner(own, [job(work, every=timedelta(0))], Clock(), None)
            assert (await runner.run("count")).problem == "failed: UndefinedTable"
            async with runner:
                query(url, "ALTER TABLE elsewhere RENAME TO job_runs")
                await work.reaches(1)


async def test_a_lost_bell_is_found_again(db, database_url, monkeypatch):
    monkeypatch.setattr("kiosk_app.backend.storage.jobs._RECONNECT_S", 0)
    work = Work()
    runner = Runner(db, [job(work, heeds_bell=True)], Clock(), database_url)
    async with asyncio.timeout(30), runner:
        await work.reaches(2)
        before = work.runs
        query(
            database_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query = 'LISTEN kiosk_jobs' AND datname = current_database()",
        )
        await work.reaches(before + 1)  # it looks for itself when it hears again
        await ring(db)
        await work.reaches(before + 2)


async def test_work_under_way_may_finish(db):
    begun, finish = asyncio.Event(), asyncio.Event()

    async def slow(_now):
        begun.set()
        await finish.wait()
        return Report(7)

    runner = Runner(db, [job(slow)], Clock(), None)
    async with asyncio.timeout(30):
        async with runner:
            await begun.wait()
            asyncio.get_running_loop().call_soon(finish.set)
        [run] = await job_runs(db)
    assert run.last_finished == NOW


async def test_work_that_does_not_finish_is_ended(db, monkeypatch):
    monkeypatch.setattr("kiosk_app.backend.jobs.runner.GRACE_S", 0.05)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(_now):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with asyncio.timeout(30), Runner(db, [job(endless)], Clock(), None):
        await begun.wait()
    assert ended.is_set()


async def test_jobs_by_hand_do_not_run_by_themselves(db):
    never, work = Work(), Work()
    jobs = [job(never, "never", by_hand=True), job(work)]
    async with asyncio.timeout(30), Runner(db, jobs, Clock(), None):
        await work.reaches(1)
    assert never.runs == 0
