"""What staff may do about an item of their list, and what the way that they choose does (§5.5).

Ways that are no more than words (a call, nothing to do) are noted. Another session is booked by the
documented routes, so that every check and mail is the usual one.
"""

from datetime import datetime
from uuid import UUID

from kiosk_app.backend.core.bookings import code_of
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.desk import enter
from kiosk_app.backend.core.messages import say
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.attention import AttentionRow, write_to_student
from kiosk_app.backend.storage.bookings import CreateOutcome
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.desk import HandEntry
from kiosk_app.backend.storage.mail import FreeSession, free_alternatives
from kiosk_app.contract.attention import Alternative, AttentionKind, Option, SettleAttention, Way
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ON_BEHALF
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.attention import WAYS
from kiosk_app.i18n.problems import N_, sentence
from kiosk_app.i18n.texts import Language

MOST_ALTERNATIVES = 3
_HAPPENED = {
    AttentionKind.REHOUSE: N_("A seat was guaranteed with no network and cannot be had."),
    AttentionKind.DEBT: N_(
        "A guaranteed seat was given. Its token had been spent elsewhere and is owed."
    ),
    AttentionKind.DUPLICATE_FREED: N_(
        "The student had this session or day already. The second seat is free again."
    ),
    AttentionKind.CLONE_ALARM: N_("A device was copied or set back. It was shut out."),
    AttentionKind.UNKNOWN_LEASE: N_("After a restore a device holds a seat that is taken."),
    AttentionKind.CANCELLED_CHECK_IN: N_(
        "Somebody was checked in with no network. Their booking had been cancelled."
    ),
    AttentionKind.STRANDED: N_(
        "A device can confirm nothing any more and has not said which of its seats it used."
    ),
    AttentionKind.RESTORE_NOTICED: N_(
        "A device knows more than the database. Was the database restored from a backup?"
    ),
}
_ELSEWHERE = frozenset({AttentionKind.REHOUSE, AttentionKind.UNKNOWN_LEASE})


def happened(kind: AttentionKind, code: Code | None, language: Language) -> str:
    """Say what happened, with the reason where there is one."""
    text = say(language, _HAPPENED[kind])
    return f"{text} {sentence(code, language)}" if code else text


def reason_of(row: AttentionRow) -> Code | None:
    """Return why a seat could not be had."""
    if row.kind is not AttentionKind.REHOUSE:
        return None
    code, outcome = row.details.get("code"), row.details.get("outcome")
    if code in set(Code):
        return Code(code)
    if outcome in set(CreateOutcome) and row.mock_type:
        return code_of(CreateOutcome(outcome), row.mock_type)
    return None


def writes(row: AttentionRow) -> bool:
    """Say whether WRITE_STUDENT would write a mail now."""
    known = row.contact_id is not None and row.session_id is not None
    return row.kind is AttentionKind.REHOUSE and known and not row.mailed


def options(row: AttentionRow, free: list[FreeSession]) -> list[Option]:
    """Return the ways out of an item, each as it can be chosen."""
    found: list[Option] = []
    for way in WAYS[row.kind]:
        if way is Way.BOOK_OTHER:
            found += [Option(way=way, alternative=_alternative(one)) for one in free]
        elif way is not Way.WRITE_STUDENT:
            found.append(Option(way=way))
        elif writes(row):
            found.append(Option(way=way, mails=True))
    return found


async def free_elsewhere(core: Core, row: AttentionRow, now: datetime) -> list[FreeSession]:
    """Return the nearest sessions with a free seat that the student could have instead."""
    if row.kind not in _ELSEWHERE or row.mock_type is None or row.starts_at is None:
        return []
    return await free_alternatives(
        core.db, row.mock_type, row.starts_at, row.contact_id, now, MOST_ALTERNATIVES
    )


async def take(work: Transaction, caller: Caller, row: AttentionRow, body: SettleAttention) -> None:
    """Do what the chosen way says, in the transaction that closes the item.

    Raises:
        Refusal: INSUFFICIENT_PERMISSIONS for who does not act for students.
    """
    if body.way is Way.WRITE_STUDENT and writes(row):
        caller.require_role(*ON_BEHALF)
        code = reason_of(row) or Code.SESSION_CLOSED
        await write_to_student(work, row, code, body.words.strip())
    if body.way in {Way.ADD_TOKEN, Way.WAIVE} and row.kind is AttentionKind.DEBT:
        caller.require_role(*ON_BEHALF)
        await _pay(work, caller, row.contact_id, row, body.reason.strip())


async def _pay(
    work: Transaction, caller: Caller, contact: UUID | None, row: AttentionRow, note: str
) -> None:
    field = row.details.get("credit_field")
    if contact is None or field not in set(CreditField):
        return
    entry = HandEntry(contact_id=contact, credit_field=CreditField(field), amount=1, note=note)
    await enter(work, caller, entry, f"attention-{row.id}")


def _alternative(one: FreeSession) -> Alternative:
    return Alternative(
        session_id=str(one.id),
        starts_at=wire_instant(one.starts_at),
        ends_at=wire_instant(one.ends_at),
        time_zone=one.time_zone,
        location=one.location,
        left=one.left,
    )
