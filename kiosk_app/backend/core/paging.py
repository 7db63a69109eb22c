"""Where a page of a long list begins: the key of the last row before it, as opaque text.

Pages by key neither repeat nor skip a row when others are added or removed between two of them.
"""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from kiosk_app.backend.core.inputs import invalid
from kiosk_app.contract.wire import read_instant

MOST_ID = 2**63
"""Of a row that is numbered."""


def cursor_of(*key: object) -> str:
    """Write the key of a page's last row as a cursor."""
    plain = " ".join(str(part) for part in key).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read_moment_and_id(cursor: str) -> tuple[datetime, UUID]:
    """Read the cursor of a list by time.

    Raises:
        Refusal: VALIDATION_ERROR.
    """
    try:
        at, identity = _plain(cursor).rsplit(" ", 1)
        return read_instant(at), UUID(identity)
    except ValueError as fault:
        raise invalid("cursor", "is not a cursor of this list") from fault


def read_number(cursor: str) -> int:
    """Read the cursor of a list by number.

    Raises:
        Refusal: VALIDATION_ERROR.
    """
    try:
        number = int(_plain(cursor))
    except ValueError as fault:
        raise invalid("cursor", "is not a cursor of this list") from fault
    if not 0 <= number < MOST_ID:
        raise invalid("cursor", "is not a cursor of this list")
    return number


def _plain(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise ValueError("this is no cursor") from fault
