"""The style sheet: one template in `resources/kiosk.qss` (and `high_contrast.qss`), filled with roles and sizes.

`@role` stands for a colour, `@token.px` for a size, `@token*0.5.px` for a share of it and
`@token-2.px` for a size less its edges (Qt counts borders outside `min-height`). Widgets never carry
style strings; they set properties (`kind`, `state`) that the template matches.
"""

import re
from functools import cache

from kiosk_app.bundled import bundled

_MARK = re.compile(r"@([A-Za-z0-9]+)(?:\*(\d+(?:\.\d+)?))?(?:-(\d+))?(\.px)?")


@cache
def template(*, contrast: bool = False) -> str:
    """Return the text of the template; high contrast adds what only it has."""
    plain = bundled("resources", "kiosk.qss").read_text("utf-8")
    return plain + bundled("resources", "high_contrast.qss").read_text("utf-8") * contrast


def style_sheet(colours: dict[str, str], sizes: dict[str, int], *, contrast: bool = False) -> str:
    """Return the template filled in; a name that no token has raises KeyError."""

    def fill(mark: re.Match[str]) -> str:
        name, share, edges, is_size = mark.groups()
        if is_size:
            return f"{round(sizes[name] * float(share or 1)) - int(edges or 0)}px"
        return colours[name]

    return _MARK.sub(fill, template(contrast=contrast))
