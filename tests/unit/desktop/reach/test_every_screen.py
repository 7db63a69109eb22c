"""Every screen, in every theme, with large text and with long words: nothing is cut or covered."""

import re
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from kiosk_app.app.fault_window import FaultWindow
from kiosk_app.desktop.comfort import Needs
from kiosk_app.desktop.theme import theme
from kiosk_app.i18n.calendar_words import DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT
from tests.helpers import november, spoken
from tests.helpers.attending import HELP, LETTER, SNOOZED_FOR, promised, stranded
from tests.helpers.browsing import PRIYA
from tests.helpers.looking import faults, said
from tests.helpers.pseudo import BEGIN, Pseudo, outside, pseudo, speak_pseudo
from tests.helpers.screens import CAMPUS, INSTRUCTORS, TOPICS, Screens
from tests.helpers.staff_screens import EXPORT, PASSPHRASE
from tests.helpers.staging import on_screen, settle

SERVER_SAYS = (
    *(LETTER.subject, LETTER.text, EXPORT, PASSPHRASE),
    *(promised().happened, stranded().happened, promised().device, "Sam Desk", SNOOZED_FOR),
    *(text for one in HELP.troubles for text in (one.title, one.remedy, one.code)),
    *(one.reach for one in HELP.contacts),
    *(*INSTRUCTORS, *TOPICS, "Ab"),  # a long name is short on a button
)
NOT_OURS = sorted(
    {
        *CAMPUS.split(),
        *PRIYA.name.split(),
        *(PRIYA.student_id, PRIYA.email),
        *(word for facts in november.sessions() for word in facts.location.split()),
        *(word for names in (DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT) for word in names["en"]),
        *(word for text in SERVER_SAYS for word in re.findall(r"\w+", text)),
        *("am", "pm", "Campus", "Kiosk", "English", "Français", "EN", "FR"),
        *(".com", *ascii_uppercase),
    },
    key=len,
    reverse=True,
)
"""Words that no catalogue translates: names, data of the server, CLDR's days and months, keys."""

NUMBER = r"\b[A-Z]+(-[A-Z0-9]+)+\b"
"""What a booking, a request or a fault is told by: `BK-20261126-7K2QZD`."""


def untranslated(window):
    """Return what a screen says that went round translation."""
    found = []
    for text in said(window):
        rest = re.sub(NUMBER, " ", outside(text))
        for word in NOT_OURS:
            rest = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", rest)
        if re.search(r"[^\W\d_]", rest):
            found.append(text)
    return sorted(found)


def seen(screens, names):
    """Return what is wrong, by screen."""
    found = {}
    size = screens.window.size()
    for name in names:
        screens.show(name)
        if wrong := faults(screens.window):
            found[name] = wrong
        if screens.window.size() != size:
            found[name] = [*wrong, f"the window has grown: {screens.window.size()}"]
            screens.window.resize(size)
    return found


def wear(screens, **needs):
    screens.window.comfort.usual = Needs(still=True, **needs)
    screens.window.comfort.adopt(screens.window.comfort.usual)
    screens.rest()


@pytest.mark.parametrize(
    ("size", "text", "worn"),
    [
        ((1920, 1080), 150, ("hc", "kiosk")),
        ((1080, 1920), 150, ("hc", "kiosk")),
        ((1280, 800), 125, ("dark", "kiosk")),
        ((1024, 768), 100, ("light", "kiosk")),
        ((1024, 768), 150, ("dark", "kiosk")),
        ((1280, 800), 125, ("dark", "desktop")),
    ],
)
def test_no_word_of_french_is_cut_or_covered(campus, qtbot, size, text, worn):
    look, density = worn
    theme.apply(QApplication.instance(), theme.Theme("light", density))
    screens = Screens(campus, qtbot, size)
    assert text in screens.window.comfort.sizes()
    wear(screens, look=look, size=text)
    screens.window.speak("fr")
    screens.window._setup = screens.setup(language="fr")
    assert seen(screens, screens.names()) == {}


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (1080, 1920)])
def test_a_device_that_has_read_nothing_yet_says_so_uncut(first_screens, size):
    first_screens.window.resize(*size)
    wear(first_screens, size=125)
    first_screens.window.speak("fr")
    assert seen(first_screens, first_screens.names()) == {}


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1024, 768)])
def test_the_window_of_a_kiosk_that_crashed_is_uncut(qtbot, size):
    window = on_screen(qtbot, FaultWindow(), *size)
    window.frame.top_bar.language.button("fr").click()
    settle()
    assert faults(window) == []
    assert spoken.faults(window) == []


def test_lowered_controls_cut_nothing_either(campus, qtbot):
    screens = Screens(campus, qtbot)
    wear(screens, size=125, lowered=True)
    names = [name for name in screens.names() if name != "calendar"]
    assert seen(screens, names) == {}


def test_the_screens_hold_longer_texts_and_each_is_translated(campus, qtbot, monkeypatch):
    screens = Screens(campus, qtbot)
    speak_pseudo(monkeypatch)
    wrong = {}
    for name in screens.names():
        screens.show(name)
        if found := [*faults(screens.window), *untranslated(screens.window)]:
            wrong[name] = found
    assert wrong == {}


@given(st.text("ab {}é\n", max_size=20), st.integers(0, 3))
def test_a_placeholder_is_filled_in_every_language(words, count):
    plain = words.replace("{", "").replace("}", "")
    text = Pseudo().ngettext(plain + "{n} left", plain + "{n} left, {all}", count)
    filled = text.format(n=count, all="9")
    assert filled.startswith(BEGIN)
    assert str(count) in filled
    assert outside(filled).strip() == ""


def test_a_text_that_went_round_translation_is_seen(screens, monkeypatch):
    screens.show("identify")
    speak_pseudo(monkeypatch)
    assert untranslated(screens.window) == []
    screens.window.identify.go.setText("Continue")
    screens.window.identify.go.setAccessibleName(f"Go {pseudo('on')}")
    assert untranslated(screens.window) == ["Continue", f"Go {pseudo('on')}"]


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
