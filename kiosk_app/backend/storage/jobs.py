"""Statements about jobs: whose turn it is, how it went, and the bell that wakes them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
from msgspec import Struct

from kiosk_app.backend.storage.database import Database

logger = logging.getLogger(__name__)

CHANNEL = "kiosk_jobs"
_SOON = "set_config('synchronous_commit', 'off', true) AS soon"
"""Read with a statement whose commit need not wait for the disk, nor let a booking wait behind it: a
turn that a crash forgets is taken again."""
_RECONNECT_S = 5.0


class JobRun(Struct, frozen=True, kw_only=True):
    """How a job stands; `last_started` is its heartbeat."""

    name: str
    next_due: datetime
    last_started: datetime
    last_finished: datetime | None
    last_ok: datetime | None
    last_error: str | None
    runs: int


async def begin_run(
    db: Database, name: str, now: datetime, every: timedelta, *, forced: bool
) -> bool:
    """Take this turn of a job; False when another process had it or it is not due yet."""
    return bool(
        await db.run(
            "INSERT INTO job_runs AS j (name, next_due, last_started, runs)"  # noqa: S608 - a constant
            f" SELECT %(name)s, %(next)s::timestamptz, %(now)s::timestamptz, 1 FROM {_SOON}"
            " ON CONFLICT (name) DO UPDATE SET next_due = excluded.next_due,"
            " last_started = excluded.last_started, runs = j.runs + 1"
            " WHERE %(forced)s OR j.next_due <= %(now)s",
            {"name": name, "next": now + every, "now": now, "forced": forced},
        )
    )


async def end_run(db: Database, name: str, now: datetime, error: str | None) -> None:
    """Note how a run went."""
    await db.run(
        "UPDATE job_runs SET last_finished = %(now)s, last_error = %(error)s,"  # noqa: S608 - a constant
        " last_ok = CASE WHEN %(error)s::text IS NULL THEN %(now)s ELSE last_ok END"
        f" FROM {_SOON} WHERE name = %(name)s",
        {"name": name, "now": now, "error": error},
    )


async def job_runs(db: Database) -> list[JobRun]:
    """Return every job that ever ran."""
    return await db.rows(
        "SELECT name, next_due, last_started, last_finished, last_ok, last_error, runs"
        " FROM job_runs ORDER BY name",
        JobRun,
    )


async def ring(db: Database) -> None:
    """Wake the runners of every process."""
    await db.run(f"NOTIFY {CHANNEL}")


async def listen(url: str, heard: Callable[[], None]) -> None:
    """Call `heard` at every ring, and after each (re)connection, because one may have been missed.

    Runs until cancelled; a lost connection is made again. Runners poll as well, so a deaf one is
    late and no worse.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                heard()
                async for _ in connection.notifies():
                    heard()
        except psycopg.OperationalError as fault:
            logger.warning("the bell is out of reach", extra={"fault": type(fault).__name__})
        await asyncio.sleep(_RECONNECT_S)
