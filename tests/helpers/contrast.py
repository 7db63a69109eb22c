"""Contrast as WCAG 2.x reckons it, from the tokens of a theme."""

from PySide6.QtGui import QColor

from kiosk_app.desktop.theme.theme import Theme

ACTIVE, INACTIVE = 7.0, 4.5
"""What text must have in kiosk mode, and what past, full and disabled text must have."""
_GROUNDS = ("canvas", "surface", "surface2")
_KINDS = ("sj", "cs", "mm", "md")
PAIRS = [
    *[(ink, ground, ACTIVE) for ink in ("ink", "ink2") for ground in (*_GROUNDS, "surface3")],
    *[("primary", ground, ACTIVE) for ground in _GROUNDS],
    ("onPrimary", "primary", ACTIVE),
    ("onPrimary", "primaryPress", ACTIVE),
    ("onPrimaryTint", "primaryTint", ACTIVE),
    ("onHero", "hero", ACTIVE),
    ("onHero2", "hero", ACTIVE),
    *[(state, f"{state}Tint", ACTIVE) for state in ("ok", "warn", "bad")],
    *[(state, "surface", ACTIVE) for state in ("ok", "warn", "bad")],
    ("onBad", "bad", ACTIVE),
    *[(kind, f"{kind}Tint", ACTIVE) for kind in _KINDS],
    *[("ink3", ground, INACTIVE) for ground in (*_GROUNDS, "surface3")],
    ("surface", "ink", ACTIVE),
]
"""Text role, what it lies on, and the least contrast."""


def contrast(theme: Theme, text: str, ground: str) -> float:
    """Return the ratio of two roles, from 1 to 21."""
    return ratio(theme.color(text), theme.color(ground))


def ratio(one: QColor, other: QColor) -> float:
    """Return the ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
