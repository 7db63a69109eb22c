"""What many rows come to: a count and a sum of hashes, equal exactly when the rows are (§6).

The sum does not depend on the order, so it may be built by an index in any direction, and a changed,
missing or additional row changes it but for a chance of one in 2^52.
"""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

SEPARATOR = "\x1f"
DIGITS = 13
"""Hexadecimal digits of a hash that are summed: 52 bits, exact in every number that travels."""
LIMIT = 2**52


class Sum(Struct, frozen=True):
    """Of no rows it is (0, 0)."""

    count: int
    total: int


def sum_of(rows: Iterable[Iterable[str | int]]) -> Sum:
    """Return the sum of rows, each a sequence of its fields."""
    count = total = 0
    for row in rows:
        text = SEPARATOR.join(map(str, row))
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        count, total = count + 1, (total + int(digest[:DIGITS], 16)) % LIMIT
    return Sum(count, total)
