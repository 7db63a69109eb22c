"""The two encrypted files as the engine opens them, in a directory of a test."""

import shutil
import tempfile
from functools import cache, partial
from pathlib import Path

from kiosk_app.app.exports import export_outbox
from kiosk_app.cache.files import Keys
from kiosk_app.cache.mirror import Position
from kiosk_app.cache.reads import Reads
from kiosk_app.cache.store import Opened, open_files
from tests.helpers.samples import NOW

NAME = "Library 2"
KEYS = Keys(queue=bytes(range(32)), mirror=bytes(range(32, 64)))
HERE = Position("e1", "c1")


def opened(folder: Path, keys: Keys = KEYS) -> Opened:
    return open_files(folder, keys, NOW)


@cache
def _made() -> tempfile.TemporaryDirectory:
    folder = tempfile.TemporaryDirectory(prefix="kiosk-files-")
    opened(Path(folder.name)).close()
    return folder


def opened_copy(folder: Path) -> Opened:
    """Open a copy of files made once: no test of a screen asks how they are made.

    All copies are one device's; a test with two of them makes its own.
    """
    shutil.copytree(_made().name, folder, dirs_exist_ok=True)
    return opened(folder)


def reads(folder: Path, keys: Keys | None = KEYS, now=NOW) -> Reads:
    return Reads(folder, lambda: keys, lambda: now)


def handing(folder: Path):
    """Return what writes the queue of a folder to a file, as the window's engine is given it."""
    return partial(export_outbox, folder, KEYS.queue, NAME)


def fill(files, *sessions):
    """Let the mirror have these sessions."""
    files.mirror.apply(list(sessions), [], HERE, NOW)
