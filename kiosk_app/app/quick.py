"""What a process does before it imports the window, so that the first frame comes soon.

Two things of the run time would otherwise take a fifth of the start. Python looks for rubbish again
and again while modules and widgets pile up, and all of it stays (`window.collect_again` ends the
pause). And PySide puts its own `__import__` in Python's place, which reads the source of every
module imported after it for `from __feature__ import`; nothing here uses that.
"""

import builtins
import gc


def begin() -> None:
    """Make what follows fast; harmless when called twice."""
    gc.disable()
    import PySide6.QtCore  # noqa: F401 - for what it does to `__import__`

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
