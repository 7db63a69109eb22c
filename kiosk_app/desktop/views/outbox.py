"""The outbox in the window: every request of this device that is not settled, live (08e, R12).

Staff come here from *Needs attention*. What is shown is asked of the engine whenever something of
the outbox changes, and only while somebody looks.
"""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.delegates.outbox_row import OutboxRowDelegate
from kiosk_app.desktop.models.outbox import AnyIndex, OutboxModel
from kiosk_app.desktop.views.outbox_entry import EntryPanel, ExportPanel
from kiosk_app.desktop.views.staff_page import StaffPage
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.fingers import scroll_by_finger
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.domain.outbox import Entry
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync import intents
from kiosk_app.sync.events import OutboxExported, OutboxListed, RequestTried

TICK_MS = 1_000
Shown = Literal["all", "waiting", "attention"]


class OutboxList(QListView):
    """The rows; the one that is current is the one that is looked at."""

    chosen = Signal(int)

    def __init__(self, model: OutboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = OutboxRowDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        scroll_by_finger(self.viewport())

    def currentChanged(self, now: AnyIndex, before: AnyIndex) -> None:
        """Tell which row is looked at."""
        super().currentChanged(now, before)
        self.chosen.emit(now.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._ring(
            on=event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows."""
        self._ring(on=True)
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch needs no ring."""
        self._ring(on=False)
        super().mousePressEvent(event)

    def _ring(self, *, on: bool) -> None:
        if self._painter.show_focus != on:
            self._painter.show_focus = on
            self.viewport().update()


class OutboxView(StaffPage):
    """The list, and the request that is looked at.

    Args:
        visit: the door to the engine.
        zone: whose time the device's own times are told in.
        folder: where an export goes; None: a folder of the profile.
        parent: owner.
    """

    left = Signal()
    """Somebody is done here."""
    item_wanted = Signal(str)
    """Ref of a request whose item of *Needs attention* is to be opened."""

    def __init__(
        self, visit: Visit, zone: str, folder: Path | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._visit, self._folder = visit, str(folder) if folder else None
        self._entries: tuple[Entry, ...] = ()
        self._known = False
        self._seen_link: object = None
        self._toast: Toast | None = None
        self.sync = Button("", icon="refresh-cw", size="small")
        self.export = Button("", icon="arrow-down-to-line", size="small")
        self.back = Button("", icon="arrow-left", size="small")
        self.shown = Segmented()
        self.model = OutboxModel(visit.now(), self)
        self.list = OutboxList(self.model)
        self.panel, self.exported = EntryPanel(zone), ExportPanel()
        self.problem = Notice("bad")
        self.empty = EmptyState("circle-check-big", ())
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._tick = QTimer(self, interval=TICK_MS)
        self._build()
        self._connect()
        self.retranslate()

    def forget(self) -> None:
        """Forget what was read, and what opens an export."""
        self._entries, self._known = (), False
        self.exported.show_export(None)
        self.problem.hide()
        self.panel.forget()
        self._show()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(_("Outbox"))
        self.list.setAccessibleName(_("Outbox"))
        self.sync.setText(_("Sync now"))
        self.export.setText(_("Export"))
        self.back.setText(_("Needs attention"))
        self._show()

    def fit(self) -> None:
        """Measure the rows anew, too."""
        self.list.doItemsLayout()
        super().fit()

    def look(self) -> None:
        """Ask how things stand, while somebody looks."""
        if self.isVisible():
            self._visit.ask_staff(intents.LookAtOutbox())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask how things stand."""
        super().showEvent(event)
        self.look()
        self._tick.start()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask no more."""
        super().hideEvent(event)
        self._tick.stop()

    def _build(self) -> None:
        self.problem.hide()
        card = Panel("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(self.list)
        self._card = card
        ways, seen = (self.sync, self.export, self.back), (self.panel, self.exported, self.empty)
        self.lay_out(ways, card, seen)
        self.page.insertWidget(1, self.problem)
        self.page.insertWidget(2, self.shown, 0, Qt.AlignmentFlag.AlignLeading)

    def _connect(self) -> None:
        visit = self._visit
        visit.outbox_told.connect(self._told)
        visit.bookings_changed.connect(self._ask_soon)
        visit.link_changed.connect(self._link)
        self._soon.timeout.connect(self.look)
        self._tick.timeout.connect(self._refresh)
        self.shown.chosen.connect(lambda _key: self._show())
        self.list.chosen.connect(self._choose)
        self.sync.clicked.connect(visit.sync_now)
        self.export.clicked.connect(self._export)
        self.back.clicked.connect(self.left)
        self.panel.send.connect(lambda ref: visit.ask_staff(intents.SendNow(ref)))
        self.panel.item_wanted.connect(self.item_wanted)
        self.exported.done.connect(self._written_down)

    def _ask_soon(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _link(self) -> None:
        """Look again when what waits changed; a link that only was heard again changes nothing."""
        link = self._visit.link
        seen = (link.waiting, link.oldest_at, self._visit.online)
        if seen != self._seen_link:
            self._seen_link = seen
            self._refresh()
            self._ask_soon()

    def _told(self, news: OutboxListed | RequestTried | OutboxExported) -> None:
        match news:
            case OutboxListed(entries):
                self._entries, self._known = entries, True
                self._show()
            case RequestTried(ref, code):
                self._tried(ref, code)
            case OutboxExported():
                self._take_export(news)

    def _tried(self, ref: str, code: str | None) -> None:
        if self.panel.entry is not None and self.panel.entry.ref == ref:
            self.panel.answer(code)
        if code is None:
            self._say(_("It is sent, and the server said yes."))
        else:
            announce(self.panel, code_sentence(code), assertive=True)

    def _say(self, text: str) -> None:
        if self._toast is None:
            self._toast = Toast(self.window())
        self._toast.say(text, icon="circle-check")

    def _export(self) -> None:
        if not self.export.busy:
            self.problem.hide()
            self.export.set_busy(True)
            self._visit.ask_staff(intents.ExportOutbox(self._folder))

    def _take_export(self, told: OutboxExported) -> None:
        self.export.set_busy(False)
        if told.code is None and self.isVisible():
            self.exported.show_export(told)
            self._show()
            self.exported.done_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif told.code is not None:
            self.problem.set_text(_("The outbox is not exported."), code_sentence(told.code))
            self.problem.show()
            announce(self.problem, self.problem.text(), assertive=True)

    def _written_down(self) -> None:
        self.exported.show_export(None)
        self._show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, row: int) -> None:
        entry = self.model.entry(row)
        if entry is not None:
            self.panel.show_entry(entry, self._visit.now(), online=self._visit.online)

    def _show(self) -> None:
        """Show what there is, and keep the request that is looked at while it is there."""
        now, key = self._visit.now(), self.shown.current or "all"
        waiting = [one for one in self._entries if not one.needs]
        needs = [one for one in self._entries if one.needs]
        self._offer(len(waiting), len(needs), key)
        self._write_count(len(waiting), len(needs))
        rows = {"all": list(self._entries), "waiting": waiting, "attention": needs}[key]
        looked_at = self.panel.entry.ref if self.panel.entry else ""
        self.model.set_entries(rows, now)
        row = self.model.row_of(looked_at)
        if rows:
            self.list.setCurrentIndex(self.model.index(row or 0))
            self._choose(row or 0)
        self._card.setVisible(bool(rows))
        exported = not self.exported.isHidden()
        self.panel.setVisible(bool(rows) and not exported)
        self.empty.setVisible(not rows and not exported)

    def _offer(self, waiting: int, needs: int, key: str) -> None:
        self.shown.set_choices(
            [
                Choice("all", _("All")),
                Choice("waiting", _("Waiting"), name=_("Waiting {n}").format(n=waiting)),
                Choice("attention", _("Attention"), name=_("Attention {n}").format(n=needs)),
            ]
        )
        self.shown.set_counts({"waiting": waiting, "attention": needs})
        self.shown.choose(key)
        self.shown.setAccessibleName(_("Which requests to show"))

    def _write_count(self, waiting: int, needs: int) -> None:
        if not self._known:
            self.count.setText("")
            self.empty.write(_("One moment"), _("The outbox is being read."))
            return
        parts = []
        if waiting:
            parts.append(ngettext("{n} waits", "{n} wait", waiting).format(n=waiting))
        if needs:
            text = ngettext("{n} needs attention", "{n} need attention", needs)
            parts.append(text.format(n=needs))
        self.count.setText(formats.listed(*parts) if parts else "")
        self.empty.write(
            _("Nothing waits"), _("Every request of this device has its answer, and was settled.")
        )

    def _refresh(self) -> None:
        """Let ages and what is left until the next try go on."""
        now = self._visit.now()
        self.panel.write(now, online=self._visit.online)
        self.model.grow_old(now)
