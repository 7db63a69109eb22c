"""Statements about devices, enrolment codes, failed sign-ins and the server's own secrets.

Codes and tokens are kept as SHA-256 only: both are long random texts, so a plain hash suffices.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.devices import Profile


class NewCode(Struct, frozen=True, kw_only=True):
    """An enrolment code that an operator hands out."""

    code_hash: bytes
    name: str
    profile: Profile
    location: str | None
    expires_at: datetime
    device_id: UUID | None = None
    """A device that is there already and gets a new token."""


class EnrolledDevice(DeviceRow, frozen=True, kw_only=True):
    """A device that has just traded a code."""

    again: bool
    """It was there before, and keeps its id."""


async def add_enrolment_code(transaction: Transaction, code: NewCode) -> None:
    """Keep a fresh code.

    Raises:
        ConflictError: there is no such device (`enrolment_codes_device_id_fkey`).
    """
    await transaction.run(
        "INSERT INTO enrolment_codes (code_hash, name, profile, location, expires_at, device_id)"
        " VALUES (%(code_hash)s, %(name)s, %(profile)s, %(location)s, %(expires_at)s,"
        " %(device_id)s)",
        {name: getattr(code, name) for name in NewCode.__struct_fields__},
    )


async def enrol_device(
    transaction: Transaction, code_hash: bytes, token_hash: bytes, now: datetime
) -> EnrolledDevice | None:
    """Use up a code and add its device, or renew the one it names; None: the code is not valid."""
    return await transaction.row(
        "WITH code AS ("
        " UPDATE enrolment_codes SET used_at = %(now)s"
        " WHERE code_hash = %(code)s AND used_at IS NULL AND expires_at > %(now)s"
        " RETURNING name, profile, location, device_id"
        "), again AS ("
        " UPDATE devices d SET token_hash = %(token)s, name = code.name, profile = code.profile,"
        " location = code.location, enrolled_at = %(now)s, revoked_at = NULL"
        " FROM code WHERE d.id = code.device_id RETURNING d.id, d.name, d.profile, d.location"
        "), fresh AS ("
        " INSERT INTO devices (token_hash, name, profile, location)"
        " SELECT %(token)s, name, profile, location FROM code WHERE device_id IS NULL"
        " RETURNING id, name, profile, location"
        ") SELECT *, true AS again FROM again UNION ALL SELECT *, false FROM fresh",
        EnrolledDevice,
        {"code": code_hash, "token": token_hash, "now": now},
    )


async def device_by_token(db: Database, token_hash: bytes) -> DeviceRow | None:
    """Return the device that holds this token, unless it was revoked."""
    return await db.row(
        "SELECT id, name, profile, location FROM devices"
        " WHERE token_hash = %(token)s AND revoked_at IS NULL",
        DeviceRow,
        {"token": token_hash},
    )


async def devices_shut_out(db: Database, devices: Sequence[UUID]) -> set[UUID]:
    """Return those of the devices that were revoked."""
    ids: list[UUID] | None = await db.value(
        "SELECT array_agg(id) FROM devices WHERE id = ANY(%(ids)s) AND revoked_at IS NOT NULL",
        {"ids": list(devices)},
    )
    return set(ids or [])


async def revoke_device(transaction: Transaction, device: UUID, now: datetime) -> bool:
    """Take a device's right away; say whether there was one to take."""
    return bool(
        await transaction.run(
            "UPDATE devices SET revoked_at = %(now)s WHERE id = %(id)s AND revoked_at IS NULL",
            {"id": device, "now": now},
        )
    )


class DeviceStanding(DeviceRow, frozen=True, kw_only=True):
    """A device as an operator lists it."""

    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    client_version: str | None


_STANDING = ", ".join(DeviceStanding.__struct_fields__)


async def list_devices(db: Database) -> list[DeviceStanding]:
    """Return every device there ever was, newest first."""
    return await db.rows(
        f"SELECT {_STANDING} FROM devices ORDER BY enrolled_at DESC, id",  # noqa: S608 - our own column names
        DeviceStanding,
    )


async def device_by_id(transaction: Transaction, device: UUID) -> DeviceStanding | None:
    """Return one device, and let nobody else change it meanwhile."""
    return await transaction.row(
        f"SELECT {_STANDING} FROM devices WHERE id = %(id)s FOR NO KEY UPDATE",  # noqa: S608 - our own column names
        DeviceStanding,
        {"id": device},
    )


async def rename_device(
    transaction: Transaction, device: UUID, name: str, location: str | None
) -> None:
    """Give a device another name and place."""
    await transaction.run(
        "UPDATE devices SET name = %(name)s, location = %(location)s WHERE id = %(id)s",
        {"id": device, "name": name, "location": location},
    )


async def note_seen(db: Database, device: UUID, version: str | None, now: datetime) -> None:
    """Note that a device was here, with which client; nothing when that was noted a moment ago."""
    await db.run(
        "UPDATE devices SET last_seen_at = %(now)s,"
        " client_version = coalesce(%(version)s, client_version)"
        " WHERE id = %(id)s AND (last_seen_at IS NULL"
        " OR last_seen_at NOT BETWEEN %(now)s - interval '50 seconds' AND %(now)s)",
        {"id": device, "version": version, "now": now},
    )


class Tries(Struct, frozen=True):
    """How many tries without success a device made for one person, and since when."""

    id: int
    count: int
    oldest: datetime


async def begin_try(
    db: Database, device: UUID, subject: bytes, *, now: datetime, since: datetime
) -> Tries:
    """Note a try before its outcome is known, then count: parallel tries cannot slip past (K27).

    Whoever proved to be this person in between has forgotten them all, this one too.
    """
    own: int = await db.value(
        "INSERT INTO sign_in_failures (device_id, subject, at) VALUES (%(d)s, %(s)s, %(now)s)"
        " RETURNING id",
        {"d": device, "s": subject, "now": now},
    )
    counted = await db.row(
        "SELECT %(own)s::bigint AS id, count(*)::int AS count,"
        " coalesce(min(at), %(now)s) AS oldest"
        " FROM sign_in_failures"
        " WHERE device_id = %(d)s AND subject = %(s)s AND at > %(since)s",
        Tries,
        {"own": own, "d": device, "s": subject, "now": now, "since": since},
    )
    assert counted is not None  # noqa: S101 - an aggregate always answers
    return counted


async def withdraw_try(db: Database, own: int) -> None:
    """Forget one try, because it was refused unseen."""
    await db.run("DELETE FROM sign_in_failures WHERE id = %(id)s", {"id": own})


async def forget_tries(db: Database, device: UUID, subject: bytes, before: datetime) -> None:
    """Forget the tries of a person who proved themselves, and everybody's that no longer count."""
    await db.run(
        "DELETE FROM sign_in_failures"
        " WHERE (device_id = %(d)s AND subject = %(s)s) OR at < %(before)s",
        {"d": device, "s": subject, "before": before},
    )


async def server_secret(db: Database, name: str, fresh: bytes) -> bytes:
    """Return a secret of the installation; `fresh` becomes it when there is none yet."""
    await db.run(
        "INSERT INTO server_secrets (name, value) VALUES (%(name)s, %(value)s)"
        " ON CONFLICT (name) DO NOTHING",
        {"name": name, "value": fresh},
    )
    value: bytes = await db.value(
        "SELECT value FROM server_secrets WHERE name = %(name)s", {"name": name}
    )
    return value
