"""Statements about the sign-ins of staff: one row per pair of tokens, one family per sign-in."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.rows import StaffRow


class Pair(Struct, frozen=True, kw_only=True):
    """The hashes of a fresh pair of tokens, and until when the first of them holds."""

    access_hash: bytes
    refresh_hash: bytes
    access_until: datetime


class NewSignIn(Struct, frozen=True, kw_only=True):
    """A sign-in that begins."""

    family: UUID
    user: int
    device: UUID
    refresh_until: datetime


class Holder(StaffRow, frozen=True, kw_only=True):
    """Whose sign-in it is, and until when it holds."""

    refresh_until: datetime


class Family(Struct, frozen=True, kw_only=True):
    """The sign-in that a refresh token belongs to, or belonged to."""

    id: UUID
    """Of the row, which is one pair of tokens."""
    family: UUID
    user_id: int
    device_id: UUID
    used: bool


async def add_sign_in(
    transaction: Transaction, new: NewSignIn, pair: Pair, password_hash: str
) -> bool:
    """Add a sign-in, unless its user was disabled or got another password a moment ago."""
    return bool(
        await transaction.run(
            "INSERT INTO staff_sessions"
            " (family, user_id, device_id, access_hash, refresh_hash, access_until, refresh_until)"
            " SELECT %(family)s, u.id, %(device)s, %(access)s, %(refresh)s, %(until)s, %(end)s"
            " FROM users u WHERE u.id = %(user)s AND u.password_hash = %(password)s"
            " AND u.disabled_at IS NULL FOR SHARE",
            {
                "family": new.family,
                "device": new.device,
                "user": new.user,
                "access": pair.access_hash,
                "refresh": pair.refresh_hash,
                "until": pair.access_until,
                "end": new.refresh_until,
                "password": password_hash,
            },
        )
    )


async def family_of(transaction: Transaction, refresh_hash: bytes) -> Family | None:
    """Return the sign-in that a refresh token belongs to, whatever became of it.

    Locks its user first: from here on nobody refreshes, ends or takes away what is theirs.
    """
    await transaction.run(
        "SELECT 1 FROM users WHERE id = (SELECT user_id FROM staff_sessions"
        " WHERE refresh_hash = %(hash)s) FOR NO KEY UPDATE",
        {"hash": refresh_hash},
    )
    # A statement of its own, so that it sees what was committed before the lock was granted.
    return await transaction.row(
        "SELECT id, family, user_id, device_id, used_at IS NOT NULL AS used FROM staff_sessions"
        " WHERE refresh_hash = %(hash)s",
        Family,
        {"hash": refresh_hash},
    )


async def live_holder(transaction: Transaction, known: Family, now: datetime) -> Holder | None:
    """Return whose sign-in it is, if it still holds."""
    return await transaction.row(
        "SELECT u.id, u.email, u.name, u.role, u.locale, u.time_zone, u.contact_id, u.password_until,"
        " s.refresh_until"
        " FROM staff_sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.id = %(id)s AND s.revoked_at IS NULL AND s.refresh_until > %(now)s"
        " AND u.disabled_at IS NULL",
        Holder,
        {"id": known.id, "now": now},
    )


async def trade_in(
    transaction: Transaction, known: Family, until: datetime, pair: Pair, now: datetime
) -> None:
    """Use up a refresh token and add the pair that follows it."""
    await transaction.run(
        "WITH used AS (UPDATE staff_sessions SET used_at = %(now)s WHERE id = %(id)s)"
        " INSERT INTO staff_sessions"
        " (family, user_id, device_id, access_hash, refresh_hash, access_until, refresh_until)"
        " VALUES (%(family)s, %(user)s, %(device)s, %(access)s, %(refresh)s, %(until)s, %(end)s)",
        {
            "now": now,
            "id": known.id,
            "family": known.family,
            "user": known.user_id,
            "device": known.device_id,
            "access": pair.access_hash,
            "refresh": pair.refresh_hash,
            "until": pair.access_until,
            "end": until,
        },
    )


async def end_family(transaction: Transaction, family: UUID, now: datetime) -> bool:
    """End a sign-in with all its tokens; say whether any still held."""
    return bool(
        await transaction.run(
            "UPDATE staff_sessions SET revoked_at = %(now)s"
            " WHERE family = %(family)s AND revoked_at IS NULL",
            {"family": family, "now": now},
        )
    )


async def end_sign_ins_of(transaction: Transaction, user: int, now: datetime) -> None:
    """End every sign-in of a user, at every device."""
    await transaction.run(
        "UPDATE staff_sessions SET revoked_at = %(now)s"
        " WHERE user_id = %(user)s AND revoked_at IS NULL",
        {"now": now, "user": user},
    )


async def end_other_sign_ins(
    transaction: Transaction, user: int, access_hash: bytes, now: datetime
) -> None:
    """End every sign-in of a user but the one that an access token belongs to."""
    await transaction.run(
        "UPDATE staff_sessions SET revoked_at = %(now)s WHERE user_id = %(user)s"
        " AND revoked_at IS NULL AND family IS DISTINCT FROM"
        " (SELECT family FROM staff_sessions WHERE access_hash = %(hash)s)",
        {"now": now, "user": user, "hash": access_hash},
    )


async def end_sign_ins_at(transaction: Transaction, device: UUID, now: datetime) -> None:
    """End every sign-in at a device."""
    await transaction.run(
        "UPDATE staff_sessions SET revoked_at = %(now)s"
        " WHERE device_id = %(device)s AND revoked_at IS NULL",
        {"now": now, "device": device},
    )


async def forget_ended(transaction: Transaction, now: datetime) -> None:
    """Delete what can be of no use to anybody any more."""
    await transaction.run("DELETE FROM staff_sessions WHERE refresh_until < %(now)s", {"now": now})
