"""One mail to the students of many bookings: through the outbox, in one transaction, once (A76)."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from kiosk_app.backend.core.admin_bookings import filters_told
from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.inputs import invalid
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.outside.mail.announcement import announcement_letter
from kiosk_app.backend.outside.mail.facts import Announcement, Person
from kiosk_app.backend.outside.mail.letter import as_text
from kiosk_app.backend.outside.mail.message import BadAddress, mailbox
from kiosk_app.backend.storage.announcements import (
    NewAnnouncement,
    Recipient,
    add_announcement,
    known_announcement,
    queue_announcement,
    students_named,
    students_wanted,
)
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.contract.announcements import (
    MOST_RECIPIENTS,
    Announce,
    Announced,
    FirstMail,
    Unreachable,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role


async def announce(
    core: Core, caller: Caller, wish: Announce, key: str, *, preview: bool
) -> Announced:
    """Write one mail to each student of the bookings meant, once for each key.

    Args:
        core: the core.
        caller: an administrator.
        wish: the words, and whom they are for.
        key: of the request; the same one twice writes to nobody again.
        preview: write to nobody, and say who would get what.

    Raises:
        Refusal: BOOKING_NOT_FOUND when nobody can be written to, TOO_MANY_RECIPIENTS,
            IDEMPOTENCY_KEY_REUSED for other words or other bookings under the same key.
    """
    caller.require_role(Role.ADMIN)
    async with core.db.transaction() as transaction:
        people = await _audience(transaction, wish)
        reached = [one for one in people if _has_address(one)]
        answer = Announced(
            preview=preview,
            recipients=len(reached),
            unreachable=_unreachable(people),
            unknown=_unknown(wish.bookings or (), people),
        )
        if preview:
            first = _first(wish, reached[0]) if reached else None
            return replace(answer, first=first)
        new = NewAnnouncement(
            announcement_key=key,
            request_hash=hashlib.sha256(msgspec.json.encode(wish)).hexdigest(),
            subject=wish.subject.strip(),
            body=wish.body.strip(),
            recipients=len(reached),
        )
        before = await _sent_before(transaction, new)
        if before is None and (number := await _send(core, transaction, new, reached)):
            await _log(transaction, caller, wish, number, len(reached))
        elif before is None:
            # Somebody with the same key was faster by a moment.
            before = await _sent_before(transaction, new)
    if before is not None:
        return replace(answer, repeated=True, recipients=before)
    core.ring()
    return answer


async def _sent_before(transaction: Transaction, new: NewAnnouncement) -> int | None:
    """Return how many an earlier request with this key wrote to."""
    known = await known_announcement(transaction, new.announcement_key)
    if known and known.request_hash != new.request_hash:
        raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
    return known.recipients if known else None


async def _send(
    core: Core, transaction: Transaction, new: NewAnnouncement, reached: Sequence[Recipient]
) -> UUID | None:
    if not reached:
        raise Refusal(Code.BOOKING_NOT_FOUND)
    number = await add_announcement(transaction, new)
    if number:
        contacts = [one.contact_id for one in reached]
        await queue_announcement(transaction, number, contacts, core.clock())
    return number


async def _log(
    transaction: Transaction, caller: Caller, wish: Announce, number: UUID, recipients: int
) -> None:
    given = filters_told(wish.filter) if wish.filter else None
    after = {"recipients": recipients, "filters": given}
    await audit(transaction, caller, "mail.announced", ("announcement", number), after=after)


async def _audience(transaction: Transaction, wish: Announce) -> list[Recipient]:
    most = MOST_RECIPIENTS + 1
    match wish.bookings, wish.filter:
        case list(refs), None:
            found = await students_named(transaction, [ref.strip() for ref in refs], most)
        case None, filter_ if filter_ is not None:
            found = await students_wanted(transaction, filter_, most)
        case _:
            raise invalid("bookings", "give either bookings or a filter")
    if len(found) > MOST_RECIPIENTS:
        raise Refusal(Code.TOO_MANY_RECIPIENTS)
    return found


def _has_address(one: Recipient) -> bool:
    try:
        mailbox(one.email, one.name)
    except BadAddress:
        return False
    return True


def _unreachable(people: Sequence[Recipient]) -> list[Unreachable]:
    return [
        Unreachable(
            contact_id=str(one.contact_id),
            student_id=one.student_id,
            reason="mail_failed" if _has_address(one) else "bad_address",
        )
        for one in people
        if one.failed or not _has_address(one)
    ]


def _unknown(refs: Sequence[str], people: Sequence[Recipient]) -> list[str]:
    names = {name for one in people for name in one.names}
    return [ref for ref in refs if not {ref.strip(), ref.strip().lower()} & names]


def _first(wish: Announce, one: Recipient) -> FirstMail:
    person = Person(name=one.name, address=one.email, language=one.language)
    letter = announcement_letter(Announcement(person, wish.subject, wish.body))
    return FirstMail(student_id=one.student_id, subject=letter.subject, text=as_text(letter))
