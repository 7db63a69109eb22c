"""Staff users as administrators add and change them from a desk (K26, M16).

Whoever is added or reset gets a password of 80 random bits, told once in the answer and kept as a
hash. It lapses after three days; until then its user chooses their own. There is always an
administrator: nobody takes their own rights away, and of two who do it to each other at the same
moment one is refused.
"""

import secrets
from datetime import datetime, timedelta

from msgspec import UNSET, Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.inputs import invalid
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.users import EmailTaken, Newcomer, UserFault, add, renew
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.sign_ins import end_sign_ins_of
from kiosk_app.backend.storage.staff import (
    UserStanding,
    UserToChange,
    change_user,
    lock_admins,
    user_standing,
)
from kiosk_app.contract.admin_users import AddUser, ChangeUser
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role

GIVEN_FOR = timedelta(days=3)
"""How long a password lets in that its user did not choose."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0, o, 1, i or l: somebody reads it to somebody else."""
_GROUPS, _GROUP = 4, 4


class Given(Struct, frozen=True):
    """A user, the password they sign in with next, and until when it does."""

    user: UserStanding
    password: str
    until: datetime

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return f"Given(user={self.user.id}, …)"


async def add_user_by_admin(core: Core, caller: Caller, wish: AddUser) -> Given:
    """Add a user with a password of the moment.

    Raises:
        Refusal: EMAIL_TAKEN, or VALIDATION_ERROR for a zone that is none.
    """
    caller.require_role(Role.ADMIN)
    newcomer = Newcomer(
        email=wish.email,
        name=wish.name.strip(),
        role=Role(wish.role),
        locale=wish.locale,
        time_zone=wish.time_zone,
    )
    password, until = _new_password(), core.clock() + GIVEN_FOR
    try:
        number = await add(core, newcomer, password, caller=caller, until=until)
    except EmailTaken as fault:
        raise Refusal(Code.EMAIL_TAKEN) from fault
    except UserFault as fault:
        raise invalid(fault.field, str(fault)) from fault
    async with core.db.transaction() as transaction:
        return Given(await _known(transaction, number), password, until)


async def change_user_by_admin(
    core: Core, caller: Caller, number: int, wish: ChangeUser
) -> UserStanding:
    """Give a user another name or role, or take their right to sign in away or give it back.

    Raises:
        Refusal: USER_NOT_FOUND; OWN_RIGHTS for the caller's own role or access; LAST_ADMIN.
    """
    caller.require_role(Role.ADMIN)
    async with core.db.transaction() as transaction:
        admins = await lock_admins(transaction)
        user = await _known(transaction, number)
        name = user.name if wish.name is UNSET else wish.name.strip()
        role = user.role if wish.role is UNSET else Role(wish.role)
        was_out = user.disabled_at is not None
        out = was_out if wish.access is UNSET else wish.access == "disabled"
        if number in admins and (out or role is not Role.ADMIN):
            _require_another(caller, number, admins)
        if (name, role, out) == (user.name, user.role, was_out):
            return user
        disabled_at = (user.disabled_at or core.clock()) if out else None
        await change_user(transaction, number, name, role, disabled_at)
        if out:
            await end_sign_ins_of(transaction, number, core.clock())
        await audit(
            transaction,
            caller,
            "user.changed",
            ("user", number),
            before={"role": user.role, "disabled": was_out},
            after={"role": role, "disabled": out, "renamed": name != user.name},
        )
        return await _known(transaction, number)


async def reset_user_by_admin(core: Core, caller: Caller, number: int) -> Given:
    """Give a user a password of the moment; their sign-ins end, and they are let in again.

    Raises:
        Refusal: USER_NOT_FOUND; OWN_RIGHTS for the caller, who changes their own with the old one.
    """
    caller.require_role(Role.ADMIN)
    if caller.require_user().id == number:
        raise Refusal(Code.OWN_RIGHTS)
    password, now = _new_password(), core.clock()
    until = now + GIVEN_FOR
    hashed = await core.passwords.hash(password)
    async with core.db.transaction() as transaction:
        user = await _known(transaction, number)
        standing = UserToChange(id=number, disabled=user.disabled_at is not None)
        await renew(transaction, standing, hashed, now, caller=caller, until=until)
        return Given(await _known(transaction, number), password, until)


def _require_another(caller: Caller, number: int, admins: list[int]) -> None:
    if caller.require_user().id == number:
        raise Refusal(Code.OWN_RIGHTS)
    if admins == [number]:
        raise Refusal(Code.LAST_ADMIN)


async def _known(transaction: Transaction, number: int) -> UserStanding:
    user = await user_standing(transaction, number)
    if user is None:
        raise Refusal(Code.USER_NOT_FOUND)
    return user


def _new_password() -> str:
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join(groups)
