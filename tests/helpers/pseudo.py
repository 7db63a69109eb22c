"""A language that nobody speaks: every text longer, marked and in brackets, to find those that go round translation."""

import gettext
import re
from string import Formatter

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from kiosk_app.i18n import texts
from tests.helpers.staging import settle

BEGIN, END = "‹", "›"
_MARKED = str.maketrans("aeiouyAEIOUY", "àéïôüýÀÉÏÔÜÝ")
_LONGER = 0.4
_FILLING = " éé"


def pseudo(message: str) -> str:
    """Return a text in brackets, its letters marked, two fifths longer; placeholders stay as they are."""
    parts, plain = [], 0
    for literal, name, spec, _conversion in Formatter().parse(message):
        parts.append(literal.translate(_MARKED))
        plain += len(literal)
        if name is not None:
            parts.append(f"{{{name}:{spec}}}" if spec else f"{{{name}}}")
    extra = max(1, round(plain * _LONGER) - 2)
    filling = (_FILLING * (extra // len(_FILLING) + 1))[:extra]
    return f"{BEGIN}{''.join(parts)}{filling.rstrip() or 'é'}{END}"


class Pseudo(gettext.NullTranslations):
    """The catalogue; a text has as many forms of the plural as English."""

    def gettext(self, message: str) -> str:
        """Return a text."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the text for a number of things."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Return a text told apart by its context."""
        return pseudo(message)


def speak_pseudo(monkeypatch) -> None:
    """Let the program speak it from now on."""
    spoken = Pseudo()
    monkeypatch.setattr(texts._Current, "texts", spoken)
    monkeypatch.setattr(texts, "catalogue", lambda _language: spoken)
    QCoreApplication.sendEvent(QApplication.instance(), QEvent(QEvent.Type.LanguageChange))
    settle()


def outside(text: str) -> str:
    """Return what of a text did not go through the catalogue.

    What was elided has no end; of what was painted line by line the marks tell.
    """
    before = None
    while before != text:
        before, text = text, re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", " ", text)
    words = text.partition(BEGIN)[0].split()
    return " ".join(word for word in words if word.translate(_MARKED) != word)
