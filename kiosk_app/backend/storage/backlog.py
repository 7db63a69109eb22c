"""How much work waits, and for how long: one statement for whoever watches (A100)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from kiosk_app.backend.storage.database import Database

_BACKLOG = """
SELECT m.waiting, m.dead, m.oldest_s,
       (SELECT count(*) FROM crm_queue)::int AS crm_waiting,
       (SELECT extract(epoch FROM now() - min(queued_at))::float8 FROM crm_queue) AS crm_oldest_s,
       (SELECT extract(epoch FROM now() - at)::float8 FROM changes ORDER BY at DESC LIMIT 1)
           AS feed_age_s,
       l.granted AS leases_granted, l.used AS leases_used, l.held AS leases_held,
       l.stranded AS leases_stranded,
       (SELECT count(*) FROM attention WHERE settled_at IS NULL AND kind = 'clone_alarm')::int
           + (SELECT count(*) FROM restores WHERE ended_at IS NULL AND began_at IS NULL)::int
           AS alarms
FROM (SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
             count(*) FILTER (WHERE state = 'dead')::int AS dead,
             extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'waiting'))::float8
                 AS oldest_s
      FROM mail_outbox WHERE state IN ('waiting', 'dead')) AS m,
     (SELECT count(*)::int AS granted,
             count(*) FILTER (WHERE s.state = 'used')::int AS used,
             count(*) FILTER (WHERE s.state = 'leased')::int AS held,
             count(*) FILTER (WHERE s.state = 'leased' AND t.starts_at > %(now)s
                 AND (d.revoked_at IS NOT NULL OR s.renewed_at <= %(before)s))::int AS stranded
      FROM lease_slots s JOIN devices d ON d.id = s.device_id
      JOIN mock_sessions t ON t.id = s.session_id) AS l
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
    leases_granted: int
    """Of the sessions that are still here, since ever."""
    leases_used: int
    leases_held: int
    leases_stranded: int
    """Held by devices that may confirm nothing any more, in sessions ahead."""
    alarms: int
    """Copied devices and restores that nobody has seen to."""


_QUEUES = """
SELECT (SELECT count(*) FROM mail_outbox WHERE state = 'waiting')::int AS mail_waiting,
       (SELECT count(*) FROM mail_outbox WHERE state = 'dead')::int AS mail_dead,
       (SELECT count(*) FROM crm_queue)::int AS crm_waiting,
       (SELECT count(*) FROM webhook_outbox WHERE state = 'waiting')::int AS webhooks_waiting,
       (SELECT count(*) FROM webhook_outbox WHERE state = 'dead')::int AS webhooks_dead,
       (SELECT extract(epoch FROM now() - min(at))::float8 FROM webhook_outbox
        WHERE state = 'waiting') AS webhooks_oldest_s,
       (SELECT count(*) FROM job_runs
        WHERE name = ANY(%(jobs)s) AND next_due < %(late)s)::int AS jobs_overdue
"""
OVERDUE_AFTER = timedelta(minutes=5)
"""A job that should have begun so long ago is missing whoever runs it."""


class Queues(Struct, frozen=True, kw_only=True):
    """What waits for each job, and how many jobs are late; cheap enough to be asked every second."""

    mail_waiting: int
    mail_dead: int
    crm_waiting: int
    webhooks_waiting: int
    webhooks_dead: int
    webhooks_oldest_s: float | None
    jobs_overdue: int


async def queues(db: Database, now: datetime, jobs: Sequence[str]) -> Queues:
    """Read what waits; `jobs` are those that should run by themselves."""
    found = await db.row(_QUEUES, Queues, {"jobs": list(jobs), "late": now - OVERDUE_AFTER})
    assert found is not None  # noqa: S101 - a select without a table answers one row
    return found


async def backlog(db: Database, now: datetime, lease_life: timedelta) -> Backlog:
    """Read the present backlog; a device may confirm for so long after it was heard."""
    found = await db.row(_BACKLOG, Backlog, {"now": now, "before": now - lease_life})
    assert found is not None  # noqa: S101 - an aggregate always answers
    return found
