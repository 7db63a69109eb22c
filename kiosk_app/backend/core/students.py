"""Who a student is: our own record first, the CRM once for somebody new (B24-B28).

A hit in the CRM counts only when student id and e-mail both agree (B25, F59); then the student is
taken over with all balances and is local from then on. While our database is away, a credit check
is answered from the CRM, read only.
"""

import logging
import re
from math import ceil

from msgspec import Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.outside.crm.words import (
    Contact,
    CrmError,
    Found,
    Later,
    NotConfigured,
    PropertyMissing,
)
from kiosk_app.backend.storage.contacts import contact_by_student_id, get_contact_credits
from kiosk_app.backend.storage.crm import adopt_contact
from kiosk_app.backend.storage.database import UnavailableError
from kiosk_app.backend.storage.rows import ContactRow, read_balances
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code

logger = logging.getLogger(__name__)

_STUDENT_ID = re.compile(r"[A-Z0-9]{1,64}")
_NAME_LENGTH = (2, 100)
_RETRY_S = 30


class Standing(Struct, frozen=True, kw_only=True):
    """A student and their tokens."""

    ref: str
    """UUID of the contact; the CRM number while our database is away (F3)."""
    name: str
    enrollment_id: str | None
    balances: Balances


async def standing_of(core: Core, student_id: str, email: str) -> Standing:
    """Return the student whose id and e-mail these are, with balances.

    Raises:
        Refusal: STUDENT_NOT_FOUND, EMAIL_MISMATCH, PROPERTY_NOT_FOUND, SERVICE_DEGRADED.
        UnavailableError: the database is away and there is no CRM to ask instead.
    """
    try:
        known = await get_contact_credits(core.db, student_id, email)
        if known is None:
            if await known_student(core, student_id, email) is None:
                raise Refusal(Code.STUDENT_NOT_FOUND)
            # Whoever was taken over just now has both; anybody else has another e-mail.
            known = await get_contact_credits(core.db, student_id, email)
    except UnavailableError as fault:
        return await _standing_over_there(core, student_id, email, fault)
    if known is None:
        raise Refusal(Code.EMAIL_MISMATCH)
    return Standing(
        ref=str(known.id),
        name=known.name,
        enrollment_id=known.enrollment_id,
        balances=core.purse(read_balances(known.balances)),
    )


async def known_student(core: Core, student_id: str, email: str) -> ContactRow | None:
    """Return our record of a student id; somebody new is looked up in the CRM and taken over.

    A record of ours is returned whatever its e-mail: whether it is theirs is for the caller to say.

    Raises:
        Refusal: EMAIL_MISMATCH when only the CRM knows the id, with another e-mail;
            PROPERTY_NOT_FOUND, SERVICE_DEGRADED when the CRM cannot say.
    """
    contact = await contact_by_student_id(core.db, student_id)
    if contact is not None or not core.crm_fallback:
        return contact
    try:
        hit = await _agreeing(core, student_id, email)
    except NotConfigured:
        return None
    return await _adopt(core, student_id, hit) if hit else None


async def _agreeing(core: Core, student_id: str, email: str) -> Found[Contact] | None:
    """Return the one contact over there that has both; None when nobody has the id.

    Raises:
        NotConfigured: there is no CRM.
        Refusal: somebody has the id with another e-mail, or the CRM cannot say.
    """
    if not _STUDENT_ID.fullmatch(student_id):
        return None
    try:
        hits = await core.crm.find_contacts(student_id, email)
    except NotConfigured:
        raise
    except CrmError as fault:
        raise _degraded(fault) from fault
    same_id = [hit for hit in hits if hit.record.student_id.upper() == student_id]
    for hit in same_id:
        if hit.record.email.casefold() == email.casefold():
            return hit
    logger.info("crm look-up refused", extra={"hits": len(hits), "same_id": len(same_id)})
    if same_id:
        raise Refusal(Code.EMAIL_MISMATCH)
    return None


async def _adopt(core: Core, student_id: str, hit: Found[Contact]) -> ContactRow | None:
    made = await adopt_contact(
        core.db,
        crm_id=hit.crm_id,
        student_id=student_id,
        email=hit.record.email,
        name=_name(hit.record.name, student_id),
        enrollment_id=hit.record.enrollment_id,
        balances=hit.record.balances,
        at=core.clock(),
    )
    extra = {"contact": str(made), "crm_id": hit.crm_id}
    logger.info("student taken over from crm" if made else "crm number is another's", extra=extra)
    return await contact_by_student_id(core.db, student_id)


async def _standing_over_there(
    core: Core, student_id: str, email: str, fault: UnavailableError
) -> Standing:
    """Answer from the CRM while our database is away; nothing is stored (B27)."""
    if not core.crm_fallback:
        raise fault
    try:
        hit = await _agreeing(core, student_id, email)
    except NotConfigured:
        raise fault from None
    if hit is None:
        raise Refusal(Code.STUDENT_NOT_FOUND)
    logger.warning("credits answered by crm, database unavailable", extra={"crm_id": hit.crm_id})
    return Standing(
        ref=hit.crm_id,
        name=_name(hit.record.name, student_id),
        enrollment_id=hit.record.enrollment_id,
        balances=core.purse(hit.record.balances),
    )


def _degraded(fault: CrmError) -> Refusal:
    logger.error("crm cannot say: %s", fault, extra={"kind": type(fault).__name__})
    if isinstance(fault, PropertyMissing):
        return Refusal(Code.PROPERTY_NOT_FOUND)
    after = fault.after if isinstance(fault, Later) else _RETRY_S
    return Refusal(Code.SERVICE_DEGRADED, retry_after=max(1, ceil(after)))


def _name(name: str, student_id: str) -> str:
    """Return a name of a length the contract allows; a record without one goes by its id."""
    shortest, longest = _NAME_LENGTH
    return name[:longest].strip() if len(name) >= shortest else student_id
