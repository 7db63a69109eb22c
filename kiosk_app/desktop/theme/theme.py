"""One Theme: what every widget and delegate paints with.

A widget asks `current()` whenever it paints and never keeps a colour. `apply` swaps the theme: Qt
then sends every widget a StyleChange, on which those that hold icons make them anew.
"""

import re
from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.desktop.theme.style import style_sheet
from kiosk_app.desktop.theme.tokens import Density, ThemeName, colours, sizes
from kiosk_app.i18n import texts

_RGBA = re.compile(r"rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)")
_TYPE_SIZES = frozenset({"caption", "label", "body", "bodyLg", "title", "h2", "h1", "display"})
_CONTROL_SIZES = frozenset({"controlH", "controlSm", "controlLg", "icon", "iconLg"})
_FIGURES = QFont.Tag("tnum")
_DISPLAY_FROM = 30
"""Pixels from which headings use the display cut (design §2)."""

TYPE_ROLE: Final[dict[MockType, str]] = {
    MockType.SITUATIONAL_JUDGMENT: "sj",
    MockType.CLINICAL_SKILLS: "cs",
    MockType.MINI_MOCK: "mm",
    MockType.MOCK_DISCUSSION: "md",
}
"""Colour role of a session type; its tint and line are `…Tint` and `…Line`."""

TYPE_ICON: Final[dict[MockType, str]] = {
    MockType.SITUATIONAL_JUDGMENT: "scale",
    MockType.CLINICAL_SKILLS: "stethoscope",
    MockType.MINI_MOCK: "timer",
    MockType.MOCK_DISCUSSION: "messages-square",
}

FORMAT_ICON: Final[dict[DeliveryFormat, str]] = {
    DeliveryFormat.VIRTUAL: "video",
    DeliveryFormat.IN_PERSON: "users-round",
    DeliveryFormat.HYBRID: "blend",
}


class Theme:
    """Colours by role, sizes by token, fonts by size token.

    Args:
        name: light, dark or hc (high contrast).
        density: kiosk (arm's length, touch) or desktop.
        text_scale: 1.0, 1.25 or 1.5; multiplies type and control heights, not space.
    """

    def __init__(
        self, name: ThemeName = "light", density: Density = "kiosk", text_scale: float = 1.0
    ) -> None:
        self.name = name
        self.density = density
        self.text_scale = text_scale
        self._colours = {role: _colour(text) for role, text in colours(name).items()}
        self._sizes = sizes(density)
        self._pixels = {token: self._scaled(token) for token in self._sizes}
        self.fonts: dict[tuple[str, int, bool], QFont] = {}

    @property
    def kiosk(self) -> bool:
        """Whether sizes are for a standing person's finger."""
        return self.density == "kiosk"

    def color(self, role: str) -> QColor:
        """Return the colour of a role; an unknown role is a bug and raises KeyError."""
        return self._colours[role]

    def px(self, token: str) -> int:
        """Return a size in pixels; type and controls grow with the text scale."""
        return self._pixels[token]

    def _scaled(self, token: str) -> int:
        size = self._sizes[token]
        if token in _TYPE_SIZES or token in _CONTROL_SIZES:
            return round(size * self.text_scale)
        return size

    def font(self, size: str, weight: int = 400) -> QFont:
        """Return the font of a size token."""
        return self._font(size, weight, figures=False)

    def font_for(self, text: str, size: str, weight: int = 400) -> QFont:
        """Return the font of a size token for a text, see `in_columns`."""
        return self._font(size, weight, figures=in_columns(text))

    def _font(self, size: str, weight: int, *, figures: bool) -> QFont:
        key = (size, weight, figures)
        if key not in self.fonts:
            display = self._sizes[size] >= _DISPLAY_FROM  # large text is text
            made = self.fonts[key] = make_font(self.px(size), weight, display=display)
            set_figures(made, even=figures)
        return self.fonts[key]

    def palette(self) -> QPalette:
        """Return the palette for what the style sheet does not reach."""
        palette = QPalette()
        for role, colour in (
            (QPalette.ColorRole.Window, "canvas"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.AlternateBase, "surface2"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.WindowText, "ink"),
            (QPalette.ColorRole.Text, "ink"),
            (QPalette.ColorRole.ButtonText, "ink"),
            (QPalette.ColorRole.PlaceholderText, "ink2"),
            (QPalette.ColorRole.Highlight, "primaryTint"),
            (QPalette.ColorRole.HighlightedText, "onPrimaryTint"),
        ):
            palette.setColor(role, self.color(colour))
        return palette

    def style_sheet(self) -> str:
        """Return the application style sheet filled with this theme's values."""
        values = {role: _css(colour) for role, colour in self._colours.items()}
        filled = {token: self.px(token) for token in self._sizes}
        return style_sheet(values, filled, contrast=self.name == "hc")


def make_font(pixels: int, weight: int = 400, *, display: bool | None = None) -> QFont:
    """Return the interface font; headings have the display cut with tighter tracking.

    Unless told, what is 30 px or more is a heading.
    """
    if display is None:
        display = pixels >= _DISPLAY_FROM
    font = QFont("Inter Display" if display else "Inter")
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(max(weight, 600) if display else weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if display and not texts.right_to_left():  # letters that join are not moved together
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.5)
    return font


def in_columns(text: str) -> bool:
    """Say whether the figures of a text are all to be of one width, so that numbers stand in columns.

    Beside a hyphen they keep their own: Inter would make the hyphen as wide as a figure.
    """
    return "-" not in text and any(map(str.isdigit, text))


def set_figures(font: QFont, *, even: bool) -> None:
    """Make figures of one width, or each as wide as it is."""
    if even:
        font.setFeature(_FIGURES, 1)
    else:
        font.unsetFeature(_FIGURES)


class _Current:
    theme: Theme | None = None


def current() -> Theme:
    """Return the theme in use."""
    if _Current.theme is None:
        _Current.theme = Theme()
    return _Current.theme


def apply(app: QApplication, theme: Theme) -> None:
    """Show the whole program in `theme` from now on."""
    prepare(app, theme)
    dress(app)


def prepare(app: QApplication, theme: Theme) -> None:
    """Let everything that is built from now on take `theme`; the style sheet comes with `dress`."""
    _Current.theme = theme
    app.setPalette(theme.palette())
    app.setFont(theme.font("body"))


def dress(app: QApplication) -> None:
    """Lay the style sheet over what is built.

    Qt matches it against a widget whenever the widget gets another parent. A window that is built
    first and dressed afterwards is matched once, in a third of the time.
    """
    app.setStyleSheet(current().style_sheet())


@cache
def _colour(text: str) -> QColor:
    if found := _RGBA.match(text):
        red, green, blue, alpha = found.groups()
        return QColor(int(red), int(green), int(blue), round(float(alpha) * 255))
    return QColor(text)


def _css(colour: QColor) -> str:
    return f"rgba({colour.red()},{colour.green()},{colour.blue()},{colour.alpha()})"
