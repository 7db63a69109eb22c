"""One engine for each profile: a lock of the operating system, which ends with its process.

Who works with a profile holds the lock alone. Who only looks whether somebody does must stand in
nobody's way: a kiosk that starts at that very moment would take the looker for another kiosk and end.
"""

import os
import sys
import time
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
            _hold(file)
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
    """Say whether somebody works with this profile right now; look without standing in the way."""
    try:
        with (folder / FILE).open("rb") as file:
            return _is_held(file)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    _FAR = 0x7FFF_0000
    """Where the lock lies: far behind the text, which stays readable for others."""
    _LOOKS = 20
    """How often a lock is tried for; there is no lock here that lookers can share."""

    def _hold(file: IO[bytes]) -> None:
        for left in reversed(range(_LOOKS)):
            try:
                _lock(file)
            except OSError:
                if not left:
                    raise
                time.sleep(0.01)
            else:
                return

    def _is_held(file: IO[bytes]) -> bool:
        try:
            _lock(file)
        except OSError:
            return True
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        return False

    def _lock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)

else:
    import fcntl

    def _hold(file: IO[bytes]) -> None:
        while True:
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if _is_held(file):
                    raise
                time.sleep(0)  # somebody looked; their turn ends before ours does
            else:
                return

    def _is_held(file: IO[bytes]) -> bool:
        # Lookers share; only one who works with the profile keeps them out.
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
        return False
