"""Staff users: adding them, giving them passwords, taking their right away (K26, K29)."""

import logging
from datetime import datetime
from typing import NoReturn

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.sign_ins import canonical_email
from kiosk_app.backend.storage.database import ConflictError, Transaction
from kiosk_app.backend.storage.sign_ins import end_sign_ins_of
from kiosk_app.backend.storage.staff import (
    NewUser,
    UserStanding,
    UserToChange,
    add_user,
    disable_user,
    list_users,
    set_password,
    user_to_change,
)
from kiosk_app.contract.staff import Role
from kiosk_app.domain.times import known_zone

logger = logging.getLogger(__name__)


class UserFault(ValueError):  # noqa: N818 - a fault of the input
    """A user cannot be added or changed; the text says why.

    Args:
        text: the reason.
        field: what is at fault.
    """

    def __init__(self, text: str, field: str = "email") -> None:
        super().__init__(text)
        self.field = field


class EmailTaken(UserFault):
    """Somebody has this e-mail already."""


class Newcomer(Struct, frozen=True, kw_only=True):
    """A user as an operator adds them."""

    email: str
    name: str
    role: Role
    locale: str | None = None
    time_zone: str | None = None


async def add(
    core: Core,
    newcomer: Newcomer,
    password: str,
    *,
    caller: Caller | None = None,
    until: datetime | None = None,
) -> int:
    """Add a user and return their number.

    Args:
        core: the core.
        newcomer: who it is.
        password: lets them in.
        caller: who adds them; None for the server's command line.
        until: when the password lapses.

    Raises:
        EmailTaken: somebody has this e-mail.
        UserFault: the e-mail or the zone is none.
        WeakPassword: the password will not do.
    """
    email = canonical_email(newcomer.email)
    if "@" not in email or any(character.isspace() for character in email):
        raise UserFault("that is no e-mail address")
    if newcomer.time_zone and not known_zone(newcomer.time_zone):
        raise UserFault(f"there is no time zone {newcomer.time_zone}", "time_zone")
    new = NewUser(
        email=email,
        name=newcomer.name,
        role=newcomer.role,
        password_hash=await core.passwords.hash(password),
        locale=newcomer.locale,
        time_zone=newcomer.time_zone,
        password_until=until,
    )
    try:
        async with core.db.transaction() as transaction:
            user = await add_user(transaction, new)
            after = {"role": new.role}
            await audit(transaction, caller, "user.added", ("user", user), after=after)
    except ConflictError as fault:
        raise EmailTaken("there is a user with this e-mail already") from fault
    logger.info("user added", extra={"user": user, "role": new.role})
    return user


async def all_users(core: Core) -> list[UserStanding]:
    """Return every user there ever was, by e-mail."""
    return await list_users(core.db)


async def reset(core: Core, email: str, password: str) -> int:
    """Give a user another password, end their sign-ins, and let them in again if need be.

    Raises:
        UserFault: there is no such user.
        WeakPassword: the password will not do.
    """
    hashed = await core.passwords.hash(password)
    async with core.db.transaction() as transaction:
        user = await user_to_change(transaction, canonical_email(email)) or _nobody()
        await renew(transaction, user, hashed, core.clock())
    return user.id


async def renew(
    transaction: Transaction,
    user: UserToChange,
    hashed: str,
    now: datetime,
    *,
    caller: Caller | None = None,
    until: datetime | None = None,
) -> None:
    """Give a user another password, end their sign-ins, and let them in again if need be."""
    await set_password(transaction, user.id, hashed, now, until)
    await end_sign_ins_of(transaction, user.id, now)
    before, after = {"disabled": user.disabled}, {"disabled": False}
    await audit(transaction, caller, "user.reset", ("user", user.id), before=before, after=after)


async def disable(core: Core, email: str) -> int:
    """Take a user's right to sign in away, and end their sign-ins at once.

    Raises:
        UserFault: there is no such user, or they are disabled already.
    """
    async with core.db.transaction() as transaction:
        user = await user_to_change(transaction, canonical_email(email)) or _nobody()
        if user.disabled:
            raise UserFault("this user is disabled already")
        await disable_user(transaction, user.id, core.clock())
        await end_sign_ins_of(transaction, user.id, core.clock())
        await audit(transaction, None, "user.disabled", ("user", user.id))
    return user.id


def _nobody() -> NoReturn:
    raise UserFault("there is no user with this e-mail")
