"""Tests of windows collect Python's garbage as the program does: on the thread of the window alone."""

import gc
from contextlib import contextmanager

from kiosk_app.app.collector import collect_what_is_due


@contextmanager
def collected_by_the_window(item, nextitem):
    """Let no other thread of a test, a server's or an engine's, end what belongs to a window.

    What tests of windows leave is gone before one begins that has none.
    """
    if not _has_window(item):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        collect_what_is_due()
        if not _has_window(nextitem):
            gc.collect()
            gc.enable()


def _has_window(item):
    return "qapp" in getattr(item, "fixturenames", ())
