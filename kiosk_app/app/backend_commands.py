"""What each `kiosk-backend` command does, once its options are read."""

import asyncio
import json
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec

from kiosk_app.app.backend_auth import BadAuthSetting, read_auth_settings
from kiosk_app.app.backend_crm import BadCrmSetting
from kiosk_app.app.backend_leases import BadLeaseSetting, read_lease_policy
from kiosk_app.app.backend_mail import BadMailSetting, read_mail_settings, with_mail_flags
from kiosk_app.app.backend_place import database_of
from kiosk_app.app.backend_rules import BadRules
from kiosk_app.app.backend_stage import BadStage, Stage, read_stage, stage_finding
from kiosk_app.app.backend_watch import BadWatchSetting
from kiosk_app.app.backend_webhooks import BadWebhookSetting
from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.core.devices import devices, issue_code, revoke
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.passwords import WeakPassword
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.core.users import UserFault
from kiosk_app.backend.storage.database import NO_MAIL, Database, StorageError
from kiosk_app.backend.storage.embedded import EmbeddedPostgresError
from kiosk_app.backend.storage.migrating import MigrationError, migrate
from kiosk_app.contract.wire import wire_instant

Answer = TypeVar("Answer")


class Failure(Exception):  # noqa: N818 - what a person reads, not a fault of the program
    """A command cannot do what was asked; the text says why."""


def run(options: Namespace) -> int:
    """Run the command that was named."""
    if options.command == "serve":
        from kiosk_app.app.backend_serving import serve

        return _told(lambda: serve(options))
    commands: dict[str, Callable[[Namespace], int]] = {
        "migrate": _migrate,
        "enrol": _enrol,
        "seed-demo": _seed,
        "import": _import,
        "doctor": _doctor,
        "devices": _devices,
        "user": _user,
        "jobs": _jobs,
        "crm": _crm,
        "restored": _restored,
    }
    return _told(lambda: commands[options.command](options))


def _told(work: Callable[[], int]) -> int:
    """Turn what can go wrong outside this program into a sentence."""
    try:
        return work()
    except (
        BadAuthSetting,
        BadLeaseSetting,
        BadCrmSetting,
        BadMailSetting,
        BadRules,
        BadStage,
        BadWatchSetting,
        BadWebhookSetting,
        EmbeddedPostgresError,
        MigrationError,
        StorageError,
        Refusal,
        UserFault,
        WeakPassword,
    ) as fault:
        raise Failure(str(fault)) from fault


def _with_core(
    options: Namespace,
    work: Callable[[Core], Awaitable[Answer]],
    settings: Sequence[str] = (),
) -> Answer:
    """Run `work` on the database, brought to this version."""

    async def inside(url: str) -> Answer:
        async with Database(url, size=8, settings=settings) as db:
            passwords = read_auth_settings(os.environ).passwords()
            leases = read_lease_policy(os.environ)
            return await work(Core(db=db, shelf=Shelf(), passwords=passwords, lease_policy=leases))

    with database_of(options) as url:
        migrate(url)
        return asyncio.run(inside(url))


def _show(options: Namespace, document: dict[str, Any], text: str) -> None:
    """Print one JSON document, or the sentences for a person."""
    print(json.dumps(document, ensure_ascii=False) if options.json else text)


def _migrate(options: Namespace) -> int:
    with database_of(options) as url:
        print(f"schema {migrate(url, options.to)}")
    return 0


def _enrol(options: Namespace) -> int:
    if not options.name.strip():
        print("kiosk-backend enrol: --name must not be empty", file=sys.stderr)
        return 2
    issued = _with_core(
        options,
        lambda core: issue_code(
            core,
            options.name.strip(),
            options.profile,
            options.location,
            device=options.device,
        ),
    )
    document = {
        "code": issued.code,
        "expires_at": wire_instant(issued.expires_at),
        "name": options.name.strip(),
        "profile": options.profile,
        "location": options.location,
        "device_id": str(options.device) if options.device else None,
    }
    _show(options, document, f"{issued.code}  (once, until {document['expires_at']})")
    return 0


def _seed(options: Namespace) -> int:
    if read_stage(os.environ) is Stage.PRODUCTION:
        raise BadStage("not in production: demo data is for nobody real")
    from kiosk_app.backend.core.demo.seeding import seed_demo
    from kiosk_app.backend.discussions.policy import DISCUSSIONS
    from kiosk_app.backend.exams.policy import EXAMS

    done = _with_core(
        options,
        lambda core: seed_demo(core, (DISCUSSIONS, EXAMS), options.today),
        settings=(NO_MAIL,),
    )
    size = f"{done.sessions} sessions, {done.students} students, {done.bookings} bookings"
    word = "seeded" if done.fresh else "there already"
    print(f"demo term around {done.today}: {size}, {word}")
    return 0


def _import(options: Namespace) -> int:
    from kiosk_app.backend.core.csv_rows import CsvRefusal
    from kiosk_app.backend.core.importing import ImportReport, import_file

    try:
        data = options.file.read_bytes()
    except OSError as fault:
        raise Failure(f"cannot read {options.file}: {fault.strerror}") from fault
    try:
        report = _with_core(
            options,
            lambda core: import_file(
                core, options.what, data, dry_run=options.dry_run, skip_bad=options.skip_bad
            ),
        )
    except CsvRefusal as refusal:
        report = ImportReport(
            kind=options.what,
            rows=0,
            added=0,
            changed=0,
            unchanged=0,
            written=False,
            errors=refusal.errors,
        )
    for error in report.errors:
        print(f"{options.file}:{error.line}: {error.column}: {error.message}", file=sys.stderr)
    counts = f"{report.added} new, {report.changed} changed, {report.unchanged} as before"
    ending = "" if report.written else "; nothing was written"
    text = f"{report.rows} rows: {counts}, {len(report.errors)} faults{ending}"
    _show(options, msgspec.to_builtins(report), text)
    return 1 if report.errors and not (options.skip_bad and report.written) else 0


def _doctor(options: Namespace) -> int:
    from kiosk_app.app.backend_crm import read_crm_settings
    from kiosk_app.app.backend_doctor import examine

    environment = with_mail_flags(options, os.environ)
    crm, ways = read_crm_settings(environment).connect(), read_mail_settings(environment).ways()
    with database_of(options) as url:
        findings = asyncio.run(examine(url, crm, ways))
    return _show_findings(options, [*findings, stage_finding(environment)])


def _show_findings(options: Namespace, findings: list[Finding]) -> int:
    ok = all(finding.ok for finding in findings)
    marks = [f"{'ok  ' if one.ok else 'FAIL'} {one.name}: {one.detail}" for one in findings]
    _show(options, {"ok": ok, "checks": msgspec.to_builtins(findings)}, "\n".join(marks))
    return 0 if ok else 1


def _devices(options: Namespace) -> int:
    if options.revoke:
        if not _with_core(options, lambda core: revoke(core, options.revoke)):
            raise Failure(f"no device {options.revoke} that could be revoked")
        _show(options, {"revoked": str(options.revoke)}, f"revoked {options.revoke}")
        return 0
    found = _with_core(options, devices)
    lines = [
        f"{one.id}  {one.profile:5}  {'revoked' if one.revoked_at else 'active':7}  {one.name}"
        for one in found
    ]
    _show(options, {"devices": msgspec.to_builtins(found)}, "\n".join(lines) or "no devices yet")
    return 0


def _user(options: Namespace) -> int:
    from kiosk_app.app.backend_users import work

    document, text = _with_core(options, lambda core: work(core, options))
    _show(options, document, text)
    return 0


def _jobs(options: Namespace) -> int:
    from kiosk_app.app.backend_jobs import as_text, document, overview, run_now
    from kiosk_app.backend.jobs.runner import UnknownJob

    if (options.verb == "run") != bool(options.name):
        print("kiosk-backend jobs: `run` needs one NAME, `list` takes none", file=sys.stderr)
        return 2
    if options.verb == "list":
        shown = document(overview(options))
        _show(options, shown, as_text(shown))
        return 0
    try:
        report = run_now(options)
    except UnknownJob as fault:
        raise Failure(f"there is no job {options.name!r}; see `jobs list`") from fault
    shown = {"job": options.name, "done": report.done, "problem": report.problem or None}
    ending = f"; {report.problem}" if report.problem else ""
    _show(options, shown, f"{options.name}: {report.done} done{ending}")
    return 1 if report.problem else 0


def _restored(options: Namespace) -> int:
    from kiosk_app.backend.core.restored import begin, finish

    if options.done:
        if not _with_core(options, finish):
            raise Failure("no grace runs")
        _show(options, {"grace": None}, "the grace is over; every free seat is sold again")
        return 0
    begun = _with_core(options, lambda core: begin(core, options.grace))
    until, names = wire_instant(begun.until), ", ".join(begun.waiting_for) or "nobody"
    text = f"{begun.sessions} sessions keep seats back until {until} at the latest; waiting for {names}"
    document = {"grace": until, "sessions": begun.sessions, "waiting_for": begun.waiting_for}
    _show(options, document, text)
    return 0


def _crm(options: Namespace) -> int:
    from kiosk_app.app.backend_crm import as_text, check_now, sync_now

    if options.verb == "mail-token":
        return _crm_mail_token(options)
    if options.verb == "check":
        return _show_findings(options, check_now(repair=options.repair))
    report = sync_now(options)
    if report.outcome == "off":
        raise Failure("no CRM is set up; see docs/crm.md")
    _show(options, msgspec.to_builtins(report), as_text(report))
    return 0 if report.outcome in {"done", "busy"} else 1


def _crm_mail_token(options: Namespace) -> int:
    from kiosk_app.app.backend_crm_mail import write_mail_token
    from kiosk_app.backend.outside.crm.words import CrmError

    try:
        token_id = write_mail_token(options.file, options.reset, eu=options.eu)
    except OSError as fault:
        raise Failure(f"cannot write {options.file}: {fault.strerror}") from fault
    except CrmError as fault:
        raise Failure(str(fault)) from fault
    text = f"the setting for token {token_id} is in {options.file}"
    _show(options, {"token": token_id, "file": str(options.file)}, text)
    return 0
