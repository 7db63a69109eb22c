"""What the page for browsing is put together from, as far as the page knows it."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import SignalInstance

from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.views.page_head import PageHead
from kiosk_app.domain.listing import SessionFilter

if TYPE_CHECKING:
    from kiosk_app.desktop.views.day_panel import DayPanel
    from kiosk_app.desktop.views.head_tokens import HeadTokens
    from kiosk_app.desktop.views.list_page import ListPage
    from kiosk_app.desktop.views.more_filters import MoreFilters


class BrowseParts(Protocol):
    """Makes what a first frame does not show; whoever does it may import late."""

    def day_panel(self, facts: Facts) -> "DayPanel":
        """Make the sessions of the chosen day."""
        ...

    def list_page(self, facts: Facts) -> "ListPage":
        """Make the list of sessions."""
        ...

    def more_filters(self) -> "MoreFilters":
        """Make the filters by instructor and topic."""
        ...

    def head_tokens(self, head: PageHead, contact: str) -> "HeadTokens":
        """Make the tokens of whoever is signed in."""
        ...

    def zone_note(self, zone: str, at: datetime) -> str:
        """Write which zone the times of the page are in."""
        ...


class Sessions(Protocol):
    """A part that shows sessions to somebody: the day's or the list's."""

    pressed: SignalInstance
    day_asked: SignalInstance

    def ask(self, wanted: SessionFilter, student_id: str | None, *, online: bool) -> None:
        """Show the sessions that fit, as this student sees them."""
        ...

    def changed(self, session_ids: frozenset[str] | None) -> None:
        """Take note that sessions changed; None means any of them may have."""
        ...

    def offers_changed(self) -> None:
        """Take note that a press would mean something else now."""
        ...

    def tick(self) -> None:
        """Take note that time went by."""
        ...
