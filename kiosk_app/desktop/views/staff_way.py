"""The way of staff to what needs attention, the outbox and the help; what waits is always in sight.

At a kiosk the way begins at the PIN, at a desk on the line of what waits.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from kiosk_app.contract.tallies import Page
from kiosk_app.desktop.views.pages import Pages, Setup
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.frame import Frame
from kiosk_app.i18n import texts

if TYPE_CHECKING:
    from kiosk_app.desktop.views.attention import AttentionView
    from kiosk_app.desktop.views.outbox import OutboxView
    from kiosk_app.desktop.views.staff_help import StaffHelpView
    from kiosk_app.desktop.views.unsent_bar import UnsentBar

ATTENTION, OUTBOX, HELP = Page.ATTENTION, Page.OUTBOX, Page.STAFF_HELP


class StaffWay(QObject):
    """Makes the page when it is first wanted, and knows whether staff are at it.

    Args:
        visit: the door to the engine.
        pages: makes the page.
        setup: how the window is used.
        frame: takes page and line.
        show: shows a page by its name.
        parent: owner.
    """

    left = Signal()
    """Staff are done, and what they read is forgotten."""

    def __init__(  # noqa: PLR0917 - handed in once, by the window
        self,
        visit: Visit,
        pages: Pages,
        setup: Setup,
        frame: Frame,
        show: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit, self._pages, self._setup = visit, pages, setup
        self._frame, self._show = frame, show
        self._page: AttentionView | None = None
        self._outbox: OutboxView | None = None
        self._help: StaffHelpView | None = None
        self._bar: UnsentBar | None = None
        self._spoken = texts.language()
        visit.ended.connect(self._note_language)  # before the window hears of it
        self.here = False
        """Whether staff use the window, whoever's visit ends meanwhile."""

    @property
    def page(self) -> "AttentionView":
        """What staff must settle."""
        page = self._page
        if page is None:
            zone, signs_in = self._setup.place.zone, not self._setup.personal
            page = self._page = self._pages.attention(self._visit, zone, signs_in=signs_in)
            page.left.connect(self.leave)
            page.outbox_wanted.connect(lambda: self._show(OUTBOX))
            page.help_wanted.connect(lambda: self._show(HELP))
            self._frame.add_page(ATTENTION, page)
        return page

    @property
    def outbox(self) -> "OutboxView":
        """What of this device is not settled."""
        page = self._outbox
        if page is None:
            zone, folder = self._setup.place.zone, self._setup.calendar_folder
            page = self._outbox = self._pages.outbox(self._visit, zone, folder)
            page.left.connect(lambda: self._show(ATTENTION))
            page.item_wanted.connect(self._open)
            self._frame.add_page(OUTBOX, page)
        return page

    @property
    def help(self) -> "StaffHelpView":
        """What staff read when something does not work."""
        page = self._help
        if page is None:
            signs_in = not self._setup.personal
            page = self._help = self._pages.staff_help(self._visit, signs_in=signs_in)
            page.left.connect(lambda: self._show(ATTENTION))
            self._frame.add_page(HELP, page)
        return page

    @property
    def bar(self) -> "UnsentBar":
        """What waits to be sent."""
        bar = self._bar
        if bar is None:
            staff = not self._setup.personal
            bar = self._bar = self._pages.unsent_bar(self._visit, staff=staff)
            bar.attention_wanted.connect(self.come)
            # After the window has gone back to its own page and language.
            ended = Qt.ConnectionType.QueuedConnection
            self._visit.ended.connect(self._student_left, ended)
            self._frame.page_shown.connect(bar.end_farewell)
            self._frame.add_notice(bar)
            bar.refresh()
        return bar

    def _note_language(self) -> None:
        """Keep the language of whoever leaves: the window goes back to its own at once."""
        self._spoken = texts.language()

    def _student_left(self) -> None:
        """Tell whoever left of what waits, unless staff have taken their place."""
        if not self.here and self._bar is not None:
            self._bar.say_farewell(self._spoken)

    def come(self) -> None:
        """Staff are here; the visit of a student at a kiosk ends first."""
        self.here = True
        if self._setup.personal and self._visit.student is not None:
            self._visit.sign_out()
        self._show(ATTENTION)

    def look_up(self) -> None:
        """Show the help to staff: behind the PIN at a kiosk, from anywhere at a desk."""
        if self.here or not self._setup.personal:
            self.here = True
            self._show(HELP)

    def leave(self) -> None:
        """Staff are done, or have gone quiet."""
        if self.here:
            self.here = False
            self.page.forget()
            if self._outbox is not None:
                self._outbox.forget()
            if self._help is not None:
                self._help.forget()
            self.left.emit()

    def _open(self, ref: str) -> None:
        self.page.look_at(ref)
        self._show(ATTENTION)
