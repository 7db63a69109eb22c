"""One thing staff must settle: what happened, the ways out, what comes of each, the mail (08d)."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.attention import MOST_WORDS, WORDS, Letter, Way
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.fields import Field
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.desktop.widgets.labels import IconText, Label, Panel, line
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.option_column import Offered, OptionColumn
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.domain.attention import Choice, Item, OwnWay
from kiosk_app.i18n import attention as words
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.intents import Settle

SHORTEST_NOTE = 3
_ICONS: dict[Way | OwnWay, str] = {
    Way.BOOK_OTHER: "calendar-plus",
    Way.CALL_STUDENT: "phone",
    Way.ADD_TOKEN: "coins",
    Way.WAIVE: "scale",
    Way.ENROL_AGAIN: "key-round",
    Way.ATTEST: "armchair",
    Way.WRITE_STUDENT: "mail",
    OwnWay.RETRY: "send",
    OwnWay.WRITE: "mail",
    OwnWay.TOLD: "user-round-check",
    OwnWay.DISCARD: "trash-2",
}


class ItemPanel(Panel):
    """The item that is looked at, and the way out that is chosen for it."""

    settle = Signal(object)
    """A Settle intent: somebody has confirmed."""
    snooze_wanted = Signal(str)
    """Ref: somebody wants to put the item off."""
    wake_wanted = Signal(str)
    letters_wanted = Signal(str, str)
    """Ref and way whose mail is to be shown."""

    def __init__(self, zone: str, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._zone = zone
        self.item: Item | None = None
        self._letters: tuple[Letter, ...] = ()
        self.title = Label("", "h2", wrap=True)
        self.happened, self._about = Paragraph("", "lead"), Paragraph("", "second")
        self._who = IconText("user-round", "", "strong")
        self._question = Label("", "title", wrap=True)
        self.ways = OptionColumn()
        self.hints = Paragraph("", "second")
        self._seats_title, self._seats = Label("", "label", wrap=True), QWidget()
        self._seat_row = FlowLayout(self._seats)
        self.seats: dict[int, Button] = {}
        self.mail = Panel("readonly")
        self._mail_head, self._mail_text = Label("", "strong", wrap=True), Paragraph()
        self.words, self.note = Field("message-square-text"), Field("pencil")
        self.words.edit.setMaxLength(MOST_WORDS)
        self.problem = Notice("bad")
        self.asleep = Notice("warn", icon="clock")
        self.snooze = Button("", icon="clock")
        self.confirm = Button("", "primary", icon="check")
        self._body, self._foot = ScrollColumn(spacing=16), QWidget()
        self._build()
        self.ways.chosen.connect(self._chosen)
        self.confirm.clicked.connect(self._confirmed)
        self.snooze.clicked.connect(self._snooze_or_wake)
        self.note.edited.connect(lambda _text: self.note.clear_error())
        self.words.edited.connect(lambda _text: self._write_mail(None))

    def show_item(self, item: Item) -> None:
        """Show an item; the same one again keeps what was chosen and written."""
        if self.item is None or self.item.ref != item.ref:
            self.note.set_text("")
            self.words.set_text("")
            self._letters = ()
            self.problem.hide()
            self.ways.offer([])
            self._make_seats(item)
            self.confirm.set_busy(False)
        self.item = item
        self._write()
        if self.ways.cards and self.ways.value() is None:
            self.ways.choose(next(iter(self.ways.cards)))
        self._body.verticalScrollBar().setValue(0)

    def forget(self) -> None:
        """Hold nothing of any item any more, shown or not."""
        self.item, self._letters, self.seats = None, (), {}
        self.note.set_text("")
        self.words.set_text("")
        self.ways.offer([])
        self._who.set_text("")
        mail = (self._mail_head, self._mail_text)
        for label in (self.title, self.happened, self._about, self.hints, *mail):
            label.setText("")
        self.problem.hide()
        self.asleep.set_text("")

    def show_letters(self, ref: str, letters: tuple[Letter, ...], code: str | None) -> None:
        """Show the mail that was asked for, or why it cannot be."""
        if self.item is not None and self.item.ref == ref:
            self._letters = letters
            self._write_mail(code)

    def answer(self, code: str | None, title: str = "") -> None:
        """Say why it could not be done; what was done leaves the list."""
        self.confirm.set_busy(False)
        self.problem.setVisible(code is not None)
        if code is not None:
            self.problem.set_text(title or _("Not settled yet."), code_sentence(code))

    def choice(self) -> Choice | None:
        """Return the way that is chosen."""
        key = self.ways.value()
        return next((c for c in self._choices() if _key(c) == key), None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.item is not None:
            self._write()

    def _build(self) -> None:
        self._who.label.setWordWrap(True)
        mail = QVBoxLayout(self.mail)
        mail.setContentsMargins(20, 16, 20, 16)
        mail.addWidget(self._mail_head)
        mail.addWidget(self._mail_text)
        self.problem.hide()
        self._body.column.setContentsMargins(24, 24, 24, 24)
        parts: list[QWidget] = [self.asleep, self.title, self.happened, self._about]
        parts += [self._who, line()]
        parts += [self._question, self.ways, self._seats_title, self._seats, self.hints]
        for part in [*parts, self.mail, self.words, self.note, self.problem]:
            self._body.column.addWidget(part)
        self._body.column.addStretch(1)
        does = FlowLayout(self._foot, spacing=12)
        does.addWidget(self.snooze)
        does.addWidget(self.confirm)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.addStretch(1)
        foot.addWidget(self._foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(self._body, 1)
        column.addLayout(foot)

    def _choices(self) -> list[Choice]:
        return [one for one in self.item.choices if not one.elsewhere] if self.item else []

    def _write(self) -> None:
        item = self.item
        if item is None:
            return
        self.title.setText(words.title(item))
        self.happened.setText(words.happened(item))
        self._about.setText(words.about(item))
        who = " · ".join(part for part in (item.student, item.number) if part)
        self._who.set_text(who)
        self._who.setVisible(bool(who))
        said = words.asleep(item, self._zone)
        self.asleep.set_text(said)
        self.asleep.setVisible(bool(said))
        self.snooze.setText(_("Wake now") if said else _("Snooze"))
        self._question.setText(_("What should happen?"))
        self.ways.setAccessibleName(self._question.text())
        offered = [
            Offered(
                _key(one),
                _ICONS.get(one.way, "circle-check"),
                words.way_name(one),
                words.consequence(item, one),
            )
            for one in self._choices()
        ]
        self.ways.offer(offered)
        hints = [
            f"{words.way_name(one)}: {words.consequence(item, one)}"
            for one in item.choices
            if one.elsewhere
        ]
        self.hints.setText("\n".join(hints))
        self.hints.setVisible(bool(hints))
        self._seats_title.setText(_("Seats that were used"))
        for slot, button in self.seats.items():
            button.setText(_("Seat {n}").format(n=slot))
        self.note.set_label(_("Why, in a few words"))
        self.note.set_help(_("It stands in the log beside your name."))
        self.note.setVisible(not item.own)
        self.words.set_label(_("Words of your own in the mail, if you like"))
        self.words.set_help(_("They are sent as you write them, in no other language."))
        self._write_choice()

    def _write_choice(self) -> None:
        choice = self.choice()
        self.confirm.setVisible(choice is not None)
        attests = choice is not None and choice.way is Way.ATTEST and bool(self.seats)
        self._seats_title.setVisible(attests)
        self._seats.setVisible(attests)
        if choice is not None:
            self.confirm.setText(words.way_name(choice))
        self._write_mail(None)

    def _write_mail(self, code: str | None) -> None:
        choice = self.choice()
        mails = choice is not None and choice.mails and isinstance(choice.way, Way)
        shown = mails and bool(self._letters or code)
        self.mail.setVisible(shown)
        self.words.setVisible(shown and any(one.with_words for one in self._letters))
        if shown and self._letters:
            first = self._letters[0]
            head = _("The student gets this mail: {subject}")
            self._mail_head.setText(head.format(subject=first.subject))
            words_ = self.words.text().strip()
            text = first.with_words.replace(WORDS, words_) if words_ else first.text
            self._mail_text.setText(text.strip())
        elif shown:
            self._mail_head.setText(_("The mail cannot be shown now."))
            self._mail_text.setText(code_sentence(code or ""))

    def _make_seats(self, item: Item) -> None:
        while self._seat_row.count():
            if (old := self._seat_row.takeAt(0)) and (widget := old.widget()):
                widget.hide()
                widget.deleteLater()
        self.seats = {}
        for one in item.seats:
            button = Button(str(one.slot), "chip", size="small")
            self.seats[one.slot] = button
            self._seat_row.addWidget(button)

    def _chosen(self, _key_of: str) -> None:
        self.problem.hide()
        self._write_choice()
        choice, item = self.choice(), self.item
        if item and choice and choice.mails and isinstance(choice.way, Way) and not self._letters:
            self.letters_wanted.emit(item.ref, choice.way.value)

    def _snooze_or_wake(self) -> None:
        item = self.item
        if item is not None:
            self.problem.hide()
            (self.wake_wanted if item.asleep else self.snooze_wanted).emit(item.ref)

    def _confirmed(self) -> None:
        item, choice, note = self.item, self.choice(), self.note.text().strip()
        if item is None or choice is None or self.confirm.busy:
            return
        if not item.own and len(note) < SHORTEST_NOTE:
            self.note.set_error(_("Say why: it stands in the log."))
            self.note.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.hide()
        self.confirm.set_busy(True)
        session = choice.session.session_id if choice.session else None
        used = tuple(slot for slot, button in self.seats.items() if button.isChecked())
        self.settle.emit(
            Settle(
                ref=item.ref,
                way=choice.way.value,
                session_id=session,
                note=note,
                words=self.words.text().strip() if choice.mails and not item.own else "",
                used=used,
            )
        )


def _key(choice: Choice) -> str:
    return f"{choice.way}:{choice.session.session_id if choice.session else ''}"
