"""What a process does before it imports the window, so that the first frame comes soon.

Python looks for rubbish again and again while modules and widgets pile up, and all of it stays
(`window.collect_again` ends the pause). And PySide puts its own `__import__` in Python's place,
which reads the source of every module imported after it for `from __feature__ import`; nothing here
uses that.
"""

import builtins
import gc

from kiosk_app.app import bindings, enumerations


def begin() -> None:
    """Make what follows fast; harmless when called twice."""
    gc.disable()
    enumerations.begin()
    bindings.load()
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
