"""What stands on a kiosk that nobody uses: how to begin, and the next sessions with seats (01a).

Any touch, key or scan wakes it. What it shows of sessions is the cache's, read anew whenever it
changes, and it says how old that is while there is no connection. A closed kiosk says when it opens
and is not woken.
"""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.hero import Hero
from kiosk_app.desktop.widgets.labels import IconText, Label, Panel
from kiosk_app.desktop.widgets.next_sessions import MOST, BoardLine, NextSessions
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.domain.hours import Hours, closes_next, opens_next
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.domain.seats import SeatState
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import bidi, formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.sessions import seats_short
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import LinkState

LOOK_MS = 15_000
"""How often it is asked what has begun meanwhile, and whether the kiosk is open."""
_PAGE, _PAGES = 24, 4
"""Rows read at once, and how often, while looking for sessions with seats."""
_HERO, _BOARD = 1100, 820
_LOW, _NARROW = 760, 1000
"""Pixels under which the board takes less room around it."""
_TIGHT = 1000, 800
"""Pixels across and down, at 100 % of text size, under both of which the board leaves its room to how
to begin."""
_SILENT = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
    }
)
"""Keys that lead about the page, or mean nothing by themselves."""


class AttractView(QWidget):
    """The page at rest.

    Args:
        visit: the clock, the link and the rows.
        zone: where the kiosk stands.
        parent: owner.
    """

    woken = Signal(str)
    """Somebody is there; the text of the key they struck, or nothing."""
    help_wanted = Signal(bool)
    """How does this work? And whether there may be anybody at the desk to ask."""

    def __init__(self, visit: Visit, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.mark_role(self, "Grouping")
        self._visit, self._zone = visit, zone
        self._hours = Hours()
        self._zone_note: Callable[[], str] = lambda: ""
        self.hero = Hero()
        self.start = Button("", "hero", icon="keyboard", size="large")
        self.help = Button("", "onhero", icon="circle-question-mark", size="large")
        self.title, self.about = Label("", "h2", wrap=True), Paragraph("", "second")
        self.age = IconText("cloud-off", icon_role="warn")
        self.board = NextSessions()
        self.empty = Paragraph("", "lead")
        self.open_until = IconText("clock")
        self.privacy = IconText("lock")
        self._look = QTimer(self, interval=LOOK_MS)
        self._build()
        self._look.timeout.connect(self.refresh)
        visit.sessions_changed.connect(self._changed)
        visit.link_changed.connect(self._changed)
        self.retranslate()

    @property
    def closed(self) -> bool:
        """Whether the kiosk takes nobody at this hour."""
        return opens_next(self._hours, self._zone, self._visit.now()) is not None

    def set_hours(self, hours: Hours) -> None:
        """Say when this kiosk is open; without any hours it always is."""
        self._hours = hours
        self.refresh()

    def set_zone_note(self, note: Callable[[], str]) -> None:
        """Say which zone the times are in, asked anew in each language: `Toronto time (EST)`."""
        self._zone_note = note
        self._write_about()

    def refresh(self) -> None:
        """Read and write everything anew."""
        self._write_hero()
        self._write_board()
        self._write_foot()

    def retranslate(self) -> None:
        """Write everything in the language in use."""
        self.hero.hush()
        self.setAccessibleName(_("Touch the screen or press any key to begin"))
        self.start.setText(_("Type my student ID"))
        self.title.setText(_("Next sessions with seats"))
        self.privacy.set_text(_("We sign you out automatically when you walk away."))
        self._write_about()
        self.refresh()
        self.hero.fit()

    # Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Be up to date from the first moment, and hear keys."""
        super().showEvent(event)
        self.refresh()
        self._look.start()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while another page is shown."""
        super().hideEvent(event)
        self._look.stop()
        self.hero.hush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the shape for another size."""
        super().resizeEvent(event)
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the touch; it counts when it ends."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Wake up."""
        event.accept()
        self._wake()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Wake up; what was typed goes along."""
        if event.key() in _SILENT:
            super().keyPressEvent(event)
            return
        event.accept()
        text = event.text()
        self._wake(text if text.isprintable() else "")

    # building

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in (self.start, self.help):
            self.hero.add_button(button)
        self.start.clicked.connect(lambda _checked: self._wake())
        self.help.clicked.connect(lambda _checked: self.help_wanted.emit(not self.closed))
        self._side = Panel("plain")
        self._column = QVBoxLayout(self._side)
        self._column.setSpacing(4)
        for label in (self.title, self.about, self.age):
            self._column.addWidget(label)
        self._column.addSpacing(20)
        self._column.addWidget(self.empty)
        self._column.addWidget(self.board, 1)
        self._column.addSpacing(16)
        for line in (self.age, self.open_until, self.privacy):
            line.label.setWordWrap(True)
        for line in (self.open_until, self.privacy):
            self._column.addWidget(line)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self.hero, _HERO)
        self._sides.addWidget(self._side, _BOARD)

    def _arrange(self) -> None:
        """Stand side by side, or one over the other; how to begin goes before what there is."""
        upright = self.height() > self.width() or self.width() < _NARROW
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.TopToBottom if upright else direction.LeftToRight)
        low = self.height() < _LOW or self.width() < _NARROW
        side, edge = (32, 24) if low else (64, 56)
        self._column.setContentsMargins(side, edge, side, min(edge, 40))
        scale = current().text_scale
        tight = self.width() < _TIGHT[0] * scale and self.height() < _TIGHT[1] * scale
        self._side.setVisible(not tight)
        self.hero.fit()

    # writing

    def _wake(self, text: str = "") -> None:
        if not self.closed:
            self.woken.emit(text)

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _write_hero(self) -> None:
        opens = opens_next(self._hours, self._zone, self._visit.now())
        self.start.setVisible(opens is None)
        # At night nobody comes: the pictures explain all the same.
        self.help.setText(_("I need help") if opens is None else _("How this kiosk works"))
        self.hero.fit()
        if opens is None:
            self.hero.set_words(
                _("Scan your student card"),
                _("Hold the barcode under the red light below the screen."),
            )
        else:
            when = formats.day_and_time(opens, self._zone)
            sentence = _("This kiosk opens {when}. Sessions and seats are shown all the same.")
            self.hero.set_words(_("Closed now"), sentence.format(when=when), "closed")

    def _write_about(self) -> None:
        parts = (_("All campuses and online"), self._zone_note())
        self.about.setText(" · ".join(filter(None, parts)))

    def _write_board(self) -> None:
        reading, link = self._visit.reading, self._visit.link
        lines = tuple(map(self._line, self._next()))
        self.board.show_lines(lines)
        self.board.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        synced = reading.synced_at()
        self.empty.setText(
            _("No session with seats is open for booking at the moment.")
            if synced
            else _("The sessions have not arrived yet. They appear here by themselves.")
        )
        stale = synced is not None and link.state is LinkState.OFFLINE
        self.age.setVisible(stale)
        if synced is not None and stale:
            age = formats.age(self._visit.now() - synced)
            self.age.set_text(_("Offline: seats as they were {age}").format(age=age))

    def _write_foot(self) -> None:
        closes = closes_next(self._hours, self._zone, self._visit.now())
        self.open_until.setVisible(closes is not None)
        if closes is not None:
            clock = formats.clock(closes, self._zone)
            self.open_until.set_text(_("Open until {clock}").format(clock=clock))

    def _next(self) -> list[SessionRow]:
        """Return the next sessions that have a seat; one full week does not empty the board."""
        wanted, found = SessionFilter(starts_after=self._visit.now()), list[SessionRow]()
        for page in range(_PAGES):
            rows = self._visit.reading.page(
                wanted, SessionOrder.DATE, descending=False, offset=page * _PAGE, limit=_PAGE
            )
            found += [row for row in rows if row.seats is not SeatState.FULL]
            if len(found) >= MOST or len(rows) < _PAGE:
                break
        return found[:MOST]

    def _line(self, row: SessionRow) -> BoardLine:
        online = row.delivery_format is DeliveryFormat.VIRTUAL
        where = _("Online") if online else row.campus or row.location
        today = day_in(row.time_zone, self._visit.now())
        if row.exam_date == today:
            day = _("Today")
        elif row.exam_date == today + timedelta(days=1):
            day = _("Tomorrow")
        else:
            day = formats.day_short(row.exam_date)
        when = formats.listed(day, formats.clock(row.starts_at, row.time_zone))
        return BoardLine(
            row.mock_type,
            type_name(row.mock_type),
            when,
            bidi.apart(where),
            seats_short(row.left + row.guaranteed),
            row.seats is SeatState.FEW,
        )
