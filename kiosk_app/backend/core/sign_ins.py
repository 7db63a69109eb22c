"""Staff at a desk: signing in with a password, staying signed in, signing out (K26, K27, M16).

Both tokens are long random texts, kept as hashes and bound to the device. The access token is short
and looked up with every request, so that what an administrator takes away is gone at once. The
refresh token works once: a second use, or one at another device, means that somebody else holds it,
and ends the sign-in. Whatever does not fit at a sign-in gets the same answer after the same work.
"""

import hashlib
import logging
import secrets
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.inputs import invalid
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.passwords import WeakPassword
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.audit import Actor
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.identity import Tries, begin_try, forget_tries, withdraw_try
from kiosk_app.backend.storage.rows import DeviceRow, StaffRow
from kiosk_app.backend.storage.sign_ins import (
    NewSignIn,
    Pair,
    add_sign_in,
    end_family,
    end_other_sign_ins,
    family_of,
    forget_ended,
    live_holder,
    trade_in,
)
from kiosk_app.backend.storage.staff import (
    Held,
    keep_rehashed,
    replace_password,
    user_by_access,
    user_by_email,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ChangePassword, SignIn, StaffTokens

logger = logging.getLogger(__name__)

TRIES_WITHIN = timedelta(minutes=15)
TRIES = 5
"""Wrong tries of one e-mail at one device."""
TRIES_OF_DEVICE = 20
"""The same of one device, whatever the e-mail."""


def canonical_email(email: str) -> str:
    """Return an address the way it is kept and compared: NFKC, folded case."""
    text = email.strip()
    while (folded := unicodedata.normalize("NFKC", text).casefold().strip()) != text:
        text = folded
    return text


async def find_user(core: Core, token: str, device: DeviceRow) -> StaffRow:
    """Return who signed in.

    Raises:
        Refusal: STAFF_SIGNED_OUT whatever is wrong: lapsed, ended, another device's, none at all.
    """
    user = None
    if device.profile == "desk":
        user = await user_by_access(core.db, _hash(token), device.id, core.clock())
    if user is None:
        raise Refusal(Code.STAFF_SIGNED_OUT)
    return user


async def sign_in(core: Core, caller: Caller, body: SignIn) -> StaffTokens:
    """Check e-mail and password and begin a sign-in at the caller's device.

    Raises:
        Refusal: SIGN_IN_REFUSED whatever does not fit, TOO_MANY_ATTEMPTS after too many of these.
    """
    now, device = core.clock(), caller.device.id
    held = await _prove(core, device, body.email, body.password)
    if held is None:
        logger.info("staff sign-in refused", extra={"device": str(device)})
        raise Refusal(Code.SIGN_IN_REFUSED)
    known = held.password_hash
    if newer := await core.passwords.renewed(known, body.password):
        await keep_rehashed(core.db, held.id, known, newer)
    tokens, pair = _fresh_tokens(core, held, now, now + core.sign_in_life.whole)
    new = NewSignIn(
        family=uuid4(), user=held.id, device=device, refresh_until=now + core.sign_in_life.whole
    )
    async with core.db.transaction() as transaction:
        await forget_ended(transaction, now)
        if not await add_sign_in(transaction, new, pair, newer or known):
            raise Refusal(Code.SIGN_IN_REFUSED)
        await _log(transaction, caller, "staff.signed_in", held.id)
    logger.info("staff signed in", extra={"device": str(device), "user": held.id})
    return tokens


async def refresh(core: Core, caller: Caller, token: str) -> StaffTokens:
    """Trade a refresh token for a fresh pair.

    Raises:
        Refusal: STAFF_SIGNED_OUT; when the token was used before or is another device's, the whole
            sign-in has been ended.
    """
    now = core.clock()
    async with core.db.transaction() as transaction:
        known = await family_of(transaction, _hash(token))
        if known and (known.used or known.device_id != caller.device.id):
            if await end_family(transaction, known.family, now):
                await _log(transaction, caller, "staff.token_reused", known.user_id)
                logger.warning("refresh token used again", extra={"user": known.user_id})
        elif known and (holder := await live_holder(transaction, known, now)):
            tokens, pair = _fresh_tokens(core, holder, now, holder.refresh_until)
            await trade_in(transaction, known, holder.refresh_until, pair, now)
            return tokens
    raise Refusal(Code.STAFF_SIGNED_OUT)


async def sign_out(core: Core, caller: Caller, token: str) -> None:
    """End a sign-in of this device; a token that is none, or none any more, changes nothing."""
    now = core.clock()
    async with core.db.transaction() as transaction:
        known = await family_of(transaction, _hash(token))
        if known is None or known.device_id != caller.device.id:
            return
        if await end_family(transaction, known.family, now):
            await _log(transaction, caller, "staff.signed_out", known.user_id)


async def change_password(core: Core, caller: Caller, token: str, body: ChangePassword) -> None:
    """Give the caller the password they chose, and end every sign-in of theirs but this one.

    Args:
        core: the core.
        caller: a staff user.
        token: the access token of this sign-in.
        body: the old password and the new one.

    Raises:
        Refusal: WRONG_PASSWORD for an old one that is not right, TOO_MANY_ATTEMPTS after too many of
            these, VALIDATION_ERROR for a new one that will not do.
    """
    user, device = caller.require_user(), caller.device.id
    held = await _prove(core, device, user.email, body.old_password)
    if held is None:
        raise Refusal(Code.WRONG_PASSWORD)
    if body.new_password == body.old_password:
        raise invalid("new_password", "is the old one")
    try:
        hashed = await core.passwords.hash(body.new_password)
    except WeakPassword as fault:
        raise invalid("new_password", str(fault)) from fault
    now = core.clock()
    async with core.db.transaction() as transaction:
        if not await replace_password(transaction, held.id, held.password_hash, hashed, now):
            raise Refusal(Code.WRONG_PASSWORD)
        await end_other_sign_ins(transaction, held.id, _hash(token), now)
        await audit(transaction, caller, "staff.password_changed", ("user", held.id))
    logger.info("password changed", extra={"device": str(device), "user": held.id})


async def _prove(core: Core, device: UUID, address: str, password: str) -> Held | None:
    """Return the user whose e-mail and password these are; what is wrong counts as a try.

    Raises:
        Refusal: TOO_MANY_ATTEMPTS.
    """
    now, email = core.clock(), canonical_email(address)
    subject = hashlib.sha256(f"staff:{email}".encode()).digest()
    tries = await _count_try(core, device, subject, now)
    held = await user_by_email(core.db, email, now)
    right = await core.passwords.check(held.password_hash if held else None, password)
    if held is None or not right:
        return None
    await forget_tries(core.db, device, subject, now - TRIES_WITHIN)
    # Not the others of this device: who has a password here could guess on for ever between.
    await withdraw_try(core.db, tries[-1].id)
    return held


async def _count_try(core: Core, device: UUID, subject: bytes, now: datetime) -> list[Tries]:
    """Note a try before its outcome is known, for the e-mail and for the whole device.

    Raises:
        Refusal: TOO_MANY_ATTEMPTS; then this try does not count.
    """
    noted: list[Tries] = []
    for counted, most in ((subject, TRIES), (_ANY_STAFF, TRIES_OF_DEVICE)):
        tries = await begin_try(core.db, device, counted, now=now, since=now - TRIES_WITHIN)
        noted.append(tries)
        if tries.count > most:
            for own in noted:
                await withdraw_try(core.db, own.id)
            wait = tries.oldest + TRIES_WITHIN - now
            raise Refusal(Code.TOO_MANY_ATTEMPTS, retry_after=max(1, int(wait.total_seconds()) + 1))
    return noted


def _fresh_tokens(
    core: Core, user: StaffRow, now: datetime, until: datetime
) -> tuple[StaffTokens, Pair]:
    """Return a pair of tokens for the client and what is kept of it."""
    access, refresh_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    access_until = min(now + core.sign_in_life.access, until)
    tokens = StaffTokens(
        access_token=access,
        expires_in=int((access_until - now).total_seconds()),
        refresh_token=refresh_token,
        refresh_expires_in=int((until - now).total_seconds()),
        user=user.user(),
    )
    return tokens, Pair(
        access_hash=_hash(access), refresh_hash=_hash(refresh_token), access_until=access_until
    )


async def _log(transaction: Transaction, caller: Caller, action: str, user: int) -> None:
    """Log what a user did about their own sign-in; the request came from the device alone."""
    actor = Actor(kind="user", id=str(user), device=caller.device.id, request=caller.request_id)
    await audit(transaction, actor, action, ("user", user))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_ANY_STAFF = hashlib.sha256(b"staff").digest()
