"""What a person needs of the screen, adopted at once and forgotten with them (K39, design 01d)."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.theme import motion, theme
from kiosk_app.desktop.theme.tokens import ThemeName
from kiosk_app.desktop.widgets.idle import QUIET_S

TEXT_SIZES = (100, 125, 150)
"""Sizes of text that can be chosen, in per cent."""
_LEAST_SIDE = 512
"""Pixels that the shorter side of a window must have at 100 % to show every page uncut."""
PATIENT_S = 5 * QUIET_S
"""Quiet seconds before the question for somebody who asked for more time."""


class Needs(Struct, frozen=True, kw_only=True):
    """What can be chosen; `size` is one of `TEXT_SIZES`."""

    look: ThemeName = "light"
    size: int = 100
    lowered: bool = False
    more_time: bool = False
    still: bool = False
    aloud: bool = False


class Aloud(Protocol):
    """What reads the screen aloud."""

    def set_on(self, *, on: bool) -> None:
        """Begin to read, or fall silent."""
        ...


class Room(Protocol):
    """The window, as far as it can meet somebody."""

    def width(self) -> int:
        """Return its pixels across."""
        ...

    def height(self) -> int:
        """Return its pixels from top to bottom."""
        ...

    def set_lowered(self, *, lowered: bool) -> None:
        """Bring everything that can be touched to the lower part of the screen, or back."""
        ...

    def wait_for(self, seconds: float) -> None:
        """Ask whether somebody is there after so many quiet seconds."""
        ...


class Comfort:
    """Keeps the needs of whoever stands there.

    Args:
        app: wears the theme.
        room: the window.
        aloud: reads the screen; None where the system has no speech.
    """

    def __init__(self, app: QApplication, room: Room, aloud: Aloud | None = None) -> None:
        worn = theme.current()
        self._app, self._room, self._density = app, room, worn.density
        self._aloud = aloud
        size = round(worn.text_scale * 100)
        self.usual = Needs(look=worn.name, size=size, still=motion.reduced())
        self.needs = self.usual
        self.told: Callable[[], None] = lambda: None
        """Called after a change, so that an open panel shows it."""

    @property
    def speaks(self) -> bool:
        """Whether this machine can read the screen aloud."""
        return self._aloud is not None

    def sizes(self) -> tuple[int, ...]:
        """Return the sizes of text that this screen can show without cutting any."""
        side = min(self._room.width(), self._room.height())
        return tuple(n for n in TEXT_SIZES if n == self.usual.size or side * 100 >= n * _LEAST_SIDE)

    def adopt(self, needs: Needs) -> None:
        """Change what differs; what stays is not touched, for a new theme repaints everything."""
        before, self.needs = self.needs, needs
        if (before.look, before.size) != (needs.look, needs.size):
            theme.apply(self._app, theme.Theme(needs.look, self._density, needs.size / 100))
        motion.reduce(wanted=needs.still)
        if before.lowered != needs.lowered:
            self._room.set_lowered(lowered=needs.lowered)
        if before.more_time != needs.more_time:
            self._room.wait_for(PATIENT_S if needs.more_time else QUIET_S)
        if self._aloud is not None and before.aloud != needs.aloud:
            self._aloud.set_on(on=needs.aloud)
        self.told()

    def forget(self) -> None:
        """Be as before anybody came."""
        if self.needs != self.usual:
            self.adopt(self.usual)
