"""*Needs attention*: what staff must settle, of this device and of the server (08d, §7).

Behind the PIN where strangers use the screen. The server's items are there while somebody is signed
in, and say how old they are when the server is silent.
"""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views.attention_item import ItemPanel
from kiosk_app.desktop.views.snooze_dialog import Place, SnoozeDialog
from kiosk_app.desktop.views.staff_page import StaffPage
from kiosk_app.desktop.views.staff_sign_in import StaffSignIn
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.option_column import Offered, OptionColumn
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.domain.attention import Item
from kiosk_app.i18n import attention as words
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync import intents
from kiosk_app.sync.events import (
    AttentionListed,
    ItemSettled,
    ItemSnoozed,
    ItemWoken,
    LettersRead,
    StaffNews,
)

_AGAIN_MS = 30_000
_UNDO_MS = 10_000


class AttentionView(StaffPage):
    """The list, and the item that is looked at.

    Args:
        visit: the door to the engine.
        signs_in: whether staff may sign in here; a kiosk for strangers takes no passwords.
        place: whose clock and hours an item is put off by.
        parent: owner.
    """

    left = Signal()
    """Somebody is done here."""
    outbox_wanted = Signal()
    help_wanted = Signal()

    def __init__(
        self, visit: Visit, *, signs_in: bool, place: Place, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._visit, self._signs_in, self._place = visit, signs_in, place
        self._listed = AttentionListed()
        self._signing_in, self._wanted = False, ""
        self._toast: Toast | None = None
        self.dialog: SnoozeDialog | None = None
        self.again = Button("", icon="refresh-cw", size="small")
        self.outbox = Button("", icon="hourglass", size="small")
        self.help = Button("", icon="circle-question-mark", size="small")
        self.sign_out = Button("", icon="log-out", size="small")
        self.back = Button("", icon="arrow-left", size="small")
        self._own_title, self._server_title = Label("", "title"), Label("", "title")
        self._own_none, self.server_says = Paragraph("", "second"), Paragraph()
        self._snoozed_title = Label("", "title")
        self.own, self.server, self.snoozed = OptionColumn(), OptionColumn(), OptionColumn()
        self.form = StaffSignIn()
        self.panel = ItemPanel(place.zone)
        self.empty = EmptyState("circle-check-big", ())
        self._list = ScrollColumn(spacing=12)
        self._tick = QTimer(self, interval=_AGAIN_MS)
        self._build()
        self._connect()
        self.retranslate()

    def forget(self) -> None:
        """Forget who was signed in, and what they read."""
        if self._listed.user or self._listed.server is not None:
            self._visit.ask_staff(intents.StaffSignOut())
        self.form.wipe()
        if self._toast is not None:
            self._toast.dismiss()  # whoever comes next undoes nothing
        if self.dialog is not None:
            self.dialog.dismiss()
        self._listed = AttentionListed()
        self._show()

    def look_at(self, ref: str) -> None:
        """Show this item as soon as it is listed."""
        self._wanted = ref

    def items(self) -> list[Item]:
        """Return what is open, this device's own first."""
        return [*self._listed.own, *(self._listed.server or ())]

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(_("Needs attention"))
        self.outbox.setText(_("Outbox"))
        self.help.setText(_("Help"))
        self.again.setText(_("Look again"))
        self.sign_out.setText(_("Sign out"))
        self.back.setText(_("Back"))
        self._own_title.setText(_("This device"))
        self._server_title.setText(_("The server"))
        self._own_none.setText(_("Nothing of this device needs a person."))
        self._snoozed_title.setText(_("Snoozed"))
        self.snoozed.setAccessibleName(self._snoozed_title.text())
        self.own.setAccessibleName(self._own_title.text())
        self.server.setAccessibleName(self._server_title.text())
        self.empty.write(
            _("Nothing to settle"), _("What needs a person stands here, with its ways out.")
        )
        self._show()

    def look(self) -> None:
        """Ask what there is, while somebody looks."""
        if self.isVisible():
            self._visit.ask_staff(intents.LookAtAttention())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what is open, now and from time to time."""
        super().showEvent(event)
        self.look()
        self._tick.start()
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)  # J and K work from here

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask no more."""
        super().hideEvent(event)
        self._tick.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the items with J and K (08d)."""
        steps = {"j": 1, "k": -1}
        if event.text().lower() in steps:
            self._step(steps[event.text().lower()])
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._list.column.setContentsMargins(2, 2, 12, 2)
        parts: list[QWidget] = [self._own_title, self._own_none, self.own, self._server_title]
        parts += [self.server_says, self.form, self.server, self._snoozed_title, self.snoozed]
        for part in parts:
            self._list.column.addWidget(part)
        self._list.column.addStretch(1)
        ways = (self.outbox, self.help, self.sign_out, self.again, self.back)
        self.lay_out(ways, self._list, (self.panel, self.empty))

    def _connect(self) -> None:
        visit = self._visit
        visit.staff_told.connect(self._told)
        visit.link_changed.connect(self._write_server)
        self.own.chosen.connect(self._choose)
        self.server.chosen.connect(self._choose)
        self.snoozed.chosen.connect(self._choose)
        self.again.clicked.connect(self.look)
        self.back.clicked.connect(self.left)
        self.outbox.clicked.connect(self.outbox_wanted)
        self.help.clicked.connect(self.help_wanted)
        self.sign_out.clicked.connect(lambda: visit.ask_staff(intents.StaffSignOut()))
        self.form.sign_in.connect(self._sign_in)
        self._tick.timeout.connect(self.look)
        self.panel.settle.connect(visit.ask_staff)
        self.panel.snooze_wanted.connect(self._ask_until)
        self.panel.wake_wanted.connect(lambda ref: visit.ask_staff(intents.Wake(ref)))
        self.panel.letters_wanted.connect(
            lambda ref, way: visit.ask_staff(intents.ReadLetters(ref, way))
        )

    def _sign_in(self, email: str, password: str) -> None:
        self._signing_in = True
        self._visit.ask_staff(intents.StaffSignIn(email, password))

    def _ask_until(self, ref: str) -> None:
        item = next((one for one in self.items() if one.ref == ref), None)
        if item is not None:
            dialog = SnoozeDialog(self.window(), item, self._place, self._visit.now)
            dialog.chosen.connect(self._snooze)
            dialog.dismissed.connect(self._asked)
            self.dialog = dialog
            dialog.open()

    def _asked(self) -> None:
        self.dialog = None

    def _snooze(self, ref: str, until: datetime, reason: str) -> None:
        self._visit.ask_staff(intents.Snooze(ref=ref, until=until, reason=reason))

    def _told(self, news: StaffNews) -> None:
        match news:
            case AttentionListed():
                self._take(news)
            case LettersRead():
                self.panel.show_letters(news.ref, news.letters, news.code)
            case ItemSettled():
                self._done(news.ref, news.code, _("The item is settled."), "circle-check")
            case ItemSnoozed():
                self._put_off(news)
            case ItemWoken():
                text, title = _("The item is on the list again."), _("Still snoozed.")
                self._done(news.ref, news.code, text, "undo-2", title=title)

    def _take(self, listed: AttentionListed) -> None:
        self._listed = listed
        if listed.user or (self._signing_in and listed.code):
            if listed.user:
                self.form.wipe()  # who it was is nothing for whoever comes next
            else:
                self.form.answer(code_sentence(listed.code or ""))
            self._signing_in = False
        self._show()

    def _put_off(self, news: ItemSnoozed) -> None:
        ref, title = news.ref, _("Not snoozed.")
        if news.until is None:
            self._done(ref, news.code, "", "clock", title=title)
            return
        when = formats.day_and_time(news.until, self._place.zone)
        text = _("Snoozed until {when}.").format(when=when)
        self._done(ref, None, text, "clock", undo=intents.Wake(ref))

    def _done(
        self,
        ref: str,
        code: str | None,
        text: str,
        icon: str,
        *,
        title: str = "",
        undo: intents.Wake | None = None,
    ) -> None:
        """Say what came of something that was asked; with a code the item stays as it is."""
        if self.panel.item is not None and self.panel.item.ref == ref:
            self.panel.answer(code, title)
        if code is not None:
            announce(self.panel, code_sentence(code), assertive=True)
            return
        self.panel.forget()
        if self._toast is None:
            self._toast = Toast(self.window())
        if undo is None:
            self._toast.say(text, icon=icon)
        else:
            self._toast.say(
                text,
                icon=icon,
                action=_("Undo"),
                act=lambda: self._visit.ask_staff(undo),
                stays_ms=_UNDO_MS,
            )

    def _show(self) -> None:
        """Show what is open, and keep the item that is looked at while it is."""
        now = self._visit.now()
        self.own.offer([_row(item, now) for item in self._listed.own])
        self.server.offer([_row(item, now) for item in self._listed.server or ()])
        self.snoozed.offer([self._asleep_row(item) for item in self._listed.snoozed])
        self._snoozed_title.setVisible(bool(self._listed.snoozed))
        self.snoozed.setVisible(bool(self._listed.snoozed))
        self._own_none.setVisible(not self._listed.own)
        self._write_count(now)
        self._write_server()
        items, shown = self.items(), self.panel.item
        every = [*items, *self._listed.snoozed]
        item = next((one for one in every if shown and one.ref == shown.ref), None)
        if wanted := next((one for one in every if one.ref == self._wanted), None):
            item, self._wanted = wanted, ""
        item = item or next(iter(items), None)
        self.panel.setVisible(item is not None)
        self.empty.setVisible(item is None)
        if item is None:
            self.panel.forget()
        else:
            self.panel.show_item(item)
            self._mark(item)

    def _choose(self, ref: str) -> None:
        every = (*self.items(), *self._listed.snoozed)
        item = next((one for one in every if one.ref == ref), None)
        if item is not None:
            self.panel.show_item(item)
            self._mark(item)

    def _mark(self, item: Item) -> None:
        """Let one card of all columns be the chosen one."""
        for column in (self.own, self.server, self.snoozed):
            if item.ref in column.cards:
                column.choose(item.ref)
            else:
                column.choose_none()

    def _step(self, by: int) -> None:
        items, shown = self.items(), self.panel.item
        refs = [one.ref for one in items]
        if shown is not None and shown.ref in refs:
            self._choose(refs[(refs.index(shown.ref) + by) % len(refs)])

    def _write_count(self, now: datetime) -> None:
        items = self.items()
        text = ngettext("{n} open", "{n} open", len(items)).format(n=len(items))
        if items:
            age = formats.age(now - min(one.at for one in items))
            text = formats.listed(text, _("the oldest {age}").format(age=age))
        self.count.setText(text)

    def _asleep_row(self, item: Item) -> Offered:
        who = " · ".join(part for part in (item.student, words.about(item)) if part)
        back = formats.day_and_time(item.asleep.until, self._place.zone) if item.asleep else ""
        text = _("back {when}").format(when=back)
        return Offered(item.ref, "clock", words.title(item), f"{who}\n{text}" if who else text)

    def _write_server(self) -> None:
        listed = self._listed
        self.form.setVisible(self._signs_in and not listed.user)
        self.sign_out.setVisible(bool(listed.user))
        self.fit()
        self.server_says.setText(self._server_text())
        self.server_says.setVisible(bool(self.server_says.text()))

    def _server_text(self) -> str:
        listed = self._listed
        if not listed.user:
            if self._signs_in:
                return ""
            return _("A kiosk signs no staff in, so its items are not known here. Ask at a desk.")
        who = _("Signed in: {name}").format(name=listed.user)
        nothing = _("Nothing of the server needs a person.")
        if listed.code and listed.as_of:
            age = formats.age(self._visit.now() - listed.as_of)
            heard = _("The server did not answer. Last heard {age}.").format(age=age)
            return f"{who}. {heard}"
        if listed.code:
            return f"{who}. {code_sentence(listed.code)}"
        return who if listed.server else f"{who}. {nothing}"


def _row(item: Item, now: datetime) -> Offered:
    who = " · ".join(part for part in (item.student, words.about(item)) if part)
    age = formats.age(now - item.at)
    icon = "hourglass" if item.own else "server"
    return Offered(item.ref, icon, words.title(item), f"{who}\n{age}" if who else age)
