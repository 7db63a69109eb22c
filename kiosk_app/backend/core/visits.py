"""A student's visit at a device: proof by id and e-mail, and the short token that follows (K26, K27).

A wrong pair answers like an unknown student, after the same work; five wrong tries in fifteen
minutes for one id at one device stop further ones. The documented credit checks keep their distinct
codes (F24).
"""

import hashlib
import hmac
import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from msgspec import Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.students import known_student
from kiosk_app.backend.storage.contacts import balances_of
from kiosk_app.backend.storage.identity import begin_try, forget_tries, withdraw_try
from kiosk_app.backend.storage.preferences import filters_of
from kiosk_app.backend.storage.rows import ContactRow, DeviceRow
from kiosk_app.contract.credits import BeginVisit, Visit
from kiosk_app.contract.problems import Code

logger = logging.getLogger(__name__)

VISIT_LIFETIME = timedelta(minutes=15)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
_NOBODY = "nobody@invalid"
_ALGORITHM = "HS256"


class VisitTokens(Struct, frozen=True):
    """Signs and reads visit tokens with the installation's key."""

    key: bytes

    def issue(self, device: UUID, contact: UUID, now: datetime) -> str:
        """Return a token bound to device and person, good for VISIT_LIFETIME."""
        claims = {"dev": str(device), "sub": str(contact), "exp": now + VISIT_LIFETIME}
        return jwt.encode(claims, self.key, algorithm=_ALGORITHM)

    def read(self, token: str, device: UUID, now: datetime) -> UUID:
        """Return the visitor.

        Raises:
            Refusal: TOKEN_EXPIRED, also when it is another device's or no token at all: the
                remedy is the same, sign in again.
        """
        try:
            # The clock is ours, so that tests and replays need not wait for the wall's.
            claims = jwt.decode(
                token, self.key, algorithms=[_ALGORITHM], options={"verify_exp": False}
            )
            expires = datetime.fromtimestamp(claims["exp"], UTC)
            visitor = UUID(claims["sub"])
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as fault:
            raise Refusal(Code.TOKEN_EXPIRED) from fault
        if claims.get("dev") != str(device) or expires <= now:
            raise Refusal(Code.TOKEN_EXPIRED)
        return visitor


async def begin_visit(
    core: Core, tokens: VisitTokens, device: DeviceRow, body: BeginVisit
) -> Visit:
    """Check that id and e-mail belong together and begin a visit.

    Raises:
        Refusal: NO_MATCH whatever does not fit, TOO_MANY_ATTEMPTS after five such answers.
    """
    now = core.clock()
    subject = hashlib.sha256(body.student_id.encode()).digest()
    since = now - TRIES_WITHIN
    tries = await begin_try(core.db, device.id, subject, now=now, since=since)
    if tries.count > TRIES:
        await withdraw_try(core.db, tries.id)
        wait = tries.oldest + TRIES_WITHIN - now
        raise Refusal(Code.TOO_MANY_ATTEMPTS, retry_after=max(1, int(wait.total_seconds()) + 1))
    contact = await _known(core, body)
    # Whoever does not fit costs the same look-ups.
    asked = contact.id if contact else device.id
    balances, filters = await balances_of(core.db, asked), await filters_of(core.db, asked)
    held = contact.email if contact else _NOBODY
    if not _same(held, body.email) or contact is None:
        logger.info("visit refused", extra={"device": str(device.id), "tries": tries.count})
        raise Refusal(Code.NO_MATCH)
    await forget_tries(core.db, device.id, subject, since)
    logger.info("visit began", extra={"device": str(device.id), "contact": str(contact.id)})
    return Visit(
        visit_token=tokens.issue(device.id, contact.id, now),
        expires_in=int(VISIT_LIFETIME.total_seconds()),
        student=contact.student(),
        balances=core.purse(balances),
        filters=filters,
    )


async def _known(core: Core, body: BeginVisit) -> ContactRow | None:
    """Look the student up, in the CRM too; a clash of e-mails there is no match like any other."""
    try:
        return await known_student(core, body.student_id, body.email)
    except Refusal as fault:
        if fault.code is Code.EMAIL_MISMATCH:
            return None
        raise


def _same(one: str, other: str) -> bool:
    """Compare two addresses without telling by time how much of them agrees."""
    return hmac.compare_digest(one.casefold().encode(), other.casefold().encode())
