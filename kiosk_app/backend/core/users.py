"""Staff users: adding them, giving them passwords, taking their right away (K26, K29)."""

import logging
from typing import NoReturn
from zoneinfo import available_timezones

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.sign_ins import canonical_email
from kiosk_app.backend.storage.database import ConflictError
from kiosk_app.backend.storage.sign_ins import end_sign_ins_of
from kiosk_app.backend.storage.staff import (
    NewUser,
    UserStanding,
    add_user,
    disable_user,
    list_users,
    set_password,
    user_to_change,
)
from kiosk_app.contract.staff import Role

logger = logging.getLogger(__name__)


class UserFault(ValueError):  # noqa: N818 - a fault of the input
    """A user cannot be added or changed; the text says why."""


class Newcomer(Struct, frozen=True, kw_only=True):
    """A user as an operator adds them."""

    email: str
    name: str
    role: Role
    locale: str | None = None
    time_zone: str | None = None


async def add(core: Core, newcomer: Newcomer, password: str) -> int:
    """Add a user and return their number.

    Raises:
        UserFault: the e-mail is taken, or is none.
        WeakPassword: the password will not do.
    """
    email = canonical_email(newcomer.email)
    if "@" not in email or any(character.isspace() for character in email):
        raise UserFault("that is no e-mail address")
    if newcomer.time_zone and newcomer.time_zone not in available_timezones():
        raise UserFault(f"there is no time zone {newcomer.time_zone}")
    new = NewUser(
        email=email,
        name=newcomer.name,
        role=newcomer.role,
        password_hash=await core.passwords.hash(password),
        locale=newcomer.locale,
        time_zone=newcomer.time_zone,
    )
    try:
        async with core.db.transaction() as transaction:
            user = await add_user(transaction, new)
            after = {"role": new.role}
            await audit(transaction, None, "user.added", ("user", user), after=after)
    except ConflictError as fault:
        raise UserFault("there is a user with this e-mail already") from fault
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
        await set_password(transaction, user.id, hashed, core.clock())
        await end_sign_ins_of(transaction, user.id, core.clock())
        before = {"disabled": user.disabled}
        after = {"disabled": False}
        await audit(transaction, None, "user.reset", ("user", user.id), before=before, after=after)
    return user.id


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
