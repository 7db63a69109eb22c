"""How often the watched kiosk has crashed: a number in the profile that only grows (A100).

The watcher writes it, the kiosk it starts next tells the server. It outlives both, and the machine.
"""

import logging
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from kiosk_app.app.settings import replace_file
from kiosk_app.contract.tallies import CRASHES, Tally

FILE = "crashes.json"
log = logging.getLogger("kiosk.watch")


def read(folder: Path) -> Tally | None:
    """Return the count; None where none was kept, or it cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Tally)
    except (OSError, msgspec.MsgspecError):
        return None


class CrashCount:
    """The count as the watcher keeps it; a disk that takes nothing loses nothing before it ends.

    Args:
        folder: the profile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tally = read(folder) or Tally(what=CRASHES, run=str(uuid4()), times=0)

    def add(self) -> None:
        """Count one more."""
        self._tally = replace(self._tally, times=self._tally.times + 1)
        try:
            replace_file(self._folder / FILE, msgspec.json.encode(self._tally))
        except OSError as reason:
            log.warning("the crash cannot be counted on disk: %s", type(reason).__name__)
