"""The screen of a kiosk that crashes again and again: it needs nothing, and speaks both languages."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk_app.app.fault_window import FaultWindow
from tests.helpers.staging import on_screen, settle


def test_it_says_the_number_and_what_happens_next_in_either_language(qtbot):
    window = on_screen(qtbot, FaultWindow())
    page = window.page
    assert (page.number.text(), page.heading.text()) == (
        "K-APP-1",
        "This kiosk has stopped several times.",
    )
    assert "tries again in a minute" in page.text.text()
    assert not window.frame.top_bar.connection.isVisible()
    choice = window.frame.top_bar.language.button("fr")
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
    settle()
    assert page.heading.text() == "Cette borne s’est arrêtée plusieurs fois."
