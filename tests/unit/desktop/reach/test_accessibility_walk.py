"""What a screen reader, a keyboard and a finger meet on every screen, and the contrast of the themes.

The figures are left in `build/accessibility.json`, for the documentation.
"""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel

from kiosk_app.desktop.theme.theme import Theme
from kiosk_app.desktop.widgets.passing import open_over
from tests.helpers.contrast import PAIRS, contrast

TARGET = 56
"""Least height of what a finger must hit in kiosk mode (design §2)."""
REPORT = Path(__file__).parents[4] / "build" / "accessibility.json"
ACTING = {
    QAccessible.Role.PushButton,
    QAccessible.Role.RadioButton,
    QAccessible.Role.CheckBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.ButtonDropDown,
}


def note(section, value):
    """Add a section to the report."""
    report = msgspec.json.decode(REPORT.read_bytes()) if REPORT.exists() else {}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode({**report, section: value})))


def stops(window):
    """Return what Tab meets on the screen as it stands, in its order."""
    over = open_over(window)
    top = over[-1] if over else window
    found, widget = [], window
    while (widget := widget.nextInFocusChain()) is not window:
        tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and widget.isVisible() and widget.isEnabled() and top.isAncestorOf(widget):
            found.append(widget)
    return found


def place(window, widget):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def spoken(widget):
    """Return role and name as a screen reader gets them."""
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.role(), seen.text(QAccessible.Text.Name)


def test_everything_that_acts_has_a_name_a_role_and_a_size_for_a_finger(screens):
    report, wrong = {}, []
    for name in screens.names():
        screens.show(name)
        window = screens.window
        met = stops(window)
        acting = [w for w in met if not isinstance(w, QAbstractItemView)]
        for widget in met:
            role, words = spoken(widget)
            if not words.strip():
                wrong.append(f"{name}: {type(widget).__name__} has no name")
            if isinstance(widget, QAbstractButton) and role not in ACTING:
                wrong.append(f"{name}: {words} is a {role}")
        wrong += [
            f"{name}: too low: {spoken(w)[1]} ({w.height()})"
            for w in acting
            if isinstance(w, QAbstractButton) and w.height() < TARGET
        ]
        report[name] = {
            "stops": len(met),
            "named": sum(bool(spoken(w)[1].strip()) for w in met),
            "least_target": min((w.height() for w in acting), default=0),
        }
    note("screens", report)
    assert wrong == []


def test_tab_meets_bar_then_page_in_the_order_of_the_eye(qtbot, screens):
    for name in ("identify", "calendar", "list", "bookings"):
        screens.show(name)
        window = screens.window
        met = []
        here = QApplication.focusWidget() or window.frame
        while here not in met:
            met.append(here)
            qtbot.keyClick(here, Qt.Key.Key_Tab)
            here = QApplication.focusWidget()
        bar = window.frame.top_bar
        met = met[met.index(here) :]  # the first may be where nobody gets by Tab
        first = next(
            n for n, w in enumerate(met) if bar.isAncestorOf(w) and not bar.isAncestorOf(met[n - 1])
        )
        turned = met[first:] + met[:first]
        inside = [bar.isAncestorOf(w) for w in turned]
        assert inside == sorted(inside, reverse=True), name
        across = [place(window, w).x() for w in turned if bar.isAncestorOf(w)]
        assert across == sorted(across), name
        assert len(turned) > 4


def test_what_is_chosen_and_what_is_out_of_use_is_told(screens):
    screens.show("calendar")
    browse = screens.window.browse
    mode = browse.filters.mode
    state = QAccessible.queryAccessibleInterface(mode.button("calendar")).state()
    other = QAccessible.queryAccessibleInterface(mode.button("list")).state()
    assert state.checked
    assert not other.checked
    assert QAccessible.queryAccessibleInterface(browse.month._back).state().disabled
    screens.show("accessibility")
    (panel,) = screens.window.overlays()
    assert spoken(panel.lowered) == (QAccessible.Role.CheckBox, "Lower the controls")
    assert spoken(panel.panel)[0] is QAccessible.Role.Dialog


def test_every_text_of_an_overlay_can_be_read(screens):
    for name in ("cancel", "still-there", "book-exam"):
        screens.show(name)
        (over,) = screens.window.overlays()
        words = [w for w in over.findChildren(QLabel) if w.isVisible() and w.text()]
        assert words
        for word in words:
            role, name_of = spoken(word)
            assert role is QAccessible.Role.StaticText
            assert name_of.strip(), word.text()


@pytest.mark.parametrize("name", ["light", "dark", "hc"])
def test_the_contrast_of_a_theme(name):
    theme = Theme(name)
    ratios = {f"{text} on {ground}": contrast(theme, text, ground) for text, ground, _ in PAIRS}
    note(f"contrast {name}", {pair: round(ratio, 2) for pair, ratio in ratios.items()})
    low = [
        (text, ground, round(contrast(theme, text, ground), 2))
        for text, ground, least in PAIRS
        if contrast(theme, text, ground) < least
    ]
    assert low == []
