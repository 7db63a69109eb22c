"""One engine for each profile: a lock of the operating system, which ends with its process."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

FILE = "kiosk.lock"


class AlreadyRunning(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """Another program works with this profile."""


class Instance:
    """Holds the profile until `release`; a crash releases it too, a stale file means nothing."""

    def __init__(self, folder: Path) -> None:
        """Take the profile.

        Raises:
            AlreadyRunning: somebody else has it.
            OSError: the folder cannot be written.
        """
        file = (folder / FILE).open("a+b")
        try:
            _lock(file)
        except OSError as fault:
            file.close()
            raise AlreadyRunning(str(folder)) from fault
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        self._file: IO[bytes] | None = file

    def release(self) -> None:
        """Let others have it; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let it go."""
        self.release()


def is_running(folder: Path) -> bool:
    """Say whether somebody works with this profile right now."""
    if not (folder / FILE).exists():
        return False
    try:
        Instance(folder).release()
    except AlreadyRunning:
        return True
    except OSError:
        return False
    return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0x7FFF_0000)  # far behind the text, which stays readable for others
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
