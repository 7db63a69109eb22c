"""A file that holds some room for the outbox, so that a disk that fills up takes no booking (F4).

It is given up for one transaction that found the disk full, and made again when there is room.
"""

import os
from contextlib import suppress
from pathlib import Path

NAME = "queue.reserve"
SIZE = 1 << 20


class Reserve:
    """The room kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def fill(self) -> bool:
        """Keep the room if the disk has it; return whether it is kept."""
        if self._path.exists() and self._path.stat().st_size == SIZE:
            return True
        try:
            with self._path.open("wb") as file:
                file.write(os.urandom(SIZE))  # a file system that compresses would keep no zeros
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.spend()
            return False
        return True

    def spend(self) -> bool:
        """Give the room up; return whether there was any."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False
