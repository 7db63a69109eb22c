"""A language that is longer than any."""

import gettext
import re

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.i18n import texts


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
