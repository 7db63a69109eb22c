"""The jobs there are, and how often each runs (K32)."""

from datetime import timedelta

from kiosk_app.backend.jobs.attendance import Attendance
from kiosk_app.backend.jobs.crm_sync import EVERY, CrmSync
from kiosk_app.backend.jobs.grace import Grace
from kiosk_app.backend.jobs.job import Job
from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.jobs.reminders import Reminders
from kiosk_app.backend.jobs.upkeep import FeedRetention, Recount
from kiosk_app.backend.jobs.waitlist import Waitlist
from kiosk_app.backend.jobs.webhooks import Webhooks
from kiosk_app.backend.outside.crm.off import NoCrm
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import SHARED_FALLBACK

MAIL = "mail"
REMINDERS = "reminders"
RETRY_MAIL = "retry-mail"
WAITLIST = "waitlist"
ATTENDANCE = "attendance"
GRACE = "restore-grace"
RECOUNT = "recount"
FEED_RETENTION = "feed-retention"
WEBHOOKS = "webhooks"
RETRY_WEBHOOKS = "retry-webhooks"

CRM_SYNC = "batch-sync-hubspot"
"""Documented as the last part of its cron route (B29)."""


def all_jobs(
    db: Database,
    mail: MailRoom,
    webhooks: Webhooks,
    crm: Crm | None = None,
    shared: frozenset[MockType] = SHARED_FALLBACK,
) -> list[Job]:
    """Return every job of the backend; without a CRM there is none for it."""
    lists = Waitlist(db, shared)
    jobs = [
        Job(name=MAIL, every=timedelta(seconds=10), run=mail.run, heeds_bell=True),
        Job(name=REMINDERS, every=timedelta(minutes=1), run=Reminders(db).run),
        Job(name=WAITLIST, every=timedelta(minutes=1), run=lists.run, heeds_bell=True),
        Job(name=ATTENDANCE, every=timedelta(minutes=1), run=Attendance(db).run),
        Job(name=GRACE, every=timedelta(minutes=1), run=Grace(db).run, heeds_bell=True),
        Job(name=RECOUNT, every=timedelta(days=1), run=Recount(db).run),
        Job(name=FEED_RETENTION, every=timedelta(days=1), run=FeedRetention(db).run),
        Job(name=WEBHOOKS, every=timedelta(seconds=5), run=webhooks.run, heeds_bell=True),
        Job(name=RETRY_WEBHOOKS, every=timedelta(days=1), run=webhooks.revive, by_hand=True),
        Job(name=RETRY_MAIL, every=timedelta(days=1), run=mail.revive, by_hand=True),
    ]
    if crm is not None and not isinstance(crm, NoCrm):
        jobs.append(Job(name=CRM_SYNC, every=EVERY, run=CrmSync(db, crm).run))
    return jobs
