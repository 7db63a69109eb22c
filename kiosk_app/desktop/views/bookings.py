"""*My bookings*: what is coming, what waits to be sent, what is over; details and cancel (07a, 07b)."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.booking_dialogs import CancelDialog, DetailsDialog, request_only
from kiosk_app.desktop.views.booking_tabs import Sorted, sort_bookings
from kiosk_app.desktop.views.head_tokens import HeadTokens
from kiosk_app.desktop.views.join_dialog import JoinDialog
from kiosk_app.desktop.views.page_head import PageHead
from kiosk_app.desktop.views.tab_row import Tab, TabRow
from kiosk_app.desktop.views.undo_toast import UndoToast
from kiosk_app.desktop.views.waits_panel import WaitsPanel
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.booking_item import BookingItem, BookingText
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.session_item import SessionList
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.domain.listing import BookingRow, Standing
from kiosk_app.domain.times import DEFAULT_ZONE
from kiosk_app.i18n import formats, zones
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import format_name, tokens_counted, type_name
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import MOVE_OFFLINE, NOT_SAVED, CancelSettled

_RECENT = 2
_AT_ONCE = 20
"""Past bookings shown before *Show more*."""
_NARROW = 1200


class BookingsView(QWidget):
    """The visiting student's bookings and requests.

    Args:
        visit: whose bookings, and the door to the engine.
        parent: owner.
    """

    browse_requested = Signal(object)
    """The person wants another session: of this MockType, or of any when it is None."""
    claim_requested = Signal(object)
    """The SessionRow of a seat that a waitlist holds for the person."""
    move_requested = Signal(object)
    """The BookingRow that is to move to another session."""
    tab_opened = Signal()
    """Another of the three lists is shown."""

    def __init__(self, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._sorted = Sorted([], [], [])
        self._past_shown = _AT_ONCE
        self._cancelling: dict[str, bool] = {}
        """Refs with a cancel under way; True for a request without a seat."""
        self._toast: Toast | None = None
        self._undoing: UndoToast | None = None
        self._zone = DEFAULT_ZONE
        self.head = PageHead(lambda: _("My bookings"))
        self.tokens = HeadTokens(self.head)
        self.waits = WaitsPanel(visit)
        self._rule = IconText("undo-2", "", "second")
        self.tabs = TabRow()
        self.list: SessionList[BookingItem] = SessionList()
        self.recent: SessionList[BookingItem] = SessionList()
        self.browse_button = Button(_("Book a session"), "primary", icon="calendar-plus")
        self.empty = EmptyState("ticket", (self.browse_button,))
        self.more_button = Button(_("Show more"))
        self.all_past_button = Button(
            _("Show all past bookings"), "quiet", icon="chevron-right", trailing=True
        )
        self._recent_title = Label("", "title")
        self._recent_head = QWidget()
        self._items: dict[tuple[str, str], BookingItem] = {}
        self._body = ScrollColumn(spacing=20)
        self._build()
        self._connect()
        self.retranslate()

    def show_tab(self, tab: Tab) -> None:
        """Show one of the three lists."""
        self.tabs.choose(tab)
        self._show_lists()

    def open_booking(self, code: str) -> bool:
        """Show the details of the booking with this code; return whether there is one."""
        row = next((r for r in self._visit.bookings() if r.code == code), None)
        if row is not None:
            self.show_tab("past" if row in self._sorted.past else "upcoming")
            self._show_details(row)
        return row is not None

    def refresh(self) -> None:
        """Read the bookings again; rows that did not change keep their place and focus."""
        self._sorted = sort_bookings(self._visit.bookings(), self._visit.now())
        self.tabs.write(self._sorted, self.waits.count)
        self._write_zone()
        self._write_tokens()
        self._write_rule()
        self._show_lists()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._write_rule()
        self._recent_title.setText(_("Recent"))
        self.more_button.setText(_("Show more"))
        self.all_past_button.setText(_("Show all past bookings"))
        self.browse_button.setText(_("Book a session"))
        for list_ in (self.list, self.recent):
            for item in list_.items:
                item.show_row(item.row, self._text(item.row))
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is true now: time has passed since the page was last seen."""
        super().showEvent(event)
        self.refresh()
        if self.tabs.current == "waiting" and not (self._sorted.waiting or self.waits.count):
            self.show_tab("upcoming")  # what waited there has come

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the head's parts under one another where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < _NARROW * current().text_scale
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._rule.label.setWordWrap(narrow)
        self._line.setDirection(way)

    def _build(self) -> None:
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(12)
        self._line.addWidget(self.tabs)
        self._line.addStretch(1)
        self._line.addWidget(self._rule)
        recent = QHBoxLayout(self._recent_head)
        recent.setContentsMargins(0, 8, 0, 0)
        recent.addWidget(self._recent_title, 1)
        recent.addWidget(self.all_past_button)
        column = self._body.column
        column.setContentsMargins(32, 24, 32, 32)
        column.addWidget(self.head)
        column.addLayout(self._line)
        column.addWidget(self.waits)
        for part in (self.list, self.empty, self._recent_head, self.recent):
            column.addWidget(part)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._body)

    def _connect(self) -> None:
        visit = self._visit
        visit.began.connect(self._begin)
        visit.ended.connect(self._begin)
        visit.bookings_changed.connect(self.refresh)
        visit.waits_changed.connect(self.refresh)
        visit.bookings_changed.connect(self._write_tokens)
        visit.balances_changed.connect(self._write_tokens)
        visit.link_changed.connect(self._link_changed)
        visit.cancel_settled.connect(self._cancel_settled)
        self.waits.told.connect(self._say)
        self.waits.claim_requested.connect(self.claim_requested)
        self.tabs.chosen.connect(lambda _key: self._show_lists())
        self.all_past_button.clicked.connect(lambda: self.show_tab("past"))
        self.more_button.clicked.connect(self._show_more)
        self.browse_button.clicked.connect(lambda: self.browse_requested.emit(None))

    def _link_changed(self) -> None:
        self.refresh()  # another server may offer other things

    def _can_undo(self, ref: str) -> bool:
        undoing = self._undoing
        return undoing is not None and undoing.running and undoing.ref == ref

    def _begin(self) -> None:
        self._cancelling.clear()
        if self._undoing is not None:
            self._undoing.end()
        self._past_shown = _AT_ONCE
        self.tabs.choose("upcoming")
        self._body.verticalScrollBar().setValue(0)
        self.refresh()

    def _zones(self) -> set[str]:
        return {row.time_zone for row in (*self._sorted.upcoming, *self._sorted.past)}

    def _write_zone(self) -> None:
        found = self._zones()
        self.head.show_note(shown=len(found) <= 1)
        self._zone = next(iter(found), DEFAULT_ZONE)
        self.head.set_note(zones.zone_note(self._zone, self._visit.now()))

    def _write_tokens(self) -> None:
        visit = self._visit
        aged = None if visit.online else visit.balances_at
        balances = visit.balances if visit.student else None
        self.tokens.show(balances, None, zone=self._zone, aged=aged, purse=visit.purse())

    def _show_lists(self) -> None:
        tab = self.tabs.current or "upcoming"
        rows: list[BookingRow] = getattr(self._sorted, tab)
        shown = rows[: self._past_shown] if tab == "past" else rows
        recent = self._sorted.past[:_RECENT] if tab == "upcoming" else []
        kept = self._items
        self._items = {}
        self.list.show_items([self._item("list", row, kept) for row in shown])
        self.recent.show_items([self._item("recent", row, kept) for row in recent])
        self.list.setVisible(bool(shown))
        self.recent.setVisible(bool(recent))
        self._recent_head.setVisible(bool(recent))
        self.more_button.setVisible(len(shown) < len(rows))
        waits = tab == "waiting"
        if self.waits.shown != waits:
            self.waits.set_shown(shown=waits)
            self.tab_opened.emit()
        self._write_empty(tab, shown=not rows and not (waits and self.waits.count))

    def _item(
        self, place: str, row: BookingRow, kept: dict[tuple[str, str], BookingItem]
    ) -> BookingItem:
        item = kept.get((place, row.ref))
        if item is None:
            item = BookingItem(row)
            item.details.connect(lambda: self._show_details(item.row))
            item.cancel.connect(lambda: self._ask_cancel(item.row))
            item.undo.connect(lambda: self._undo().take_back())
            item.join_asked.connect(lambda: JoinDialog(item.row, self._visit, self.window()).open())
            item.move_asked.connect(lambda: self._ask_move(item.row))
            item.again.connect(lambda: self.browse_requested.emit(item.row.mock_type))
        item.show_row(row, self._text(row))
        self._items[place, row.ref] = item
        return item

    def _text(self, row: BookingRow) -> BookingText:
        hours = wording.hours_text(row)
        if len(self._zones()) > 1:
            hours = f"{hours} {wording.zone_text(row)}"
        name = formats.listed(type_name(row.mock_type), wording.when_text(row))
        over = row in self._sorted.past
        again = _("Book again") if over else ""
        if row.standing is Standing.REFUSED:
            again = _("Choose another session")
        return BookingText(
            title=type_name(row.mock_type),
            hours=hours,
            place=wording.where_text(row),
            held=format_name(row.delivery_format) if row.delivery_format else "",
            name=name,
            online=row.delivery_format is DeliveryFormat.VIRTUAL,
            problem=code_sentence(row.problem) if row.problem else "",
            cancel=row.can_cancel and not over,
            move=self._visit.may_move(row) and not over,
            join=row.can_join(self._visit.now()),
            busy=row.ref in self._cancelling,
            undo=self._can_undo(row.ref),
            again=again,
        )

    def _write_rule(self) -> None:
        """Say when a cancel returns the token; with late cancels each question says until when."""
        text = _("Cancel before the session starts and your token comes back.")
        if any(row.late_after for row in self._sorted.upcoming):
            text = _("Cancel in time and your token comes back; you see until when before you do.")
        self._rule.set_text(text)

    def _write_empty(self, tab: str, *, shown: bool) -> None:
        self.empty.setVisible(shown)
        title, text = {
            "upcoming": (
                _("Nothing booked yet"),
                _("When you book a session, you find it here with its code."),
            ),
            "waiting": (
                _("Nothing is waiting"),
                _("Requests that are not sent yet stand here, and your places in line for a seat."),
            ),
            "past": (_("No past bookings"), _("Sessions you attended or cancelled are kept here.")),
        }[tab]
        self.empty.write(title, text)
        self.browse_button.setVisible(tab == "upcoming")

    def _show_more(self) -> None:
        self._past_shown += _AT_ONCE
        self._show_lists()

    def _show_details(self, row: BookingRow) -> None:
        dialog = DetailsDialog(row, self.window(), self._visit)
        self._visit.ended.connect(dialog.dismiss)
        dialog.open()

    def _ask_move(self, row: BookingRow) -> None:
        if self._visit.online:
            self.move_requested.emit(row)
        else:
            self._say(code_sentence(MOVE_OFFLINE), "cloud-off")

    def _ask_cancel(self, row: BookingRow) -> None:
        CancelDialog(self._visit, row, self.window(), lambda: self._cancel(row)).open()

    def _cancel(self, row: BookingRow) -> None:
        self._cancelling[row.ref] = request_only(row)
        self._visit.cancel(row.ref, hold=True)
        self._show_lists()

    def _cancel_settled(self, event: CancelSettled) -> None:
        """Say how a cancel of this page ended; others (of the confirmation) are not ours to tell."""
        if event.ref not in self._cancelling:
            return
        if event.state == "held" and event.undo_until:
            self._undo().begin(event.ref, event.undo_until)
            self._show_lists()
            return
        if self._can_undo(event.ref):
            self._undo().end()
        request = self._cancelling[event.ref]
        if event.state != "queued":  # a queued one is answered again, once the server has spoken
            del self._cancelling[event.ref]
        self.refresh()
        icon = "check" if event.state == "cancelled" else "hourglass"
        if event.state == "refused":
            icon = "circle-alert"
        if event.state == "undone":
            icon = "undo-2"
        waits = self._undoing is not None and self._undoing.running
        if event.state == "cancelled" and waits:
            return  # the row says it; the word at the foot is about a cancel that can be undone
        self._say(_settled_text(event, request=request), icon)

    def _undo(self) -> UndoToast:
        if self._undoing is None:
            self._undoing = UndoToast(self._word(), self._visit)
            self._undoing.ended.connect(self._show_lists)
        return self._undoing

    def _word(self) -> Toast:
        if self._toast is None:
            self._toast = Toast(self.window())
        return self._toast

    def _say(self, text: str, icon: str) -> None:
        if self._undoing is not None:
            self._undoing.give_way()
        self._word().say(text, icon=icon)


def _settled_text(event: CancelSettled, *, request: bool) -> str:
    match event.state:
        case "refused" if event.code == NOT_SAVED:
            return _("This kiosk could not save the cancel. Your booking stays as it is.")
        case "refused":
            return code_sentence(event.code or "")
        case "undone":
            return _("Nothing was cancelled. Your booking stays as it was.")
        case "queued":
            return _("The cancel is saved and will be sent.")
    return _cancelled_text(event, request=request)


def _cancelled_text(event: CancelSettled, *, request: bool) -> str:
    if event.refunded_field:
        tokens = tokens_counted(CreditField(event.refunded_field), 1)
        return _("Cancelled. {tokens} is back.").format(tokens=tokens)
    if event.token_lost:
        return _("Cancelled. It was too late for your token to come back.")
    return _("Request cancelled. No token was taken.") if request else _("Cancelled.")
