"""Every desktop test sees the real fonts and the light kiosk theme, and leaves them so."""

import os

import pytest

from kiosk_app.desktop.theme import fonts, theme
from kiosk_app.i18n import texts

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _look(qapp):
    fonts.load()
    theme.apply(qapp, theme.Theme())
    yield
    texts.use("en")
