"""What a create is decided by: the facts of the books, and what its key has made before (A27, A28, B8)."""

import hashlib
import logging

import msgspec

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Policy
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.bookings import booking_facts, check_idempotency_key, requested_at
from kiosk_app.backend.storage.database import StorageError
from kiosk_app.backend.storage.rows import BookingFacts, ContactRow, KnownBooking
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.problems import Code
from kiosk_app.domain.bookings import LIVE
from kiosk_app.domain.server_keys import bucket_key

logger = logging.getLogger(__name__)


async def facts_of(
    core: Core, policy: Policy, request: BookingRequest
) -> tuple[BookingFacts, str | None]:
    """Read the facts and settle the key: the caller's, else one for this five-minute bucket."""
    facts = await _read(core, request)
    facts = msgspec.structs.replace(facts, balances=core.purse(facts.balances))
    if request.key or not facts.session or not facts.contact:
        return facts, request.key
    key = bucket_key(
        policy.key_prefix,
        contact_id=str(facts.contact.id),
        mock_exam_id=str(facts.session.id),
        exam_date=request.exam_date.isoformat(),
        mock_type=request.mock_type.value,
        now=core.clock(),
    )
    if not is_of(facts.contact, request):
        # Nobody chose this key: it must not show a booking to whoever says another address.
        return facts, key
    known = await _look_up(core, key)
    return msgspec.structs.replace(facts, known=known), key


def is_of(contact: ContactRow, request: BookingRequest) -> bool:
    """Say whether student id and address of a request are those of the contact it names."""
    same_address = contact.email.casefold() == request.email.casefold()
    return contact.student_id == request.student_id and same_address


async def _read(core: Core, request: BookingRequest) -> BookingFacts:
    """Read the facts with what is known of the caller's key; see `_look_up` for one that fails."""
    try:
        return await booking_facts(core.db, request.session, request.contact, request.key)
    except StorageError:
        raise
    except Exception as fault:
        if request.key is None:
            raise
        _warn(fault)
        return await booking_facts(core.db, request.session, request.contact, None)


async def _look_up(core: Core, key: str) -> KnownBooking | None:
    """Return the booking of a key; a look-up that fails counts as *not found* (B8).

    Nothing is booked twice over it: the key is unique in the books.
    """
    try:
        return await check_idempotency_key(core.db, key)
    except StorageError:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the key is guarded where it is written
        _warn(fault)
        return None


def _warn(fault: Exception) -> None:
    logger.warning("key not looked up", extra={"fault": type(fault).__name__})


async def is_late(core: Core, request: BookingRequest, known: KnownBooking) -> bool:
    """Say whether this very act was booked and cancelled since (F69).

    A first try may be held up on its way until its replay was booked and the student has cancelled
    again. It carries no mark of a replay, but the moment of the act, which a new act never shares.
    """
    if known.state is not BookingState.CANCELLED or request.requested_at is None:
        return False
    return request.requested_at == await requested_at(core.db, known.id)


def repeat_of(
    request: BookingRequest, known: KnownBooking, facts: BookingFacts
) -> KnownBooking | None:
    """Answer from the booking of this key, or return None when it may be made anew (A28)."""
    if request.key and known.request_hash != request_hash(request, facts):
        raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
    if known.state in LIVE:
        return known
    if request.replay and known.state is BookingState.CANCELLED:
        raise Refusal(Code.BOOKING_CANCELLED)
    return None


def request_hash(request: BookingRequest, facts: BookingFacts) -> str:
    """Return what tells one request from another under the same key; not how or when it was sent.

    Nor whether session and contact were named by our ids or by the CRM's numbers (F3).
    """
    session, contact = facts.session, facts.contact
    told = msgspec.structs.replace(
        request,
        session=str(session.id) if session else request.session.lower(),
        contact=str(contact.id) if contact else request.contact.lower(),
        email=request.email.casefold(),
        key=None,
        replay=False,
        requested_at=None,
    )
    fields = {k: v for k, v in msgspec.to_builtins(told).items() if k != "lease"}
    return hashlib.sha256(msgspec.json.encode(fields, order="sorted")).hexdigest()
