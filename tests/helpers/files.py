"""The two encrypted files as the engine opens them, in a directory of a test."""

from pathlib import Path

from kiosk_app.cache.files import Keys
from kiosk_app.cache.reads import Reads
from kiosk_app.cache.store import Opened, open_files
from tests.helpers.samples import NOW

KEYS = Keys(queue=bytes(range(32)), mirror=bytes(range(32, 64)))


def opened(folder: Path, keys: Keys = KEYS) -> Opened:
    return open_files(folder, keys, NOW)


def reads(folder: Path, keys: Keys | None = KEYS, now=NOW) -> Reads:
    return Reads(folder, lambda: keys, lambda: now)
