"""What a screen reader is told of a few things in particular, and the contrast of the themes.

The figures are left in `build/accessibility.json`, for the documentation.
"""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from kiosk_app.desktop.theme.theme import Theme
from tests.helpers.contrast import PAIRS, contrast

REPORT = Path(__file__).parents[4] / "build" / "accessibility.json"


def note(section, value):
    """Add a section to the report."""
    report = msgspec.json.decode(REPORT.read_bytes()) if REPORT.exists() else {}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode({**report, section: value})))


def spoken(widget):
    """Return role and name as a screen reader gets them."""
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.role(), seen.text(QAccessible.Text.Name)


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
