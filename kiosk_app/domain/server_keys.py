"""Codes and keys that only a server makes; apart, because hashing is slow to import (0.5, M13)."""

import hashlib
import json
import secrets
import string
from datetime import date, datetime

_CODE_ALPHABET = string.ascii_uppercase + string.digits
_CODE_LENGTH = 6
_BUCKET_MS = 300_000


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


def new_booking_code(day: date) -> str:
    """Return a fresh `BK-20270304-7K2QZD`; uniqueness is the database's business."""
    # One draw for all six: each asks the kernel.
    drawn, tail = secrets.randbelow(len(_CODE_ALPHABET) ** _CODE_LENGTH), ""
    for _ in range(_CODE_LENGTH):
        drawn, at = divmod(drawn, len(_CODE_ALPHABET))
        tail += _CODE_ALPHABET[at]
    return f"BK-{day:%Y%m%d}-{tail}"
