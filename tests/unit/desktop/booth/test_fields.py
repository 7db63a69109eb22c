"""Fields: named, described, and the text survives whatever is said about it."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.widgets.fields import Field, TextArea
from kiosk_app.desktop.widgets.labels import Label
from tests.helpers.staging import settle


@pytest.fixture
def field(qtbot):
    made = Field("id-card")
    made.set_label("Student ID")
    made.set_help("On your card")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def topic(qtbot):
    made = TextArea(20)
    made.set_label("Topic")
    qtbot.addWidget(made)
    made.show()
    return made


def described(widget):
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.text(QAccessible.Text.Name), seen.text(QAccessible.Text.Description)


def test_the_label_names_the_box_and_the_line_under_it_describes_it(field):
    assert described(field.edit) == ("Student ID", "On your card")
    field.set_error("Type your student ID.")
    assert described(field.edit) == ("Student ID", "Type your student ID.")
    assert field.edit.property("state") == "error"


def test_the_ring_of_the_focus_is_clear_of_the_label(field, topic):
    """01b: ten pixels between them."""
    settle()
    for made in (field, topic):
        label = made.label.mapTo(made, QPoint(0, made.label.height())).y()
        assert made.edit.y() - label == 10


def test_an_error_keeps_the_text_and_gives_way_to_the_help_again(qtbot, field):
    qtbot.keyClicks(field.edit, "ab-1")
    field.set_error("Only letters and digits.")
    assert field.text() == "ab-1"
    field.clear_error()
    assert field.error is None
    assert described(field.edit)[1] == "On your card"


def test_a_bare_mark_has_no_words_of_its_own(field):
    field.set_error("")
    assert field.edit.property("state") == "error"
    assert described(field.edit)[1] == "On your card"


def test_the_tick_leaves_room_and_the_box_keeps_its_size(field):
    before = field.edit.size()
    margins = field.edit.textMargins()
    field.set_valid(True)
    field.set_error("x")
    assert field.edit.textMargins().right() > margins.right()
    assert field.edit.size() == before


def test_the_counter_counts_and_says_by_how_much_to_shorten(qtbot, topic):
    qtbot.keyClicks(topic.edit, "x" * 22)
    assert (topic.text(), topic.over) == ("x" * 22, 2)
    assert topic.over_text() == "Shorten by 2 characters."
    assert "22 / 20" in [w.text() for w in topic.findChildren(Label)]


def test_the_counter_speaks_when_few_characters_are_left(qtbot, topic, monkeypatch):
    said = []
    monkeypatch.setattr(
        "PySide6.QtGui.QAccessible.updateAccessibility",
        lambda event: said.append(event.message()),
    )
    qtbot.keyClicks(topic.edit, "x" * 22)
    assert said == ["10 characters left", "0 characters left"]


def test_tab_leaves_the_box_and_another_language_keeps_the_text(qtbot, topic):
    qtbot.keyClicks(topic.edit, "ethics")
    assert topic.edit.tabChangesFocus()
    QApplication.sendEvent(topic, QEvent(QEvent.Type.LanguageChange))
    assert topic.text() == "ethics"
