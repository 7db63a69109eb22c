"""Readable ids, short codes and idempotency keys (0.5, M13)."""

import hashlib
import json
import re
import secrets
import string
from datetime import date, datetime
from enum import Enum, auto

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.times import date_text

_UUID = re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)
_CODE_ALPHABET = string.ascii_uppercase + string.digits
_BUCKET_MS = 300_000


class IdKind(Enum):
    """What an identifier looks like; the order of trust is CRM number, UUID, readable (B10)."""

    CRM = auto()
    UUID = auto()
    READABLE = auto()


def id_kind(identifier: str) -> IdKind:
    """Tell the kind of an identifier by its form alone."""
    if identifier.isascii() and identifier.isdigit():
        return IdKind.CRM
    if _UUID.match(identifier):
        return IdKind.UUID
    return IdKind.READABLE


def readable_booking_id(mock_type: MockType, student_id: str, day: date) -> str:
    """Return `Mock Discussion-QX4417-March 4, 2027` (F1)."""
    return f"{mock_type.value}-{student_id}-{date_text(day)}"


def new_booking_code(day: date) -> str:
    """Return a fresh `BK-20270304-7K2QZD`; uniqueness is the database's business."""
    tail = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(6))
    return f"BK-{day:%Y%m%d}-{tail}"


def bucket_key(
    prefix: str,
    *,
    contact_id: str,
    mock_exam_id: str,
    exam_date: str,
    mock_type: str,
    now: datetime,
) -> str:
    """Return the key a server makes when the caller sent none (M13).

    The hash is the first 32 hex digits of SHA-256 over canonical JSON; equal input within one
    5-minute bucket gives an equal key.
    """
    body = {
        "contact_id": contact_id,
        "mock_exam_id": mock_exam_id,
        "exam_date": exam_date,
        "mock_type": mock_type,
        "timestamp_bucket": int(now.timestamp() * 1000) // _BUCKET_MS,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return f"{prefix}{hashlib.sha256(canonical).hexdigest()[:32]}"


def new_client_key(prefix: str) -> str:
    """Return a fresh random key, made once when a person presses Confirm (M14)."""
    return f"{prefix}{secrets.token_hex(16)}"


def follow_up_key(key: str) -> str:
    """Return the fresh key of a rebooking: `-r2`, then `-r3` and so on (A28)."""
    root, _, count = key.rpartition("-r")
    if root and count.isdigit():
        return f"{root}-r{int(count) + 1}"
    return f"{key}-r2"


def calendar_uid(booking: str) -> str:
    """Return the UID of a booking in every calendar file, so that a later one replaces it (F42).

    Args:
        booking: the booking's UUID.
    """
    return f"{booking.lower()}@campus-kiosk"
