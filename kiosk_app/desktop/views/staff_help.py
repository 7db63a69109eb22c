"""Help for staff: the usual problems with what to do about each, and whom to ask (A101).

It comes from the server, to whoever is signed in; while the server is silent the page keeps what it
said last, with its age, and a page that has nothing yet offers another try.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.contract.help import ContactKind, HelpContact, Trouble
from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.staff_page import StaffPage
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.labels import Label, Panel, line
from kiosk_app.desktop.widgets.option_column import Offered, OptionColumn
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.search_box import SearchBox
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync import intents
from kiosk_app.sync.events import HelpRead, StaffNews

_KINDS: dict[ContactKind, Callable[[], str]] = {
    "technical": lambda: _("When something does not work"),
    "crm": lambda: _("For the set-up of the CRM"),
    "wishes": lambda: _("For wishes"),
}


_COMMAND = re.compile("`([^`]+)`")


def _quoted(text: str) -> str:
    """Return a text with its commands between the quotes of the language."""
    return _COMMAND.sub(lambda found: _("“{text}”").format(text=found[1]), text)


class HelpSearch(SearchBox):
    """Search among the problems."""

    def retranslate(self) -> None:
        """Write every text anew; what was typed stays."""
        super().retranslate()
        self.setPlaceholderText(_("Search the help"))
        self.setAccessibleName(_("Search the help"))


class RemedyPanel(Panel):
    """One problem with its remedy, and whom to ask."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.title, self.remedy = Label("", "h2", wrap=True), Paragraph("", "lead")
        self.named = Paragraph("", "second")
        self.ask = Label("", "title", wrap=True)
        self._line = line()
        self._reach = [(Label("", "label", wrap=True), Paragraph()) for _kind in _KINDS]
        self._body = ScrollColumn(spacing=12)
        column = self._body.column
        column.setContentsMargins(24, 24, 24, 24)
        for part in (self.title, self.remedy, self.named, self._line, self.ask):
            column.addWidget(part)
        for name, reach in self._reach:
            column.addWidget(name)
            column.addWidget(reach)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2, 2, 2, 2)
        whole.addWidget(self._body)

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Show a problem, or none where none was found."""
        for label in (self.title, self.remedy, self.named):
            label.setVisible(trouble is not None)
        if trouble is not None:
            self.title.setText(trouble.title)
            self.remedy.setText(_quoted(trouble.remedy))
            self.named.setText(_("In answers and logs: {code}").format(code=trouble.code))
        self._body.verticalScrollBar().setValue(0)

    def show_contacts(self, contacts: list[HelpContact]) -> None:
        """Show whom to ask."""
        reach = {one.kind: one.reach for one in contacts}
        self.ask.setText(_("Whom to ask") if reach else _("Nobody is named whom to ask."))
        for (kind, name), (label, value) in zip(_KINDS.items(), self._reach, strict=True):
            label.setText(name())
            value.setText(reach.get(kind, ""))
            label.setVisible(kind in reach)
            value.setVisible(kind in reach)


class StaffHelpView(StaffPage):
    """The problems, and the one that is looked at.

    Args:
        visit: the door to the engine.
        signs_in: whether staff may sign in here; at a kiosk for strangers nobody reads it.
        parent: owner.
    """

    left = Signal()
    """Back to what needs attention."""

    def __init__(self, visit: Visit, *, signs_in: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit, self._signs_in = visit, signs_in
        self._read: HelpRead | None = None
        self.again = Button("", icon="refresh-cw", size="small")
        self.back = Button("", icon="arrow-left", size="small")
        self.retry = Button("", "primary", icon="refresh-cw")
        self.search, self.troubles = HelpSearch(), OptionColumn()
        self.none = Paragraph("", "second")
        self.panel = RemedyPanel()
        self.empty = EmptyState("circle-question-mark", (self.retry,))
        self._list = ScrollColumn(spacing=12)
        self._listed = QWidget()
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._build()
        self._connect()
        self.retranslate()

    def forget(self) -> None:
        """Forget what was read and searched."""
        self._read = None
        self.search.clear()
        self._show()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(_("Help for staff"))
        self.troubles.setAccessibleName(_("The usual problems"))
        self.again.setText(_("Look again"))
        self.back.setText(_("Needs attention"))
        self.retry.setText(_("Try again"))
        self.none.setText(_("Nothing here has these words."))
        self._show()

    def look(self) -> None:
        """Ask what there is, while somebody looks."""
        if self.isVisible():
            self._visit.ask_staff(intents.LookAtHelp())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for it whenever somebody comes."""
        super().showEvent(event)
        self.look()
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.search.hide()
        self._list.column.setContentsMargins(2, 2, 12, 2)
        for part in (self.none, self.troubles):
            self._list.column.addWidget(part)
        self._list.column.addStretch(1)
        column = QVBoxLayout(self._listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self._list, 1)
        self.lay_out((self.again, self.back), self._listed, (self.panel, self.empty))

    def _connect(self) -> None:
        self._visit.staff_told.connect(self._told)
        self.again.clicked.connect(self.look)
        self.retry.clicked.connect(self.look)
        self.back.clicked.connect(self.left)
        self.search.asked.connect(lambda _words: self._show())
        self.troubles.chosen.connect(lambda _code: self._show_chosen())
        self._list.verticalScrollBar().rangeChanged.connect(lambda *_range: self._soon.start())
        self._soon.timeout.connect(self._offer_search)

    def _told(self, news: StaffNews) -> None:
        if isinstance(news, HelpRead):
            self._read = news
            self._show()

    def _offer_search(self) -> None:
        """Offer a search where the list is longer than its room, and while it is used."""
        whole = self._list.height_for(self._list.viewport().width())
        self.search.setVisible(bool(self.search.text()) or whole > self._listed.height())

    def _found(self) -> list[Trouble]:
        """Return the problems that have every word of the search."""
        known = self._read.help.troubles if self._read and self._read.help else []
        words = self.search.text().casefold().split()
        return [
            one
            for one in known
            if all(word in f"{one.title} {one.remedy} {one.code}".casefold() for word in words)
        ]

    def _show(self) -> None:
        read = self._read
        known = read is not None and read.help is not None
        found = self._found()
        self.troubles.offer([Offered(one.code, "info", one.title, "") for one in found])
        if found and self.troubles.value() is None:
            self.troubles.choose(found[0].code)
        self.none.setVisible(known and not found)
        self._listed.setVisible(known)
        self.panel.setVisible(known)
        self.empty.setVisible(not known)
        self.count.setText(self._age())
        if read is not None and read.help is not None:
            self.panel.show_contacts(read.help.contacts)
        else:
            self._say_why(read.code if read else None)
        self._show_chosen()
        self._soon.start()

    def _show_chosen(self) -> None:
        chosen = self.troubles.value()
        self.panel.show_trouble(next((one for one in self._found() if one.code == chosen), None))

    def _age(self) -> str:
        """Say how old it is when the server has just been silent."""
        read = self._read
        if read is None or read.code is None or read.as_of is None:
            return ""
        age = formats.age(self._visit.now() - read.as_of)
        return _("The server did not answer. Last heard {age}.").format(age=age)

    def _say_why(self, code: str | None) -> None:
        """Say why there is nothing to read."""
        self.retry.setVisible(code not in {None, Code.STAFF_SIGNED_OUT})
        if code is None:
            self.empty.write(_("One moment"), _("The help is being read."))
        elif code != Code.STAFF_SIGNED_OUT:
            self.empty.write(_("The help is not here"), code_sentence(code))
        elif self._signs_in:
            self.empty.write(
                _("Sign in to read the help"),
                _("It comes from the server, to staff. Sign in under Needs attention."),
            )
        else:
            self.empty.write(
                _("Read the help at a desk"),
                _("A kiosk signs no staff in, and the help comes from the server to staff alone."),
            )
