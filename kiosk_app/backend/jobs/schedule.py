"""The jobs there are, and how often each runs (K32)."""

from datetime import timedelta

from kiosk_app.backend.jobs.job import Job
from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.jobs.reminders import Reminders
from kiosk_app.backend.storage.database import Database

MAIL = "mail"
REMINDERS = "reminders"
RETRY_MAIL = "retry-mail"


def all_jobs(db: Database, mail: MailRoom) -> list[Job]:
    """Return every job of the backend."""
    return [
        Job(name=MAIL, every=timedelta(seconds=10), run=mail.run, heeds_bell=True),
        Job(name=REMINDERS, every=timedelta(minutes=1), run=Reminders(db).run),
        Job(name=RETRY_MAIL, every=timedelta(days=1), run=mail.revive, by_hand=True),
    ]
