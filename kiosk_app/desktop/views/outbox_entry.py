"""One request of the outbox in full, with what staff may do about it; and what an export left (08e)."""

import re
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.desktop.models.outbox import LOOKS
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.desktop.widgets.labels import Label, Panel, line
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.domain.outbox import Entry
from kiosk_app.i18n import outbox
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.events import OutboxExported

_MAY_BREAK = re.compile(r"([/\\-])")
"""Behind these a path or a passphrase may go on in the next line."""


class EntryPanel(Panel):
    """The request that is looked at.

    Args:
        zone: whose time its own times are told in.
        parent: owner.
    """

    send = Signal(str)
    """Ref of the request that is to be sent now."""
    item_wanted = Signal(str)
    """Ref of the request whose item of *Needs attention* is to be opened."""

    def __init__(self, zone: str, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.entry: Entry | None = None
        self._zone = zone
        self.title, self.chip = Label("", "h2", wrap=True), StatusChip()
        self.meaning = Paragraph("", "lead")
        self._facts = [(Label("", "label", wrap=True), Paragraph()) for _n in range(7)]
        self.problem = Notice("warn")
        self.send_button = Button("", "primary", icon="send")
        self.item_button = Button("", icon="inbox")
        self._body = ScrollColumn(spacing=12)
        self._build()
        self.send_button.clicked.connect(self._send)
        self.item_button.clicked.connect(lambda: self.item_wanted.emit(self._ref()))

    def show_entry(self, entry: Entry, now: datetime, *, online: bool) -> None:
        """Show a request; the same one again keeps what was answered about it."""
        if self.entry is None or self.entry.ref != entry.ref:
            self.problem.hide()
            self.send_button.set_busy(False)
            self._body.verticalScrollBar().setValue(0)
        self.entry = entry
        self.write(now, online=online)

    def write(self, now: datetime, *, online: bool) -> None:
        """Write how it stands now."""
        entry = self.entry
        if entry is None:
            return
        self.title.setText(outbox.what(entry))
        self.chip.show_words(*LOOKS[entry.rung], outbox.state(entry))
        self.meaning.setText(outbox.meaning(entry))
        facts = [
            (_("Session"), outbox.about(entry)),
            (_("Student"), entry.student or ""),
            (_("Number"), entry.number),
            (_("Saved"), outbox.saved(entry, now, self._zone)),
            (_("Sent"), outbox.tries(entry)),
            (_("Last answer"), outbox.why(entry)),
            (_("Next try"), outbox.next_try(entry, now, self._zone, online=online)),
        ]
        for (name, value), (says, fact) in zip(self._facts, facts, strict=True):
            name.setText(says)
            value.setText(fact)
            name.setVisible(bool(fact))
            value.setVisible(bool(fact))
        self.send_button.setText(_("Send now"))
        self.item_button.setText(_("Open in Needs attention"))
        self.send_button.setVisible(entry.may_send)
        self.item_button.setVisible(entry.needs)

    def forget(self) -> None:
        """Hold nothing of any request any more, shown or not."""
        self.entry = None
        for label in (self.title, self.meaning, *(value for _name, value in self._facts)):
            label.setText("")
        self.problem.hide()

    def answer(self, code: str | None) -> None:
        """Say why it was not done; what was done leaves the list."""
        self.send_button.set_busy(False)
        self.problem.setVisible(code is not None)
        if code is not None:
            self.problem.set_text(_("Not done yet."), code_sentence(code))

    def _build(self) -> None:
        self.problem.hide()
        column = self._body.column
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(self.title)
        column.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.meaning)
        column.addWidget(line())
        for name, value in self._facts:
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(name)
            pair.addWidget(value)
            column.addLayout(pair)
        column.addWidget(self.problem)
        column.addStretch(1)
        buttons = QWidget()
        row = FlowLayout(buttons)
        for button in (self.send_button, self.item_button):
            row.addWidget(button)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.addWidget(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2, 2, 2, 2)
        whole.setSpacing(0)
        whole.addWidget(self._body, 1)
        whole.addLayout(foot)

    def _ref(self) -> str:
        return self.entry.ref if self.entry else ""

    def _send(self) -> None:
        if self.entry is not None and not self.send_button.busy:
            self.problem.hide()
            self.send_button.set_busy(True)
            self.send.emit(self.entry.ref)


class ExportPanel(Panel):
    """Where the export lies and what opens it; shown once, kept nowhere."""

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._told: OutboxExported | None = None
        self.title, self.path = Label("", "h2", wrap=True), Paragraph()
        self._opens, self.passphrase = Label("", "label", wrap=True), Label("", "h2", wrap=True)
        self._once, self._how = Label("", "strong", wrap=True), Paragraph("", "second")
        self.done_button = Button("", "primary", icon="check")
        self.done_button.clicked.connect(self.done)
        body = ScrollColumn(spacing=16)
        body.column.setContentsMargins(24, 24, 24, 0)
        for part in (self.title, self.path, self._opens, self.passphrase, self._once, self._how):
            body.column.addWidget(part)
        body.column.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.addWidget(self.done_button, 0, Qt.AlignmentFlag.AlignTrailing)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(body, 1)
        column.addLayout(foot)
        self.hide()

    def show_export(self, told: OutboxExported | None) -> None:
        """Show an export that worked, or forget the one that was shown."""
        self._told = told
        self.setVisible(told is not None)
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()

    def _write(self) -> None:
        told = self._told or OutboxExported()
        text = ngettext("{n} request is exported", "{n} requests are exported", told.requests)
        self.title.setText(text.format(n=told.requests))
        path = _MAY_BREAK.sub("\\1\u200b", told.path)
        self.path.setText(_("It lies in {path}").format(path=path))
        self._opens.setText(_("Passphrase"))
        self.passphrase.setText(_MAY_BREAK.sub("\\1\u200b", told.passphrase))
        self._once.setText(
            _("Write it down now: it is kept nowhere, and the file cannot be read without it.")
        )
        self._how.setText(
            _(
                "On the other machine, in a terminal: kiosk outbox import. Both may send: nothing is "
                "booked twice."
            )
        )
        self.done_button.setText(_("I have written it down"))
