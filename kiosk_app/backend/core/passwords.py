"""Passwords of staff: Argon2id, computed in a thread, never in the event loop.

A password is compared in NFKC, so that it is the same from every keyboard. An unknown user costs the
same work as a known one.
"""

import asyncio
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from kiosk_app.contract.staff import MOST_PASSWORD

SHORTEST = 10
"""Characters of a new password (after NFKC)."""
_AT_ONCE = 2
"""Hashes computed at the same time by one process: each takes `memory_kib`."""


class WeakPassword(ValueError):  # noqa: N818 - a fault of the input
    """A new password is too short or too long."""


class Cost(Struct, frozen=True, kw_only=True):
    """How dear one hash is; a change takes hold of each user at their next sign-in."""

    time: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4
    """The defaults are the second choice of RFC 9106, for machines of ordinary size."""


_USUAL = Cost()


class Passwords:
    """Hashes and checks passwords.

    Args:
        cost: of hashes that are made from now on.
    """

    def __init__(self, cost: Cost = _USUAL) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the hash of a new password.

        Raises:
            WeakPassword: it is shorter than SHORTEST or longer than MOST_PASSWORD.
        """
        if len(password) > MOST_PASSWORD:
            raise WeakPassword(f"a password has at most {MOST_PASSWORD} characters")
        if len(_same_everywhere(password)) < SHORTEST:
            raise WeakPassword(f"a password needs at least {SHORTEST} characters")
        return await self._threaded_hash(password)

    async def check(self, known: str | None, password: str) -> bool:
        """Say whether a password is the one behind a hash; without a hash it never is."""
        async with self._gate:
            right = await asyncio.to_thread(self._verify, known, _same_everywhere(password))
        return right and known is not None

    async def renewed(self, known: str, password: str) -> str | None:
        """Return a new hash of a password that was right, when the old one is of another cost."""
        if not self._hasher.check_needs_rehash(known):
            return None
        return await self._threaded_hash(password)

    async def _threaded_hash(self, password: str) -> str:
        async with self._gate:
            return await asyncio.to_thread(self._hasher.hash, _same_everywhere(password))

    def _verify(self, known: str | None, password: str) -> bool:
        spare = (
            self._nobodys
        )  # made in either case, so that the first try tells nothing by its time
        try:
            return self._hasher.verify(known or spare, password)
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        """What an unknown user's password is checked against."""
        return self._hasher.hash("nobody has this password")


def _same_everywhere(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
