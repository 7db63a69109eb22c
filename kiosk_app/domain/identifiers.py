"""Readable ids, short codes and idempotency keys (0.5, M13)."""

import re
from datetime import date
from enum import Enum, auto
from uuid import uuid4

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.times import date_text

_UUID = re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)


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


def new_client_key(prefix: str) -> str:
    """Return a fresh random key, made once when a person presses Confirm (M14)."""
    return f"{prefix}{uuid4().hex}"


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
