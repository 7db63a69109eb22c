"""Arabic: everything stands the other way round, fits, keeps what was typed, and says no English."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QLabel

from kiosk_app.desktop.comfort import Needs
from kiosk_app.desktop.theme import icons, mirror, speaking
from kiosk_app.desktop.widgets import keys
from kiosk_app.desktop.widgets.sheet import Sheet
from kiosk_app.i18n import bidi, formats
from tests.helpers import november
from tests.helpers.looking import faults
from tests.helpers.screens import DISCUSSION, Screens
from tests.helpers.staging import settle

RTL, LTR = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight


@pytest.fixture(autouse=True)
def _back_to_english():
    yield
    speaking.speak("en")


def arabic(screens, **needs):
    screens.window.comfort.usual = Needs(still=True, **needs)
    screens.window.comfort.adopt(screens.window.comfort.usual)
    screens.window.speak("ar")
    screens.window._setup = screens.setup(language="ar")
    screens.rest()


def x_of(widget, window):
    return widget.mapTo(window, QPoint(0, 0)).x()


@pytest.mark.parametrize(
    ("size", "text", "look"),
    [((1024, 768), 100, "light"), ((1080, 1920), 150, "hc"), ((1024, 768), 150, "light")],
)
def test_no_word_of_arabic_is_cut_or_covered(campus, qtbot, size, text, look):
    screens = Screens(campus, qtbot, size)
    arabic(screens, size=text, look=look)
    wrong = {}
    for name in screens.names():
        screens.show(name)
        if found := faults(screens.window):
            wrong[name] = found
    assert wrong == {}


def test_what_is_half_typed_stays_through_every_language(screens):
    screens.show("identify")
    page, bar = screens.window.identify, screens.window.frame.top_bar
    page.student_id.edit.setText("QX44")
    page.email.edit.setText("priya@")
    page.email.edit.setCursorPosition(3)
    page.email.edit.setFocus()
    for language, way in (("ar", RTL), ("fr", LTR), ("ar", RTL), ("en", LTR)):
        bar.language.button(language).click()
        settle()
        assert QApplication.layoutDirection() is way
        assert page.layoutDirection() is way
        assert (page.student_id.text(), page.email.text()) == ("QX44", "priya@")
        assert page.email.edit.cursorPosition() == 3
        assert page.email.edit.hasFocus()


def test_a_form_that_is_open_changes_its_side_and_keeps_its_answers(screens):
    screens.show("book-discussion")
    (sheet,) = screens.window.overlays()
    assert isinstance(sheet, Sheet)
    sheet.form.topic.area.set_text("ethics")
    assert sheet.panel.geometry().right() == sheet.width() - 1
    screens.window.speak("ar")
    settle()
    assert sheet.panel.geometry().left() == 0
    assert sheet.form.topic.area.text() == "ethics"
    screens.window.speak("en")
    settle()
    assert sheet.panel.geometry().right() == sheet.width() - 1


def test_the_page_is_its_own_mirror(screens):
    """Columns, arrows and days run from right to left; the keys of the keyboard do not."""
    screens.show("calendar")
    window, browse = screens.window, screens.window.browse
    table, model = browse.month.table, browse.month.model
    bar = window.frame.top_bar
    first, last = (model.index_of(november.TODAY.replace(day=day)) for day in (22, 28))
    pairs = [
        lambda: (x_of(bar.avatar, window), x_of(bar.tabs, window)),
        lambda: (x_of(browse.day, window), x_of(table, window)),
        lambda: (table.visualRect(last).x(), table.visualRect(first).x()),
        lambda: (x_of(browse.month._on, window), x_of(browse.month._back, window)),
    ]
    assert all(end > start for end, start in (pair() for pair in pairs))
    arabic(screens)
    assert all(end < start for end, start in (pair() for pair in pairs))
    screens.show("identify")
    window.identify.email.edit.setFocus()
    pad = window.frame.keyboard.pad
    pad.show_page(keys.PAGES["en"])
    settle()
    assert x_of(pad.key("q"), pad) < x_of(pad.key("w"), pad)


@pytest.mark.parametrize("name", ["chevron-left", "log-out", "clock"])
def test_arrows_turn_round_and_clocks_do_not(qapp, name):
    plain = icons.pixmap(name, "ink", 24).toImage()
    speaking.speak("ar")
    turned = icons.pixmap(name, "ink", 24).toImage()
    assert (turned == plain) is (name not in icons.DIRECTIONAL)
    assert icons.pixmap(name, "ink", 24, turning=False).toImage() == plain


def test_latin_texts_stand_where_arabic_ones_do(screens):
    """A label is set by its language, not by its first letter; what it says is unchanged."""
    screens.show("book-discussion")
    arabic(screens)
    row = screens.campus.reading.session(DISCUSSION, november.STUDENT)
    screens.window.booking.book(row)
    settle()
    (*_, sheet) = screens.window.overlays()
    (email,) = [w for w in sheet.findChildren(QLabel) if w.text() == "priya@example.org"]
    assert QLabel.text(email) == bidi.LEAD + "priya@example.org"
    screens.window.speak("en")
    settle()
    (email,) = [w for w in sheet.findChildren(QLabel) if w.text() == "priya@example.org"]
    assert QLabel.text(email) == "priya@example.org"


def test_a_list_within_a_list_runs_from_right_to_left(qapp):
    """As the eye meets them: the session, then its day, then its hour."""
    speaking.speak("ar")
    text = formats.listed("مناقشة", formats.listed("الاثنين", "7:00"))
    layout = QTextLayout(text)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignRight))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    at = [line.cursorToX(text.index(part))[0] for part in ("مناقشة", "الاثنين", "7:00")]
    assert at == sorted(at, reverse=True)


boxes = st.builds(QRect, *[st.integers(-500, 500)] * 2, *[st.integers(0, 2000)] * 2)


@given(boxes, boxes)
def test_what_is_mirrored_twice_is_where_it_was(box, place):
    once = mirror.seen(RTL, box, place)
    assert once.size() == place.size()
    assert once.top() == place.top()
    assert mirror.seen(RTL, box, once) == place
    assert mirror.seen(LTR, box, place) == place
    assert box.contains(once) is box.contains(place)


def test_who_reads_arabic_is_told_that_nobody_has_read_it_yet(screens):
    screens.show("help")
    (dialog,) = screens.window.overlays()
    assert not dialog.unread.isVisible()
    screens.window.speak("ar")
    settle()
    assert dialog.unread.isVisible()


def test_the_letters_of_arabic_are_not_read_before_somebody_wants_them(tmp_path):
    code = (
        "from PySide6.QtGui import QFontDatabase, QFontInfo, QFont\n"
        "from kiosk_app.app.window import application, Setup\n"
        "from kiosk_app.desktop.theme import fonts, speaking\n"
        "app = application('light', Setup())\n"
        "print(fonts.load_arabic.cache_info().currsize)\n"
        "speaking.speak('ar')\n"
        "print(fonts.load_arabic.cache_info().currsize, QFont.substitutes('Inter'))\n"
        "print(fonts.ARABIC in QFontDatabase.families())\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:3] == ["0", "1 ['noto sans arabic']", "True"]
