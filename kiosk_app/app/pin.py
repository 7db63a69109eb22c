"""Where a kiosk keeps the PIN of its staff: never the PIN, only a slow hash with salt.

The file stands apart from `booth.json`, which `kiosk place show` prints. Wrong tries are written
before a PIN is compared, so that switching the machine off wins nothing.
"""

import hashlib
import hmac
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct, structs

from kiosk_app.app.settings import replace_file
from kiosk_app.domain.pin import Verdict, seconds_left

FILE = "pin.json"
_SALT_BYTES = 16
_COST, _BLOCK, _LANES = 2**15, 8, 1
"""scrypt: 32 MiB and about a tenth of a second for each try."""
_MEMORY = 64 * 2**20
log = logging.getLogger("kiosk.pin")


class _Kept(Struct, frozen=True, kw_only=True):
    salt: str
    digest: str
    cost: int = _COST
    block: int = _BLOCK
    lanes: int = _LANES
    wrong: int = 0
    """Wrong tries since the last right one."""
    tried_at: datetime | None = None


class PinFile:
    """The PIN of one profile.

    Args:
        folder: of the profile.
        now: the clock; UTC.
    """

    def __init__(
        self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._path, self._now = folder / FILE, now
        self._one_by_one = Lock()
        self._last: _Kept | None = None
        """As of the last try; it counts on where the disk cannot be written."""

    @property
    def is_set(self) -> bool:
        """Whether there is a PIN at all; a file that cannot be read counts as one."""
        return self._path.exists()

    def set(self, pin: str, cost: int = _COST) -> None:
        """Keep a PIN in place of another, and forget wrong tries.

        Args:
            pin: acceptable to `domain.pin`.
            cost: of the hash; a power of two.

        Raises:
            OSError: nothing was changed.
        """
        salt = os.urandom(_SALT_BYTES)
        made = _Kept(salt=salt.hex(), digest="", cost=cost)
        self._write(structs.replace(made, digest=_digest(made, pin)))

    def clear(self) -> None:
        """Keep no PIN."""
        self._path.unlink(missing_ok=True)
        self._last = None

    def check(self, pin: str) -> Verdict:
        """Compare a PIN; takes its time, so not on the thread of the window."""
        with self._one_by_one:
            return self._check(pin, self._now())

    def _check(self, pin: str, now: datetime) -> Verdict:
        kept = self._read()
        if kept is None:
            return Verdict()
        if left := seconds_left(kept.wrong, kept.tried_at, now):
            return Verdict(wait=left)
        tried = structs.replace(kept, wrong=kept.wrong + 1, tried_at=now)
        self._note(tried)
        if hmac.compare_digest(_digest(kept, pin), kept.digest):
            self._note(structs.replace(kept, wrong=0, tried_at=None))
            return Verdict(right=True)
        return Verdict(wait=seconds_left(tried.wrong, now, now))

    def _read(self) -> _Kept | None:
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as fault:
            log.warning("the PIN cannot be read: %s", type(fault).__name__)
            return self._last
        last = self._last
        if last is not None and last.digest == found.digest and last.wrong > found.wrong:
            return last
        return found

    def _note(self, kept: _Kept) -> None:
        self._last = kept
        try:
            self._write(kept)
        except OSError as fault:
            log.warning("a try cannot be written down: %s", type(fault).__name__)

    def _write(self, kept: _Kept) -> None:
        replace_file(self._path, msgspec.json.encode(kept))
        self._last = kept


def _digest(kept: _Kept, pin: str) -> str:
    made = hashlib.scrypt(
        pin.encode(),
        salt=bytes.fromhex(kept.salt),
        n=kept.cost,
        r=kept.block,
        p=kept.lanes,
        maxmem=_MEMORY,
    )
    return made.hex()
