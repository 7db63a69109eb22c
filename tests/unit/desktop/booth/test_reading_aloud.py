"""Read aloud: who asked for it hears what has the focus, where they are, and what is announced."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton, QVBoxLayout, QWidget

from kiosk_app.desktop.booth.reading_aloud import ReadAloud
from kiosk_app.desktop.comfort import Comfort, Needs
from kiosk_app.desktop.theme import speaking
from kiosk_app.desktop.views.accessibility_panel import AccessibilityPanel
from kiosk_app.desktop.views.pin_pad import PinPad
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.devices.voice import SimulatedVoice


class Page(QWidget):
    """A page with a title, two buttons and a list."""

    def __init__(self):
        super().__init__()
        self.title, self.list = Label("My bookings", "h1"), QListWidget()
        self.cancel, self.keep = QPushButton("Cancel"), QPushButton("Keep")
        self.list.addItems(["Tuesday", "Wednesday"])
        column = QVBoxLayout(self)
        for part in (self.title, self.cancel, self.keep, self.list):
            column.addWidget(part)

    def set_lowered(self, *, lowered):
        pass

    def wait_for(self, seconds):
        pass


@pytest.fixture
def page(qtbot):
    made = Page()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.cancel.setFocus()
    qtbot.waitUntil(made.cancel.hasFocus)
    return made


@pytest.fixture
def voice():
    return SimulatedVoice()


@pytest.fixture
def aloud(qapp, voice):
    made = ReadAloud(qapp, lambda failed: setattr(voice, "failed", failed) or voice)
    yield made
    made.set_on(on=False)


def texts_of(voice):
    return [text for text, _language in voice.said]


def test_it_says_the_page_then_what_has_the_focus(aloud, voice, page, qtbot):
    assert voice.said == []
    aloud.set_on(on=True)
    assert texts_of(voice) == ["My bookings. Cancel"]
    page.keep.setFocus()
    assert texts_of(voice)[1:] == ["Keep"]
    qtbot.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: texts_of(voice)[-1] == "Cancel")


def test_a_list_is_heard_line_by_line(aloud, voice, page, qtbot):
    aloud.set_on(on=True)
    page.list.setFocus()
    page.list.setCurrentRow(0)
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: texts_of(voice)[-1] == "Wednesday")


def test_nobody_hears_the_digits_of_a_pin(aloud, voice, page, qtbot):
    aloud.set_on(on=True)
    pad = PinPad(page, is_set=True)
    pad.open()
    qtbot.waitUntil(pad.isVisible)
    before = len(voice.said)
    for figure in "2580":
        qtbot.mouseClick(pad.keys[figure], Qt.MouseButton.LeftButton)
        pad.keys[figure].setFocus()
    pad.back.setFocus()
    qtbot.waitUntil(lambda: "Cancel" in texts_of(voice)[-1])
    said = " ".join(texts_of(voice)[before:])
    assert not any(figure in said for figure in "2580")
    pad.dismiss()


def test_announcements_are_heard_in_the_language_of_the_window(aloud, voice, page):
    aloud.set_on(on=True)
    speaking.speak("fr")
    speech.announce(page, "C’est réservé")
    assert voice.said[-1] == ("C’est réservé", "fr")


def test_whoever_leaves_is_not_heard_any_more(aloud, voice, page):
    aloud.set_on(on=True)
    aloud.set_on(on=False)
    count = len(voice.said)
    page.keep.setFocus()
    speech.announce(page, "Signed out")
    assert len(voice.said) == count


def test_that_nothing_can_be_heard_is_told(aloud, voice, page, qtbot):
    aloud.set_on(on=True)
    voice.failed()
    qtbot.waitUntil(lambda: "Nothing can be read aloud on this kiosk." in texts_of(voice))


def test_the_switch_lasts_one_visit_and_is_there_only_with_speech(qapp, aloud, voice, page, qtbot):
    comfort = Comfort(qapp, page, aloud)
    panel = AccessibilityPanel(page, comfort)
    panel.open()
    qtbot.waitUntil(panel.isVisible)
    assert panel.aloud.isVisibleTo(panel)
    panel.aloud.click()
    assert comfort.needs == Needs(aloud=True, still=comfort.usual.still)
    assert voice.said
    comfort.forget()
    assert not panel.aloud.isChecked()
    panel.dismiss()
    other = AccessibilityPanel(page, Comfort(qapp, page))
    other.open()
    assert not other.aloud.isVisible()
    other.dismiss()
