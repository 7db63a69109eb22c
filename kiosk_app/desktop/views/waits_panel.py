"""Where a student waits for a seat, a part of *Waiting*: place in line, offers, steps (A78)."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.wait_dialog import WaitDialog
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.session_item import SessionList
from kiosk_app.desktop.widgets.wait_item import WaitItem
from kiosk_app.domain.listing import WaitRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.events import WaitSettled
from kiosk_app.sync.intents import WaitStep

_TICK_MS = 1000


class WaitsPanel(QWidget):
    """Every wait of the visiting student; nothing while there is none, or another tab is open.

    Args:
        visit: who waits, and the door to the engine.
        parent: owner.
    """

    claim_requested = Signal(object)
    """The SessionRow of a seat that is held for the student."""
    told = Signal(str, str)
    """A sentence for the foot of the page and its icon: how a step ended."""

    def __init__(self, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self.shown = True
        """Whether the tab is open that this is a part of."""
        self.count = 0
        """In how many lines the student stands."""
        self._busy: set[str] = set()
        """Sessions of which a step was asked for and not answered."""
        self._title = Label("", "title")
        self._away = IconText("cloud-off", "", "second")
        self._away.label.setWordWrap(True)
        self.list: SessionList[WaitItem] = SessionList()
        self._items: dict[str, WaitItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._title, self._away, self.list):
            column.addWidget(part)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._write_states)
        visit.waits_changed.connect(self.refresh)
        visit.link_changed.connect(self.refresh)
        visit.ended.connect(self._forget)
        visit.wait_settled.connect(self._settled)
        self.refresh()

    def refresh(self) -> None:
        """Show the waits as the server last said, or that they cannot be known without a line."""
        visit = self._visit
        online, waits = visit.online, visit.waits if visit.offers("waitlist") else ()
        kept, self._items = self._items, {}
        offers_first = sorted(waits, key=lambda wait: wait.offered_until is None)
        for wait in offers_first if online else ():
            if item := self._item(wait, kept.get(wait.wait_id)):
                self._items[wait.wait_id] = item
        self.list.show_items(list(self._items.values()))
        self.list.setVisible(bool(self._items))
        count = self.count = len(self._items) if online else len(waits)
        self._title.setText(_("Waiting for a seat"))
        self._away.set_text(
            ngettext(
                "You wait for a seat in {n} session. You keep your place. It shows here, with any"
                " offer, when this kiosk is back online.",
                "You wait for a seat in {n} sessions. You keep your places. They show here, with"
                " any offer, when this kiosk is back online.",
                count,
            ).format(n=count)
        )
        self._away.setVisible(not online)
        self.setVisible(self.shown and count > 0)
        self._write_states()

    def set_shown(self, *, shown: bool) -> None:
        """Show the waits if there are any, or leave the room to another tab."""
        self.shown = shown
        self.setVisible(shown and self.count > 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Count down while somebody looks."""
        super().showEvent(event)
        self._write_states()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._tick.stop()

    def _item(self, wait: WaitRow, item: WaitItem | None) -> WaitItem | None:
        row = self._visit.reading.session(wait.session_id, self._visit.student_id)
        if row is None:
            return None  # the session is gone, and with it the wait
        if item is None:
            made = item = WaitItem(row, wait)
            item.claim.connect(lambda: self.claim_requested.emit(made.row))
            item.decline.connect(lambda: self._ask(made, "decline"))
            item.leave.connect(lambda: self._ask(made, "leave"))
        item.row = row
        name = formats.listed(type_name(row.mock_type), wording.when_text(row))
        online = row.delivery_format is DeliveryFormat.VIRTUAL
        item.write_session(
            row.exam_date,
            type_name(row.mock_type),
            wording.hours_text(row),
            wording.where_text(row),
            online=online,
        )
        problem = code_sentence(wait.passed_over) if wait.passed_over else ""
        passed = _("A free seat went to somebody behind you; you keep your place.")
        item.write_problem(f"{passed} {problem}" if problem else "")
        item.show_wait(wait, name, offered=wait.is_offered(self._visit.now()))
        item.set_busy(busy=wait.session_id in self._busy)
        return item

    def _write_states(self) -> None:
        """Write places and what is left of offers; a second at a time."""
        now = self._visit.now()
        for item in self._items.values():
            wait = item.wait
            if wait.offered_until is None:
                place = _("Number {n} in line").format(n=wait.place)
                item.show_state(place, "", held=False)
                continue
            held = wait.is_offered(now)
            words = _("Seat held for you") if held else _("The offer is over")
            item.show_state(words, wording.held_text(wait, now), held=held)
            if not held and item.claim_button.isVisibleTo(item):
                item.show_wait(wait, item.accessibleName(), offered=False)

    def _ask(self, item: WaitItem, step: WaitStep) -> None:
        WaitDialog(
            self._visit, item.row, step, self.window(), lambda: self._take(item, step)
        ).open()

    def _take(self, item: WaitItem, step: WaitStep) -> None:
        self._busy.add(item.wait.session_id)
        item.set_busy(busy=True)
        self._visit.step_wait(item.wait.session_id, step, item.wait)

    def _settled(self, event: WaitSettled) -> None:
        """Say how a step of this page ended; that of a dialog is told there."""
        if event.session_id not in self._busy:
            return
        self._busy.discard(event.session_id)
        self.refresh()
        done = {
            "join": "",
            "leave": _("You are not on this waitlist any more."),
            "decline": _("Declined. The seat goes to the next in line."),
        }[event.step]
        text = done if event.state == "done" else code_sentence(event.code or "")
        self.told.emit(text, "check" if event.state == "done" else "circle-alert")

    def _forget(self) -> None:
        self._busy.clear()
        self.refresh()
