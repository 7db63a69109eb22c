"""The frame every page stands in: bar, banner, page, footer, navigation, keyboard, focus ring.

It knows words and numbers only; the window that joins it with the visit calls its setters. A first
frame shows bar and page; the other parts are made by `later`, or at once when one is asked for.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import reading_order
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.desktop.widgets.later import Step
from kiosk_app.desktop.widgets.passing import COVER, FOOT
from kiosk_app.desktop.widgets.top_bar import TopBar
from kiosk_app.domain.times import DEFAULT_ZONE

if TYPE_CHECKING:
    from kiosk_app.desktop.widgets.banner import Banner
    from kiosk_app.desktop.widgets.focus_ring import FocusRing
    from kiosk_app.desktop.widgets.keyboard import Keyboard
    from kiosk_app.desktop.widgets.lowered import LoweredBand
    from kiosk_app.desktop.widgets.nav_tabs import NavTabs

LOWERED = 680
"""Height that lowered controls share, and that a hand reaches from a chair."""
_WHILE_TYPING = 400
"""Height a page keeps over the keyboard of lowered controls."""
LOW_SCREEN = 900
"""Pixels under which the keyboard takes less and the bottom bar makes room for it."""
_BREATH = 24
"""Pixels kept free round the field that is written in."""


class Place(Struct, frozen=True, kw_only=True):
    """Where this screen stands; `keyboard` is False where a real one stands."""

    campus: str = ""
    zone: str = DEFAULT_ZONE
    keyboard: bool = True


class Parts(Protocol):
    """Makes what a first frame does not show; whoever does it may import late."""

    def tabs(self) -> "NavTabs":
        """Make the navigation of the top bar."""
        ...

    def bottom_bar(self) -> "NavTabs":
        """Make the navigation of an upright screen."""
        ...

    def banner(self, now: Callable[[], datetime]) -> "Banner":
        """Make the line under the bar."""
        ...

    def keyboard(self, watch: InputWatch) -> "Keyboard":
        """Make the on-screen keyboard."""
        ...

    def ring(self, window: QWidget, watch: InputWatch) -> "FocusRing":
        """Make the ring round what has the focus."""
        ...

    def lowered(self) -> "LoweredBand":
        """Make what stands above lowered controls."""
        ...


class _PageHost(QWidget):
    """The pages, one shown; one that needs more height than there is moves up to its focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stack = QStackedWidget(self)

    def minimumSizeHint(self) -> QSize:
        """Let the keyboard take what it needs; the page moves rather than the window grows."""
        return QSize(0, 0)

    def sizeHint(self) -> QSize:
        """Want what the page wants."""
        return self.stack.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page its place."""
        super().resizeEvent(event)
        self.settle()

    def event(self, event: QEvent) -> bool:
        """Give the page another place when it needs another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.settle()
        return super().event(event)

    def settle(self) -> None:
        """Give the page all height there is, or its least height with the focus in sight."""
        page = self.stack.currentWidget()
        needed = max(page.minimumSizeHint().height(), page.minimumHeight()) if page else 0
        height = max(self.height(), needed)
        self.stack.setGeometry(0, 0, self.width(), height)
        here = QApplication.focusWidget()
        if height > self.height() and here is not None and self.stack.isAncestorOf(here):
            bottom = here.mapTo(self.stack, QPoint(0, here.height())).y() + _BREATH
            up = min(height, max(bottom, self.height())) - self.height()
            self.stack.move(0, -up)


def _within(page: QWidget | None, widget: QWidget | None) -> bool:
    return page is not None and widget is not None and page.isAncestorOf(widget)


class Frame(QWidget):
    """Everything round the pages.

    Args:
        parts: makes what a first frame does not show.
        place: where the screen stands.
        now: the clock; UTC.
        parent: owner.
    """

    page_chosen = Signal(str)
    page_shown = Signal()
    """Another page stands here than before."""
    language_chosen = Signal(str)
    sign_out_chosen = Signal()
    sign_in_chosen = Signal()
    accessibility_chosen = Signal()
    raise_chosen = Signal()

    def __init__(
        self,
        parts: Parts,
        place: Place | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts, self._place, self._now = parts, place or Place(), now
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - widgets cannot be made without one
        self.watch = InputWatch(app, self)
        self.top_bar = TopBar(self._place.campus, now, self._place.zone, parts.tabs)
        self._banner: Banner | None = None
        self._nav_bar: NavTabs | None = None
        self._keyboard: Keyboard | None = None
        self._ring: FocusRing | None = None
        self._band: LoweredBand | None = None
        self._lowered = False
        self._pages: dict[str, QWidget] = {}
        self._counts: dict[str, int] = {}
        self._signed_in = self._painted = False
        self._content = QWidget()
        self._host = _PageHost()
        self._nav_panel = Panel("plain")
        self._build()
        self._connect(app)
        self._arrange()

    # parts

    def later(self) -> list[Step]:
        """Return what is left to build, in the order in which people may need it."""
        keyboard: list[Step] = [lambda: self.keyboard] if self._place.keyboard else []
        return [*keyboard, lambda: self.ring, lambda: self.banner, lambda: self.nav_bar]

    @property
    def banner(self) -> "Banner":
        """The line under the bar."""
        if self._banner is None:
            self._banner = self._parts.banner(self._now)
            self._column.insertWidget(self._column.indexOf(self._host), self._banner)
        return self._banner

    @property
    def nav_bar(self) -> "NavTabs":
        """The navigation along the bottom of an upright screen."""
        if self._nav_bar is None:
            bar = self._nav_bar = self._parts.bottom_bar()
            self._nav_row.addWidget(bar)
            bar.page_chosen.connect(self.page_chosen)
            bar.set_page(self.page)
            for page, count in self._counts.items():
                bar.set_count(page, count)
        return self._nav_bar

    @property
    def keyboard(self) -> "Keyboard":
        """The on-screen keyboard."""
        if self._keyboard is None:
            made = self._keyboard = self._parts.keyboard(self.watch)
            self._whole.addWidget(made)
            made.set_enabled(self._place.keyboard)
            made.shown_changed.connect(self._keyboard_moved)
            made.set_low(self._low)
            made.look()
        return self._keyboard

    @property
    def ring(self) -> "FocusRing":
        """The ring round what has the focus."""
        if self._ring is None:
            self._ring = self._parts.ring(self, self.watch)
            self._ring.look()
        return self._ring

    @property
    def typing(self) -> bool:
        """Whether the keyboard takes its share of the screen."""
        return self._keyboard is not None and not self._keyboard.isHidden()

    # pages

    @property
    def page(self) -> str | None:
        """The name of the page that is shown."""
        shown = self._host.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), None)

    def add_page(self, name: str, page: QWidget) -> None:
        """Take a page; the first one is shown."""
        self._pages[name] = page
        self._host.stack.addWidget(page)

    def page_named(self, name: str) -> QWidget | None:
        """Return a page, or None while there is none by this name."""
        return self._pages.get(name)

    def show_page(self, name: str) -> None:
        """Show a page, and mark it in the navigation if it stands there; unknown: KeyError.

        Whoever had the focus on the page before begins at the top of this one: Qt would go to
        whatever was built first.
        """
        before, page = self._host.stack.currentWidget(), self._pages[name]
        here = QApplication.focusWidget()
        leaving = page is not before and _within(before, here)
        if leaving and here is not None:
            here.clearFocus()
        self._host.stack.setCurrentWidget(page)
        self.top_bar.set_page(name)
        if self._nav_bar is not None:
            self._nav_bar.set_page(name)
        self._host.settle()
        if leaving and not _within(page, QApplication.focusWidget()):
            reading_order.begin(page)
        if page is not before:
            self.page_shown.emit()

    def set_lowered(self, lowered: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Bring everything that can be touched to the lower part of the screen, or back (13e)."""
        self._lowered = lowered
        if lowered and self._band is None:
            self._band = self._parts.lowered()
            self._whole.insertWidget(0, self._band)
        self.top_bar.set_lowered(lowered)
        self._arrange()

    def add_notice(self, notice: QWidget) -> None:
        """Put a line over the page that comes and goes by itself."""
        self._column.insertWidget(self._column.indexOf(self._host), notice)

    def set_person(self, name: str | None) -> None:
        """Show who is signed in, or nobody; the navigation comes and goes with them."""
        self._signed_in = name is not None
        self.top_bar.set_person(name)
        self._arrange()

    def offer_sign_in(self, offered: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Offer the way to the sign-in while nobody is signed in."""
        self.top_bar.offer_sign_in(offered)

    def set_count(self, page: str, count: int) -> None:
        """Show a number behind an entry of the navigation."""
        self._counts[page] = count
        self.top_bar.set_count(page, count)
        if self._nav_bar is not None:
            self._nav_bar.set_count(page, count)

    def set_link(self, state: str, ready_until: datetime | None = None) -> None:
        """Show the state of the link in the bar; the banner is set on its own."""
        self.top_bar.set_link(state, ready_until)

    def retranslate(self) -> None:
        """Write the navigation in the language in use; bar, banner and keyboard do so themselves."""
        if self._nav_bar is not None:
            self._nav_bar.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's own signature
        """Go from bar to page to navigation, whichever of them was built first."""
        return reading_order.step(self, forward=next)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin to look at input, once there is something to touch."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        """Let the turn end in which the window says it is painted: looking is slow to begin."""
        QTimer.singleShot(0, self.watch, self.watch.begin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the navigation to the bottom of an upright screen."""
        super().resizeEvent(event)
        self._arrange()
        QTimer.singleShot(0, self, self._reveal)

    def _build(self) -> None:
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._nav_panel.setProperty("surface", "navbar")
        self._nav_panel.setObjectName(FOOT)
        self._nav_row = QVBoxLayout(self._nav_panel)
        self._nav_row.setContentsMargins(24, 0, 24, 0)
        self._content.setObjectName(COVER)
        self._whole, self._column = QVBoxLayout(self), QVBoxLayout(self._content)
        for column in (self._whole, self._column):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        self._column.addWidget(self.top_bar)
        self._column.addWidget(self._host, 1)
        self._column.addWidget(self._nav_panel)
        self._whole.addWidget(self._content, 1)

    def _connect(self, app: QApplication) -> None:
        self.top_bar.page_chosen.connect(self.page_chosen)
        self.top_bar.language_chosen.connect(self.language_chosen)
        self.top_bar.sign_out_chosen.connect(self.sign_out_chosen)
        self.top_bar.sign_in_chosen.connect(self.sign_in_chosen)
        self.top_bar.accessibility_chosen.connect(self.accessibility_chosen)
        self.top_bar.raise_chosen.connect(self.raise_chosen)
        app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._content.isAncestorOf(new):
            QTimer.singleShot(0, self, self._reveal)

    def _keyboard_moved(self) -> None:
        self._arrange()
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        """Keep the field that is written in visible, on a page or in a sheet over it."""
        self._host.settle()
        here = QApplication.focusWidget()
        if here is None or not self.typing or not self._content.isAncestorOf(here):
            return
        step = here.parentWidget()
        while step is not None and step is not self:
            if isinstance(step, QScrollArea):
                _scroll_to(step, here)
            step = step.parentWidget()

    def _arrange(self) -> None:
        upright = self.height() > self.width()
        if self._keyboard is not None:
            self._keyboard.set_low(self._low)
        self.top_bar.set_tabs_here(not upright)
        wanted = self._signed_in and upright and not (self._low and self.typing)
        if wanted:
            self.nav_bar.show()
        self._nav_panel.setVisible(wanted)
        if self._band is not None:
            keys = self._keyboard.sizeHint().height() if self._keyboard and self.typing else 0
            above = self.height() - max(LOWERED, keys + _WHILE_TYPING if keys else 0)
            self._band.setFixedHeight(max(above, 0))
            self._band.setVisible(self._lowered and above > 0)

    @property
    def _low(self) -> bool:
        return self._lowered or self.height() < LOW_SCREEN


def _scroll_to(area: QScrollArea, field: QWidget) -> None:
    """Show all of a field, its top rather than its end; Qt's own way shows the cursor's line only."""
    content = area.widget()
    if content is None:
        return
    place = QRect(field.mapTo(content, QPoint(0, 0)), field.size())
    for y in (place.bottom(), place.top()):
        area.ensureVisible(place.left(), y, 0, _BREATH)
