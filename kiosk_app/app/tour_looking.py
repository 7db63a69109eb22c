"""Steps of the tour around the sign-in and the sessions: help, a card, needs, nothing found, a link."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from kiosk_app.app.tour_parts import VisitSteps
from kiosk_app.app.tour_person import TourFailed
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.views.is_this_you import IsThisYou
from kiosk_app.desktop.views.topic_field import TOPIC_LIMIT
from kiosk_app.desktop.widgets.idle import QUIET_S
from kiosk_app.desktop.widgets.overlay import Overlay
from kiosk_app.desktop.window import ATTRACT, BOOK, BOOKINGS, IDENTIFY
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n.texts import _

_WEEKS = 8
"""How far ahead a day without a session is looked for."""


class LookingSteps(VisitSteps):
    """What a visitor sees who looks for something, or does not come to an end."""

    profile: Path | None = None
    """Of the window's device; a second start with a link needs it."""

    def help(self) -> None:
        """Somebody who does not know where to begin is told."""
        self.person.tap(self.window.attract.help)
        self.person.look("help")
        self._close(_("Back"))

    def scan_a_card(self, student_id: str, email: str) -> None:
        """A card fills in the student ID; its owner types their e-mail and says that it is them."""
        self.person.wait(
            lambda: self.window.findChild(CardScanner) is not None, "a scanner at the window"
        )
        self.person.scan(student_id)
        self._on(IDENTIFY)
        page = self.window.identify
        self.person.wait(lambda: page.student_id.text() == student_id, "the number of the card")
        self.person.look("card-read")
        self.person.type_into(page.email.edit, email)
        self.person.tap(page.go)
        self.person.wait(lambda: bool(self._open(IsThisYou)), "the question after a card")
        self.person.look("is-this-you")
        self._close(_("Yes, it is me"))
        self._on(BOOK)

    def needs(self) -> None:
        """The panel of needs; nothing is chosen."""
        self.person.tap(self.window.frame.top_bar.accessibility)
        self.person.wait(lambda: bool(self.window.overlays()), "the panel of needs")
        self.person.look("accessibility")
        self._close(_("Done"))

    def find_nothing(self) -> None:
        """A day and a search without a session, each with the way to the next one."""
        filters, page = self.window.browse.filters, self.window.browse.list_page
        place, day = self._place_without_session()
        self._unfold_filters()
        self.person.tap_button(place, filters.campus)
        self._choose_day(day)
        self.person.look("browse-day-empty")
        self.person.tap(filters.mode.button("list"))
        self.person.wait(page.isVisible, "the list")
        self.person.type_into(page.search, "violin")
        self.person.button(_("Clear all filters"), page)
        self.person.look("browse-list-empty")
        self.person.clear(page.search)
        self._unfold_filters()
        self.person.tap_button(_("All locations"), filters)
        self.person.tap(filters.mode.button("calendar"))

    def be_corrected(self) -> None:
        """A topic that is too long: said at the field and above the form, and nothing is lost."""
        sheet = self._open_sheet(self._bookable(MockType.MOCK_DISCUSSION))
        topic = sheet.form.topic
        if topic is None:
            raise TourFailed("expected a discussion to ask for a topic")
        self.person.type_into(topic.area.edit, "ethics and law, " * (TOPIC_LIMIT // 16 + 1))
        self.person.tap(sheet.confirm_button)
        self.person.wait(lambda: topic.area.error is not None, "a word at the field")
        self.person.look("book-errors")
        self.person.tap(sheet.cancel_button)
        self._gone(sheet)

    def go_quiet(self) -> None:
        """Nobody touches the screen; whoever is still there says so."""
        self.window.idle.stay()
        self.window.wait_for(1)
        self.person.wait(lambda: bool(self.window.overlays()), "the question to somebody quiet")
        self.window.wait_for(QUIET_S)  # so that the answer is in time, however long pictures take
        self.person.look("idle-warning")
        self._close(_("Yes, keep going"))

    def follow_a_link(self, student_id: str, email: str) -> None:
        """A link from elsewhere: the sign-in first, then the page it names."""
        command = [sys.executable, "-m", "kiosk_app", "--profile", str(self.profile)]
        link = subprocess.Popen([*command, "--link", "kiosk://my-bookings"])  # noqa: S603 - our own
        self.person.wait(lambda: link.poll() is not None, "the link handed over", 120_000)
        self._on(IDENTIFY)
        self.person.look("link-sign-in")
        self._give(student_id, email)
        self._on(BOOKINGS)
        self.person.look("link-my-bookings")
        self.person.tap(self.window.frame.top_bar.sign_out)
        self._on(ATTRACT)

    def _close(self, button: str) -> None:
        over = self.window.overlays()[-1]
        self.person.tap_button(button, over)
        self.person.wait(lambda: over not in self.window.overlays(), "the page behind it")

    def _open(self, kind: type[Overlay]) -> list[Overlay]:
        return [over for over in self.window.overlays() if isinstance(over, kind)]

    def _place_without_session(self) -> tuple[str, date]:
        """Return a campus and a day from tomorrow on, on which it has no session."""
        today = self.visit.now().date()
        for place in self.visit.reading.campuses():
            for ahead in range(1, 7 * _WEEKS):
                day = today + timedelta(days=ahead)
                wanted = SessionFilter(campus=place, first_day=day, last_day=day)
                if self.visit.reading.count(wanted) == 0:
                    return place, day
        raise TourFailed("expected a day without a session, and there is none")
