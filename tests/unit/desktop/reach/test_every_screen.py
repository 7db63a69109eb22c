"""Every screen, in every theme, with large text and with long words: nothing is cut or covered."""

import gettext

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.comfort import Needs
from kiosk_app.i18n import texts
from tests.helpers.looking import faults
from tests.helpers.screens import Screens


class Longer(gettext.NullTranslations):
    """No language: every text of English, longer by two fifths and with marks above its letters."""

    _marks = str.maketrans("aeiou", "àéïôü")

    def gettext(self, message):
        extra = max(1, len(message) * 2 // 5)
        words = [
            part.translate(self._marks) if "{" not in part else part for part in message.split()
        ]
        return " ".join([*words, *["éé"] * (extra // 3), "é" * (extra % 3)]).strip()

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)


def seen(screens, names):
    """Return what is wrong, by screen."""
    found = {}
    for name in names:
        screens.show(name)
        if wrong := faults(screens.window):
            found[name] = wrong
    return found


def wear(screens, **needs):
    screens.window.comfort.usual = Needs(still=True, **needs)
    screens.window.comfort.adopt(screens.window.comfort.usual)
    screens.rest()


@pytest.mark.parametrize(
    ("size", "text", "look"),
    [
        ((1920, 1080), 150, "hc"),
        ((1080, 1920), 150, "hc"),
        ((1280, 800), 125, "dark"),
        ((1024, 768), 100, "light"),
    ],
)
def test_no_word_of_french_is_cut_or_covered(campus, qtbot, size, text, look):
    screens = Screens(campus, qtbot, size)
    assert text in screens.window.comfort.sizes()
    wear(screens, look=look, size=text)
    screens.window.speak("fr")
    screens.window._setup = screens.setup(language="fr")
    assert seen(screens, screens.names()) == {}


def test_lowered_controls_cut_nothing_either(campus, qtbot):
    screens = Screens(campus, qtbot)
    wear(screens, size=125, lowered=True)
    names = [name for name in screens.names() if name != "calendar"]
    assert seen(screens, names) == {}


def test_words_of_a_longer_language_fit(campus, qtbot, monkeypatch):
    screens = Screens(campus, qtbot)
    monkeypatch.setattr(texts._Current, "texts", Longer())
    QCoreApplication.sendEvent(QApplication.instance(), QEvent(QEvent.Type.LanguageChange))
    assert seen(screens, screens.names()) == {}


def test_what_is_wrong_is_seen(screens):
    """The eyes of this file can see: a label that is squeezed, and one that is pushed out."""
    screens.show("identify")
    page = screens.window.identify
    assert faults(screens.window) == []
    page.go.setFixedWidth(40)
    page.go.move(screens.window.width() - 10, page.go.y())
    wrong = faults(screens.window)
    assert any(w.startswith("cut: Button") for w in wrong)
    assert any(w.startswith("beyond the edge: Button") for w in wrong)
