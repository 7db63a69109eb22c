"""What the bar and the banner tell of the connection, of what it brought, and of faults."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from kiosk_app.contract.tallies import Page
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.frame import Frame
from kiosk_app.sync.events import (
    FaultCleared,
    FaultRaised,
    LinkState,
    RequestSaved,
    RequestSettled,
)


class LinkNews(QObject):
    """Hears the visit and speaks through the frame.

    Args:
        visit: whose events are told.
        frame: bar and banner.
        busy: says whether a sheet tells of its own request already.
        parent: owner.
    """

    def __init__(
        self, visit: Visit, frame: Frame, busy: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._visit, self._frame, self._busy = visit, frame, busy
        self._was_offline = self._brief = False
        self._confirmed = 0
        self._asked: set[str] = set()
        """Requests of this visit; what becomes of anybody else's is not told to who stands here."""
        frame.page_shown.connect(self._page_shown)
        visit.link_changed.connect(self._link_changed)
        visit.saved.connect(self._saved)
        visit.ended.connect(self._left)
        visit.settled.connect(self._settled)
        visit.fault_raised.connect(self._fault)
        visit.fault_cleared.connect(self._fault_over)

    def _page_shown(self) -> None:
        """Be brief over a pass: it says itself what is promised, and needs the height."""
        brief = self._frame.page == Page.DONE
        if brief is not self._brief:
            self._brief = brief
            self._frame.banner.set_brief(brief=brief)

    def _link_changed(self) -> None:
        link = self._visit.link
        self._frame.set_link(link.state, link.ready_until)
        if link.state is LinkState.OFFLINE:
            self._was_offline, self._confirmed = True, 0
            self._frame.banner.show_offline(
                link.synced_at, link.retry_at, link.guaranteed, link.waiting, link.oldest_at
            )
        elif self._was_offline:
            self._was_offline = False
            self._frame.banner.show_back_online(self._confirmed)

    def _saved(self, event: RequestSaved) -> None:
        self._asked.add(event.request_id)

    def _left(self) -> None:
        """Take back what was said of the requests of whoever left; the link is everybody's."""
        self._asked.clear()
        self._confirmed = 0
        self._frame.banner.forget_requests()

    def _settled(self, event: RequestSettled) -> None:
        """Count what a returning connection confirmed, while the banner speaks of it."""
        if event.state != "confirmed" or event.request_id not in self._asked:
            return
        if not self._busy() and not self._was_offline:
            self._confirmed += 1
            self._frame.banner.show_back_online(self._confirmed)

    def _fault(self, event: FaultRaised) -> None:
        self._frame.banner.show_fault(event.fault)

    def _fault_over(self, event: FaultCleared) -> None:
        self._frame.banner.clear_fault(event.fault)
