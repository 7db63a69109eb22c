"""`kiosk-backend jobs list|run`: what the jobs do, and one of them now."""

import asyncio
import os
from argparse import Namespace
from typing import Any

import msgspec
from msgspec import Struct

from kiosk_app.app.backend_crm import closing, read_crm_settings
from kiosk_app.app.backend_mail import (
    MailSettings,
    read_mail_settings,
    runner_for,
    tell_workers,
)
from kiosk_app.app.backend_place import database_of
from kiosk_app.app.backend_rules import read_shared_types
from kiosk_app.app.backend_webhooks import read_webhook_endpoint
from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.jobs.runner import Runner
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.backlog import Queues, queues
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.jobs import JobRun, job_runs
from kiosk_app.backend.storage.mail import DeadMail, MailCounts, dead_mail, mail_counts
from kiosk_app.backend.storage.migrating import migrate
from kiosk_app.contract.wire import wire_instant

_MOST_DEAD = 50


class Overview(Struct, frozen=True, kw_only=True):
    """Jobs, their last runs, and the outbox."""

    runner: Runner
    runs: dict[str, JobRun]
    mail: MailCounts
    waiting: Queues
    dead: list[DeadMail]
    way: str


def _runner(db: Database, settings: MailSettings, crm: Crm) -> Runner:
    endpoint, shared = read_webhook_endpoint(os.environ), read_shared_types(os.environ)
    return runner_for(db, settings, None, crm, endpoint=endpoint, shared=shared)


def overview(options: Namespace) -> Overview:
    """Read how the jobs stand."""
    tell_workers(options)
    settings, crm = read_mail_settings(os.environ), read_crm_settings(os.environ).connect()

    async def read(url: str) -> Overview:
        async with closing(crm), Database(url, size=2) as db:
            return Overview(
                runner=_runner(db, settings, crm),
                runs={run.name: run for run in await job_runs(db)},
                mail=await mail_counts(db),
                waiting=await queues(db, utc_now(), ()),
                dead=await dead_mail(db, _MOST_DEAD),
                way=settings.mailer().about,
            )

    with database_of(options) as url:
        migrate(url)
        return asyncio.run(read(url))


def run_now(options: Namespace) -> Report:
    """Run one job, whether it is due or not.

    Raises:
        UnknownJob: there is none of this name.
    """
    tell_workers(options)
    settings, crm = read_mail_settings(os.environ), read_crm_settings(os.environ).connect()

    async def work(url: str) -> Report:
        async with closing(crm), Database(url, size=4) as db:
            return await _runner(db, settings, crm).run(options.name)

    with database_of(options) as url:
        migrate(url)
        return asyncio.run(work(url))


def document(seen: Overview) -> dict[str, Any]:
    """Return the overview as one JSON document; it names no person."""
    return {
        "mail_goes_to": seen.way,
        "mail": msgspec.to_builtins(seen.mail),
        "dead": [
            {
                "id": str(mail.id),
                "kind": mail.kind,
                "booking": str(mail.booking_id) if mail.booking_id else None,
                "attempts": mail.attempts,
                "since": wire_instant(mail.due_at),
                "error": mail.last_error,
            }
            for mail in seen.dead
        ],
        "webhooks": {
            "waiting": seen.waiting.webhooks_waiting,
            "dead": seen.waiting.webhooks_dead,
        },
        "jobs": [
            {
                "name": job.name,
                "every_s": None if job.by_hand else job.every.total_seconds(),
                **_run_document(seen.runs.get(job.name)),
            }
            for job in seen.runner.jobs
        ],
    }


def as_text(shown: dict[str, Any]) -> str:
    """Write the document for a person."""
    mail = ", ".join(f"{count} {state}" for state, count in shown["mail"].items())
    lines = [f"mail: {mail}; goes to {shown['mail_goes_to']}"]
    events = ", ".join(f"{count} {state}" for state, count in shown["webhooks"].items())
    lines.append(f"events: {events}")
    for job in shown["jobs"]:
        rhythm = f"every {job['every_s']:g} s" if job["every_s"] else "by hand"
        last = job["last_finished"] or "never"
        fault = f", {job['last_error']}" if job["last_error"] else ""
        lines.append(f"{job['name']:<12} {rhythm:<14} last run {last}{fault}")
    dead = [f"dead: {mail['kind']} {mail['id']} {mail['error']}" for mail in shown["dead"]]
    return "\n".join([*lines, *dead])


def _run_document(run: JobRun | None) -> dict[str, Any]:
    names = ("last_started", "last_finished", "last_ok", "next_due")
    times = {name: getattr(run, name, None) for name in names}
    return {
        **{name: wire_instant(time) if time else None for name, time in times.items()},
        "last_error": run.last_error if run else None,
        "runs": run.runs if run else 0,
    }
