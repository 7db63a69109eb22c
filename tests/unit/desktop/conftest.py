"""Every screen here sees the real fonts and the light kiosk theme, and leaves them so.

They are walked without counting lines: that takes half as long again and nobody asks for it.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from kiosk_app.desktop.theme import fonts, motion, speaking, theme

LIGHT = theme.Theme()
HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    # pytest calls this for every test there is, not for those of this folder alone
    counting = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if counting is None or not item.path.is_relative_to(HERE):
        return (yield)
    counting.pause()
    try:
        return (yield)
    finally:
        counting.resume()


@pytest.fixture(autouse=True)
def _look(qapp):
    """Begin in the light, put back what a test changed, and let closed windows really go.

    A theme that is there already is not laid anew: that restyles every widget there is.
    """
    fonts.load()
    _lighten(qapp)
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    motion.reduce(wanted=False)
    speaking.speak("en")
    _lighten(qapp)


def _lighten(app):
    if theme.current() is not LIGHT:
        theme.apply(app, LIGHT)


@pytest.fixture
def still():
    """Nothing moves."""
    motion.reduce(wanted=True)
