"""A file that holds some room for the outbox, so that a disk that fills up takes no booking (F4).

Half of it is given up when a program starts on a full disk, the rest for one transaction that found no
room, and all is made again when there is some.
"""

import os
import shutil
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
        kept = self._path.stat().st_size if self._path.exists() else 0
        if kept == SIZE:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < SIZE - kept:
                return False  # what is left of it stays
            with self._path.open("ab") as file:
                file.write(
                    os.urandom(SIZE - kept)
                )  # where a file system compresses, zeros keep nothing
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.spend()
            return False
        return True

    def lend(self) -> bool:
        """Give half of it up, so that the files can be opened; return whether there was any."""
        with suppress(OSError):
            if self._path.stat().st_size == SIZE:
                os.truncate(self._path, SIZE // 2)
                return True
        return False

    def spend(self) -> bool:
        """Give the room up; return whether there was any."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False
