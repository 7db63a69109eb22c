"""Locks between processes that vanish with whoever holds them."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import fasteners
else:
    import fcntl


class FileLock:
    """A lock on a file, shared or exclusive, held by one object; two objects are two holders."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if sys.platform == "win32":
            self._lock = fasteners.InterProcessReaderWriterLock(path)
        else:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        """Hold it together with others; wait while somebody holds it alone."""
        if sys.platform == "win32":
            self._lock.acquire_read_lock()
        else:
            # flock belongs to the open file: unlike lockf, it tells two holders of one process apart.
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def own(self, *, wait: bool = True) -> bool:
        """Hold it alone; without waiting, say whether that was possible."""
        if sys.platform == "win32":
            return bool(self._lock.acquire_write_lock(blocking=wait))
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let go of it however it is held."""
        if sys.platform == "win32":
            self._lock.release_write_lock()  # one unlocking serves both kinds
        else:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of it for good."""
        if sys.platform == "win32":
            self._lock.release_write_lock()
        else:
            os.close(self._file)
