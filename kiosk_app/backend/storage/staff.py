"""Statements about staff users and their sign-ins; tokens are kept as hashes only."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import StaffRow
from kiosk_app.contract.staff import Role

_COLUMNS = ", ".join(f"u.{name}" for name in StaffRow.__struct_fields__)


class NewUser(Struct, frozen=True, kw_only=True):
    """A user as an administrator adds them."""

    email: str
    name: str
    role: Role
    password_hash: str
    locale: str | None = None
    time_zone: str | None = None
    password_until: datetime | None = None
    """Until when the password lets them in; None for one of their own choice."""


class UserStanding(StaffRow, frozen=True, kw_only=True):
    """A user as an administrator lists them."""

    created_at: datetime
    password_set_at: datetime
    disabled_at: datetime | None


class Held(StaffRow, frozen=True, kw_only=True):
    """A user and what their password is checked against."""

    password_hash: str


async def user_by_access(
    db: Database, access_hash: bytes, device: UUID, now: datetime
) -> StaffRow | None:
    """Return whose access token this is, at this device and at this moment."""
    return await db.row(
        f"SELECT {_COLUMNS} FROM staff_sessions s JOIN users u ON u.id = s.user_id"  # noqa: S608 - our own column names
        " WHERE s.access_hash = %(hash)s AND s.device_id = %(device)s AND s.access_until > %(now)s"
        " AND s.revoked_at IS NULL AND u.disabled_at IS NULL",
        StaffRow,
        {"hash": access_hash, "device": device, "now": now},
    )


async def user_by_email(db: Database, email: str, now: datetime) -> Held | None:
    """Return an enabled user and their hash, unless their password has lapsed."""
    return await db.row(
        f"SELECT {_COLUMNS}, u.password_hash FROM users u"  # noqa: S608 - our own column names
        " WHERE lower(u.email) = lower(%(email)s) AND u.disabled_at IS NULL"
        " AND (u.password_until IS NULL OR u.password_until > %(now)s)",
        Held,
        {"email": email, "now": now},
    )


async def add_user(transaction: Transaction, new: NewUser) -> int:
    """Add a user and return their number.

    Raises:
        ConflictError: somebody has this e-mail already (`users_email_key`).
    """
    names = NewUser.__struct_fields__
    added: int = await transaction.value(
        f"INSERT INTO users ({', '.join(names)})"  # noqa: S608 - our own column names
        f" VALUES ({', '.join(f'%({name})s' for name in names)}) RETURNING id",
        {name: getattr(new, name) for name in names},
    )
    return added


_STANDING = f"{_COLUMNS}, u.created_at, u.password_set_at, u.disabled_at"


async def list_users(db: Database) -> list[UserStanding]:
    """Return every user there ever was, by e-mail."""
    return await db.rows(
        f"SELECT {_STANDING} FROM users u ORDER BY u.email",  # noqa: S608 - our own column names
        UserStanding,
    )


async def user_standing(transaction: Transaction, user: int) -> UserStanding | None:
    """Return one user, whom nobody else changes or signs in meanwhile."""
    return await transaction.row(
        f"SELECT {_STANDING} FROM users u WHERE u.id = %(user)s FOR NO KEY UPDATE",  # noqa: S608 - our own column names
        UserStanding,
        {"user": user},
    )


class _Number(Struct, frozen=True):
    id: int


async def lock_admins(transaction: Transaction) -> list[int]:
    """Return who is an administrator, and let nobody else change that meanwhile."""
    found = await transaction.rows(
        "SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL"
        " ORDER BY id FOR NO KEY UPDATE",
        _Number,
    )
    return [one.id for one in found]


async def change_user(
    transaction: Transaction, user: int, name: str, role: Role, disabled_at: datetime | None
) -> None:
    """Give a user another name, another role, or their right to sign in back or away."""
    await transaction.run(
        "UPDATE users SET name = %(name)s, role = %(role)s, disabled_at = %(disabled)s"
        " WHERE id = %(user)s",
        {"name": name, "role": role.value, "disabled": disabled_at, "user": user},
    )


class UserToChange(Struct, frozen=True, kw_only=True):
    """A user whom nobody else changes or signs in meanwhile."""

    id: int
    disabled: bool


async def user_to_change(transaction: Transaction, email: str) -> UserToChange | None:
    """Return a user, and keep them from signing in until this transaction ends."""
    return await transaction.row(
        "SELECT id, disabled_at IS NOT NULL AS disabled FROM users WHERE lower(email) = lower(%(email)s)"
        " FOR NO KEY UPDATE",
        UserToChange,
        {"email": email},
    )


async def set_password(
    transaction: Transaction,
    user: int,
    password_hash: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Give a user another password, and their right back if it was taken away."""
    await transaction.run(
        "UPDATE users SET password_hash = %(hash)s, password_set_at = %(now)s,"
        " password_until = %(until)s, disabled_at = NULL WHERE id = %(user)s",
        {"hash": password_hash, "now": now, "until": until, "user": user},
    )


async def replace_password(
    transaction: Transaction, user: int, old: str, new: str, now: datetime
) -> bool:
    """Keep the hash of a password that a user chose, unless it was changed meanwhile."""
    return bool(
        await transaction.run(
            "UPDATE users SET password_hash = %(new)s, password_set_at = %(now)s,"
            " password_until = NULL"
            " WHERE id = %(user)s AND password_hash = %(old)s AND disabled_at IS NULL",
            {"user": user, "old": old, "new": new, "now": now},
        )
    )


async def keep_rehashed(db: Database, user: int, old: str, new: str) -> None:
    """Keep the same password under newer parameters, unless it was changed meanwhile."""
    await db.run(
        "UPDATE users SET password_hash = %(new)s WHERE id = %(user)s AND password_hash = %(old)s",
        {"new": new, "user": user, "old": old},
    )


async def disable_user(transaction: Transaction, user: int, now: datetime) -> None:
    """Take a user's right to sign in away."""
    await transaction.run(
        "UPDATE users SET disabled_at = %(now)s WHERE id = %(user)s",
        {"now": now, "user": user},
    )
