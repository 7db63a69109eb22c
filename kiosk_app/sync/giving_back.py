"""What was taken of the machine's memory for a while and freed, given back to the system.

A start unpacks hundreds of modules and looks through a file; a full pull holds pages of thousands of
sessions. Between what stays of that the C library keeps what was freed, for a process that soon wants
it again. A kiosk at rest does not.
"""

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Return free memory to the system; only glibc can be asked to, elsewhere nothing happens."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
