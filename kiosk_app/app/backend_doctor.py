"""`kiosk-backend doctor`: is this installation sound?

After a deployment it also asks what a client would ask (A98): whether the listings answer and how many
sessions they hold, and the tokens of a test student, whom only the environment names.
"""

import os
from collections.abc import Mapping, Sequence

from msgspec import Struct

from kiosk_app.backend.core.books import Finding, check_books
from kiosk_app.backend.core.credits import check_credits
from kiosk_app.backend.core.crm_checks import check_crm
from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.core.mail_checks import check_mail
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.outside.mail.mailer import Way
from kiosk_app.backend.storage.checks import server_version
from kiosk_app.backend.storage.database import Database, StorageError
from kiosk_app.backend.storage.migrating import MigrationError, versions
from kiosk_app.contract.sessions import MockType

STUDENT_VARIABLE = "KIOSK_PROBE_STUDENT"
"""`QX4417 ana@example.org`: ID and e-mail of a student whose tokens are checked."""


class TestStudent(Struct, frozen=True):
    """Whose tokens are checked; named in no output."""

    student_id: str
    email: str


def read_test_student(environment: Mapping[str, str]) -> TestStudent | None:
    """Read the test student, if there is one."""
    student_id, _, email = environment.get(STUDENT_VARIABLE, "").strip().partition(" ")
    return TestStudent(student_id, email.strip()) if student_id else None


async def examine(url: str, crm: Crm, ways: Sequence[Way]) -> list[Finding]:
    """Check database, schema, books, CRM and mail; what cannot be asked is not asked."""
    student = read_test_student(os.environ)
    return [*await _examine(url, student), *await check_crm(crm), *await check_mail(ways)]


async def _examine(url: str, student: TestStudent | None) -> list[Finding]:
    try:
        present, newest = versions(url)
    except MigrationError as fault:
        return [Finding(name="database", ok=False, detail=str(fault))]
    schema = Finding(
        name="schema", ok=present == newest, detail=f"version {present}, newest is {newest}"
    )
    try:
        async with Database(url, size=1) as db:
            version = await server_version(db)
            reached = Finding(name="database", ok=True, detail=f"PostgreSQL {version}")
            core = Core(db=db, shelf=Shelf())
            books = [*await check_books(core), *await _probe(core, student)] if schema.ok else []
    except StorageError as fault:
        return [Finding(name="database", ok=False, detail=str(fault)), schema]
    return [reached, schema, *books]


async def _probe(core: Core, student: TestStudent | None) -> list[Finding]:
    """Ask what a client asks first."""
    found = []
    for policy in (DISCUSSIONS, EXAMS):
        sessions = await list_available(core, policy, Wanted())
        detail = f"open sessions: {len(sessions)}"
        found.append(Finding(name=f"listing {policy.name}", ok=True, detail=detail))
    return [*found, *([await _credits(core, student)] if student else [])]


async def _credits(core: Core, student: TestStudent) -> Finding:
    name, kind = "credits", MockType.MOCK_DISCUSSION
    try:
        answer = await check_credits(core, student.student_id, student.email, kind, "en")
    except Refusal as refusal:
        return Finding(name=name, ok=False, detail=f"{STUDENT_VARIABLE}: {refusal.code}")
    return Finding(name=name, ok=True, detail=f"{answer.available_credits} discussion tokens")
