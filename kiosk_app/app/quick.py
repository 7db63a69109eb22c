"""What a process does before it imports the window, so that the first frame comes soon.

Python looks for rubbish again and again while modules and widgets pile up, and all of it stays
(`window.collect_again` ends the pause). msgspec asks for `typing_extensions`, a large module, and is
content with `typing`, which has all of it since Python 3.11. And PySide puts its own `__import__` in Python's place,
which reads the source of every module imported after it for `from __feature__ import`; nothing here
uses that.
"""

import builtins
import gc
import sys

from kiosk_app.app import bindings, enumerations


def begin() -> None:
    """Make what follows fast; harmless when called twice."""
    gc.disable()
    enumerations.begin()
    bindings.load()
    _load_msgspec()
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _load_msgspec() -> None:
    """Import msgspec, which is told that there is no `typing_extensions`; later it is there again."""
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # Python's word for it
    try:
        import msgspec  # noqa: F401 - for what it leaves behind
    finally:
        del sys.modules["typing_extensions"]
