"""Every test here sees the real fonts and the light kiosk theme, and leaves them so."""

import gettext
import os
import re

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.desktop.theme import fonts, theme
from kiosk_app.i18n import texts

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _look(qapp):
    fonts.load()
    theme.apply(qapp, theme.Theme())
    yield
    texts.use("en")


class Shouting(gettext.NullTranslations):
    """A language that is English in capitals, and longer."""

    def gettext(self, message):
        parts = re.split(r"(\{\w+\})", message)
        loud = "".join(part if part.startswith("{") else part.upper() for part in parts)
        return f"{loud} OYEZ"

    def ngettext(self, singular, plural, n):
        return self.gettext(singular if n == 1 else plural)


@pytest.fixture
def another_language(monkeypatch):
    """Switch to another language as the window does: every widget is told."""

    def switch(widget):
        monkeypatch.setattr(texts._Current, "texts", Shouting())
        for one in (widget, *widget.findChildren(QWidget)):
            QApplication.sendEvent(one, QEvent(QEvent.Type.LanguageChange))

    return switch
