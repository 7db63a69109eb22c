"""Option cards, chips, QR codes, countdowns, toasts and passes."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import theme
from kiosk_app.desktop.widgets.countdown import CountdownRing
from kiosk_app.desktop.widgets.labels import Label, led_by
from kiosk_app.desktop.widgets.option_cards import OptionCards
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.pass_card import HEIGHT, PassCard
from kiosk_app.desktop.widgets.pass_text import PassText
from kiosk_app.desktop.widgets.qr import QUIET_MODULES, QrCode
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.domain.listing import Standing
from tests.helpers.staging import settle

LIKE_MARKUP = st.text("<>&;/#\"'=bilt1é", min_size=1)


@pytest.fixture
def cards(qtbot):
    made = OptionCards()
    for key in ("Virtual", "In-Person", "Hybrid"):
        made.add(key, "video").set_texts(key, f"About {key}")
    qtbot.addWidget(made)
    made.resize(780, 120)
    made.show()
    return made


def test_one_card_is_chosen_by_a_tap_anywhere_on_it(qtbot, cards):
    cards.choose("Virtual")
    card = cards.card("Hybrid")
    with qtbot.waitSignal(cards.chosen):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 4, 4))
    assert cards.value() == "Hybrid"
    assert not cards.card("Virtual").isChecked()


def test_arrows_move_and_choose(qtbot, cards):
    cards.choose("Virtual")
    cards.card("Virtual").setFocus()
    qtbot.keyClick(cards.card("Virtual"), Qt.Key.Key_Right)
    assert cards.value() == "In-Person"
    assert cards.card("In-Person").hasFocus()


def test_a_group_with_a_choice_is_one_tab_stop(cards):
    cards.choose("Virtual")
    stops = [c for c in cards._cards.values() if c.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [cards.card("Virtual")]


def test_cards_are_radio_buttons_with_their_help_as_description(cards):
    seen = QAccessible.queryAccessibleInterface(cards.card("Hybrid"))
    assert seen.role() == QAccessible.Role.RadioButton
    assert seen.text(QAccessible.Text.Name) == "Hybrid"
    assert seen.text(QAccessible.Text.Description) == "About Hybrid"


def test_narrow_cards_stand_under_one_another(qtbot, cards):
    cards.resize(400, 400)
    qtbot.waitUntil(lambda: cards.card("In-Person").y() > cards.card("Virtual").y())
    assert cards.card("In-Person").height() >= 56


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_has_a_word(qtbot, standing):
    chip = StatusChip(standing)
    qtbot.addWidget(chip)
    assert chip.accessibleName()


@settings(max_examples=25)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_a_code_is_large_enough_and_white_around_in_every_theme(qtbot, text):
    code = QrCode()
    code.set_text(text)
    size = code.sizeHint()
    assert size.width() >= 200
    code.resize(size)
    image = code.grab().toImage()
    module = code.module_px()
    edge = QUIET_MODULES * module
    first_dark = image.pixelColor(edge, edge)
    assert first_dark.lightness() == 0, "the finder pattern starts behind the quiet zone"
    for at in range(0, size.width(), module):
        for depth in (0, edge - 1):
            assert image.pixelColor(at, depth).lightness() == 255
            assert image.pixelColor(depth, at).lightness() == 255
            assert image.pixelColor(at, size.height() - 1 - depth).lightness() == 255


def test_a_dark_theme_leaves_the_code_black_on_white(qtbot, qapp):
    theme.apply(qapp, theme.Theme("dark"))
    code = QrCode()
    code.set_text("BEGIN:VEVENT")
    code.resize(code.sizeHint())
    image = code.grab().toImage()
    shades = {
        image.pixelColor(x, y).lightness()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert shades == {0, 255}


def test_the_painted_modules_are_those_of_the_code(qtbot):
    code = QrCode()
    code.set_text("Keep your booking code")
    code.resize(code.sizeHint())
    image, module = code.grab().toImage(), code.module_px()
    for y, row in enumerate(code.modules()):
        for x, dark in enumerate(row):
            place = QPoint((x + QUIET_MODULES) * module + 1, (y + QUIET_MODULES) * module + 1)
            assert (image.pixelColor(place).lightness() == 0) == bool(dark)


@pytest.fixture
def ring(qtbot):
    made = CountdownRing(tick_ms=5, hold_s=20)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.stop()


def test_the_ring_counts_down_to_the_end_once(qtbot, ring):
    counted = []
    ring.ticked.connect(counted.append)
    with qtbot.waitSignal(ring.finished):
        ring.start(4)
    assert counted == [4, 3, 2, 1, 0]


def test_a_key_holds_the_count(qtbot, ring):
    ring.start(1000)
    qtbot.waitUntil(lambda: ring.left < 999)
    qtbot.keyClick(ring, Qt.Key.Key_A)
    assert ring.paused
    left = ring.left
    with qtbot.waitSignal(ring._timer.timeout):
        pass
    assert ring.left == left
    qtbot.waitUntil(lambda: ring.left < left)


def test_a_toast_says_its_word_and_leaves(qtbot, window):
    toast = Toast(window, stays_ms=30)
    toast.say("Cancelled. 1 CS token is back.")
    assert toast.isVisible()
    assert abs(toast.geometry().center().x() - 960) <= 1
    assert toast.height() == 64
    assert window.findChild(QPushButton, "opener").hasFocus()
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_f6_reaches_the_action_of_a_toast(qtbot, window):
    done = []
    toast = Toast(window, stays_ms=30)
    toast.say("Saved", action="Show", act=lambda: done.append(1))
    qtbot.keyClick(window, Qt.Key.Key_F6)
    button = QApplication.focusWidget()
    assert button.text() == "Show"
    with qtbot.waitSignal(toast._timer.timeout):
        pass
    assert toast.isVisible(), "a toast with the focus stays"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert done == [1]
    assert not toast.isVisible()


def test_a_long_toast_wraps_inside_a_narrow_window(window):
    window.resize(500, 500)
    toast = Toast(window)
    toast.say("The cancel is saved and will be sent when the connection is back again. " * 2)
    assert window.rect().contains(toast.geometry())
    assert toast.height() > 64


def test_a_toast_gives_way_to_what_covers_its_page_and_comes_back(qtbot, window):
    toast = Toast(window)
    toast.say("Cancelled in 10 seconds.", action="Undo", act=lambda: None, stays=True)
    question = Dialog(window)
    question.open()
    assert not toast.isVisible()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert question.isAncestorOf(QApplication.focusWidget())
    toast.rewrite("Cancelled in 7 seconds.")
    question.dismiss()
    assert toast.isVisible() and toast.text() == "Cancelled in 7 seconds."
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert QApplication.focusWidget().text() == "Undo"


def test_a_word_whose_time_ran_out_under_a_cover_does_not_come_back(qtbot, window):
    toast = Toast(window, stays_ms=30)
    toast.say("Saved")
    question = Dialog(window)
    question.open()
    with qtbot.waitSignal(toast._timer.timeout):
        pass
    question.dismiss()
    assert not toast.isVisible()


def test_a_word_about_what_is_done_in_a_dialog_is_seen_over_it(window):
    dialog = Dialog(window)
    dialog.open()
    toast = Toast(window)
    toast.say("Copied")
    assert toast.isVisible()


def pass_text(**more):
    values = {
        "mock_type": MockType.MINI_MOCK,
        "title": "Mini-mock",
        "subtitle": "In-Person",
        "standing": Standing.CONFIRMED,
        "facts": (("Date", "Thu,\xa0Nov\xa026"), ("Time (EST)", "3:00\xa0pm\xa0– 5:00\xa0pm")),
        "code_label": "Booking code",
        "code": "BK-20261126-7K2QZD",
        "person_label": "Booked for",
        "person": "Priya Raman",
        "qr": "BEGIN:VEVENT",
    }
    return PassText(**values | more)


@pytest.mark.parametrize("width", [1240, 1016, 700])
def test_a_pass_shows_everything_at_any_width(qtbot, width):
    card = PassCard()
    qtbot.addWidget(card)
    card.show_text(pass_text())
    card.show()
    card.resize(QSize(width, max(HEIGHT, card.heightForWidth(width))))
    code = card.findChild(QrCode)
    inside = code.mapTo(card, code.rect().center())
    assert card.rect().contains(inside)
    assert code.width() >= 200


@pytest.mark.parametrize("hours", ["9:30\xa0– 11:30\xa0am", "9:00\xa0am\xa0– 12:00\xa0pm"])
def test_five_facts_stand_on_one_line(qtbot, hours):
    """06c, with the number of the seat."""
    card = PassCard()
    qtbot.addWidget(card)
    facts = (
        *(("Date", "Sat,\xa0Dec\xa05"), ("Time (EST)", hours), ("Where", "Downtown · Room 205")),
        *(("Tokens", "1 → 0 left"), ("Seat", "1")),
    )
    card.show_text(pass_text(facts=facts))
    card.resize(QSize(1240, HEIGHT))
    card.show()
    settle()
    heights = {fact._value.height() for fact in card._facts}
    assert max(heights) < 2 * card._facts[-1]._value.fontMetrics().height()
    for fact in card._facts:
        words = fact._value.fontMetrics().horizontalAdvance(fact._value.text())
        assert words <= fact._value.width()


def test_of_facts_that_are_too_long_the_longest_wraps_alone(qtbot):
    card = PassCard()
    qtbot.addWidget(card)
    where = "Mississauga Campus · Simulation Room 1205"
    facts = (
        *(("Date", "Sat,\xa0Nov\xa028"), ("Time (EST)", "9:00\xa0am\xa0– 12:00\xa0pm")),
        *(("Where", where), ("Tokens", "1 → 0 left"), ("Seat", "1")),
    )
    card.show_text(pass_text(facts=facts))
    card.resize(QSize(1240, HEIGHT))
    card.show()
    settle()
    wrapped = [
        fact._value.fontMetrics().horizontalAdvance(fact._value.text()) > fact._value.width()
        for fact in card._facts
    ]
    assert wrapped == [False, False, True, False, False]


def test_the_code_is_read_character_by_character(qtbot):
    card = PassCard()
    qtbot.addWidget(card)
    card.show_text(pass_text(code="BK-7"))
    assert card._code.accessibleName() == "Booking code: B K - 7"


@pytest.mark.parametrize("role", ["h1", "h2", "title", "strong", "body", "second", "caption"])
def test_figures_of_a_label_are_all_of_one_width(qtbot, role):
    """The style sheet that gives a label its size and family takes nothing of it away."""
    label = Label("", role)
    qtbot.addWidget(label)
    label.show()
    widths = set()
    for figure in "0123456789":
        label.setText(figure * 4)
        widths.add(QFontMetricsF(label.font()).horizontalAdvance(label.text()))
    assert len(widths) == 1


def test_a_hyphen_stays_a_hyphen(qtbot):
    label = Label("Mini-mock 1", "body")
    qtbot.addWidget(label)
    label.show()
    metrics = QFontMetricsF(label.font())
    assert metrics.horizontalAdvance("-") < metrics.horizontalAdvance("0") * 0.8


@pytest.mark.parametrize("scale", [1, 1.25, 1.5])
def test_large_text_is_no_bolder(qtbot, qapp, scale):
    theme.apply(qapp, theme.Theme("light", "kiosk", scale))
    label = Label("Times are in Toronto time", "body")
    qtbot.addWidget(label)
    label.show()
    assert (label.font().family(), label.font().weight()) == ("Inter", 400)


@pytest.mark.parametrize("scale", [1, 1.25, 1.5])
def test_no_fact_of_a_pass_takes_more_than_two_lines(qtbot, qapp, scale):
    theme.apply(qapp, theme.Theme("light", "kiosk", scale))
    facts = (
        ("Date", "Mon,\xa0Nov\xa030"),
        ("Time (EST)", "9:30\xa0– 11:30\xa0am"),
        ("Where", "North York · Room N210"),
        ("Tokens", "2 → 1 left"),
        ("Seat", "14"),
    )
    card = PassCard()
    qtbot.addWidget(card)
    card.show_text(PassText(mock_type=MockType.MINI_MOCK, standing=Standing.CONFIRMED, facts=facts))
    card.resize(1240, card.heightForWidth(1240))
    card.show()
    settle()
    for _caption, value in facts:
        [label] = [one for one in card.findChildren(Label) if one.text() == value]
        line = label.fontMetrics().lineSpacing()
        assert label.heightForWidth(label.width()) < 2.5 * line, value


@given(head=LIKE_MARKUP, rest=LIKE_MARKUP)
@example(head="R<b>", rest="&lt;<i>a</i>")
def test_what_is_led_by_a_bold_word_is_read_as_it_was_given(qapp, head, rest):
    told = QTextDocument()
    told.setHtml(led_by(head, rest))
    assert told.toPlainText() == f"{head} {rest}"
