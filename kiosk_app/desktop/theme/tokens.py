"""The design tokens as they stand in `resources/tokens.json`, the single source of colour and size."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

ThemeName = Literal["light", "dark", "hc"]
Density = Literal["kiosk", "desktop"]


@cache
def tokens() -> dict[str, Any]:
    """Return the token document."""
    path = files("kiosk_app") / "resources" / "tokens.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def colours(name: ThemeName) -> dict[str, str]:
    """Return the colour roles of one theme."""
    roles: dict[str, str] = tokens()["color"][name]
    return roles


def sizes(density: Density) -> dict[str, int]:
    """Return the sizes of one density, in pixels at 100 %."""
    found: dict[str, int] = tokens()["density"][density]
    return found
