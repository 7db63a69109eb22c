"""The two-hourly sync with the CRM: one run at a time, what is done stays done (B29-B32).

Order: top-ups over there become ours; then students, sessions, bookings and notes go out, so that a
booking finds both its ends and a note its student. A used-up quota or an outage ends the run; the next one goes on with
what is still in the queue.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from kiosk_app.backend.jobs.crm_contacts import pull_balances, push_contacts
from kiosk_app.backend.jobs.crm_mirror import push_bookings, push_sessions
from kiosk_app.backend.jobs.crm_notes import push_notes
from kiosk_app.backend.jobs.crm_work import Tally, Work
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.outside.crm.off import NoCrm
from kiosk_app.backend.outside.crm.words import Crm, Later, Refused
from kiosk_app.backend.storage import crm as mirror
from kiosk_app.backend.storage.database import Database, StorageError

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=2)
"""How often the sync runs (B29)."""
_LOCK = 0x63726D
"""Key of the lock under which one process syncs and the others pass."""

Ending = Literal["done", "later", "refused", "off", "busy"]


class SyncReport(Struct, frozen=True, kw_only=True):
    """How a run went; `busy` and `off` did nothing."""

    outcome: Ending
    contacts: int = 0
    sessions: int = 0
    bookings: int = 0
    notes: int = 0
    tokens_added: int = 0
    turned: int = 0
    doubtful: int = 0
    error: str | None = None
    retry_after: float | None = None
    """Seconds the CRM wants to be left alone."""


class CrmSync(Struct, frozen=True):
    """The sync as a job of the schedule."""

    db: Database
    crm: Crm

    async def run(self, now: datetime) -> Report:
        """Run once; a quota or an outage is a problem that the next turn takes up."""
        report = await sync_crm(self.db, self.crm, lambda: now)
        done = report.contacts + report.sessions + report.bookings + report.notes
        left = f"{report.turned} records refused" if report.turned else ""
        return Report(done, report.error or left)


async def sync_crm(db: Database, crm: Crm, clock: Callable[[], datetime]) -> SyncReport:
    """Run one sync.

    Raises:
        StorageError: our own database is the trouble; the log has a line when it could be written.
    """
    if isinstance(crm, NoCrm):
        return SyncReport(outcome="off")
    async with db.only_one(_LOCK) as mine:
        if not mine:
            return SyncReport(outcome="busy")
        return await _run(Work(db, crm, clock, Tally()))


async def _run(work: Work) -> SyncReport:
    started = work.clock()
    report = SyncReport(outcome="done")
    try:
        await mirror.switch(work.db, on=True)
        for part in (pull_balances, push_contacts, push_sessions, push_bookings, push_notes):
            await part(work)
    except Later as fault:
        report = SyncReport(outcome="later", error=str(fault), retry_after=fault.after)
    except Refused as fault:
        report = SyncReport(outcome="refused", error=str(fault))
    except StorageError as fault:
        await _write_line(work, started, "failed", type(fault).__name__)
        raise
    await _write_line(work, started, report.outcome, report.error)
    counts = asdict(work.tally)
    logger.info("crm sync %s", report.outcome, extra=counts | {"error": report.error})
    return SyncReport(**(asdict(report) | counts))


async def _write_line(work: Work, started: datetime, outcome: str, error: str | None) -> None:
    line = {"started_at": started, "finished_at": work.clock(), "outcome": outcome, "error": error}
    await mirror.log_run(work.db, line | asdict(work.tally))
