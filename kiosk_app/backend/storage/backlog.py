"""How much work waits, and for how long: one statement for whoever watches (A100)."""

from msgspec import Struct

from kiosk_app.backend.storage.database import Database

_BACKLOG = """
SELECT m.waiting, m.dead, m.oldest_s,
       (SELECT count(*) FROM crm_queue)::int AS crm_waiting,
       (SELECT extract(epoch FROM now() - min(queued_at))::float8 FROM crm_queue) AS crm_oldest_s,
       (SELECT extract(epoch FROM now() - at)::float8 FROM changes ORDER BY at DESC LIMIT 1)
           AS feed_age_s,
       (SELECT extract(epoch FROM now() - min(last_started))::float8 FROM job_runs) AS job_age_s
FROM (SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
             count(*) FILTER (WHERE state = 'dead')::int AS dead,
             extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'waiting'))::float8
                 AS oldest_s
      FROM mail_outbox WHERE state IN ('waiting', 'dead')) AS m
"""


class Backlog(Struct, frozen=True, kw_only=True):
    """Counts, and ages in seconds; None where there is nothing to be old."""

    waiting: int
    dead: int
    oldest_s: float | None
    crm_waiting: int
    crm_oldest_s: float | None
    feed_age_s: float | None
    """Since the newest change of a session."""
    job_age_s: float | None
    """Since the last start of the job that has been silent for longest."""


async def backlog(db: Database) -> Backlog:
    """Read the present backlog."""
    found = await db.row(_BACKLOG, Backlog)
    assert found is not None  # noqa: S101 - an aggregate always answers
    return found
