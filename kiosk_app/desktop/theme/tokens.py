"""The design tokens as they stand in `resources/tokens.json`, the single source of colour and size."""

from functools import cache
from typing import Any, Literal

import msgspec

from kiosk_app.bundled import bundled

ThemeName = Literal["light", "dark", "hc"]
Density = Literal["kiosk", "desktop"]


@cache
def tokens() -> dict[str, Any]:
    """Return the token document."""
    content = bundled("resources", "tokens.json").read_bytes()
    document: dict[str, Any] = msgspec.json.decode(content)
    return document


def colours(name: ThemeName) -> dict[str, str]:
    """Return the colour roles of one theme."""
    roles: dict[str, str] = tokens()["color"][name]
    return roles


def sizes(density: Density) -> dict[str, int]:
    """Return the sizes of one density, in pixels at 100 %."""
    found: dict[str, int] = tokens()["density"][density]
    return found
