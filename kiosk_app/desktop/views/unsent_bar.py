"""The line that says what of this device still waits to be sent, and for how long (§7, R9).

It is there whenever something waits, unless the banner of a lost connection says it, and at a desk
always, as the way to what needs attention. What an answering server is just being sent is no news; after a few seconds it is. Whoever signs out is
told for some seconds what of theirs still waits: in this line, because it covers nothing of the page
that the next person may be about to touch.
"""

from datetime import timedelta

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.banner import HEIGHT
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Icon, Panel
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.i18n import texts, unsent
from kiosk_app.i18n.faults import fault_words
from kiosk_app.i18n.texts import Language, _
from kiosk_app.sync.events import Fault, FaultCleared, FaultRaised

TICK_MS = 1_000
JUST_SENT = timedelta(seconds=15)
"""How long a request may be on its way to a server that answers before it counts as waiting."""

FAREWELL_MS = 6_000
"""How long whoever signed out may read what of theirs waits."""


class UnsentBar(Panel):
    """How many requests wait, the age of the oldest, and why they do not get through.

    Args:
        visit: tells of the outbox.
        staff: whether staff use this window; they find their way from here.
        parent: owner.
    """

    attention_wanted = Signal()

    def __init__(self, visit: Visit, *, staff: bool, parent: QWidget | None = None) -> None:
        super().__init__("foot", parent)
        self._visit, self._staff = visit, staff
        self._faults: set[Fault] = set()
        self._left_waiting = 0
        """Requests of whoever has just left, while they are told of them."""
        self._theirs = texts.language()
        """The language that they are told in."""
        self._icon, self._text = Icon("hourglass", "ink2"), Paragraph("", "second")
        self.attention = Button("", icon="inbox", size="small")
        self.attention.clicked.connect(self.attention_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 6, 32, 6)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self.attention)
        self.attention.setVisible(staff)
        speech.give_role(self, "AlertMessage")
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.refresh)
        self._farewell = QTimer(self, interval=FAREWELL_MS, singleShot=True)
        self._farewell.timeout.connect(self.end_farewell)
        visit.link_changed.connect(self.refresh)
        visit.began.connect(self.end_farewell)
        visit.fault_raised.connect(self._fault)
        visit.fault_cleared.connect(self._fault_over)
        self.hide()  # until it stands in the window: `refresh` shows it

    def text(self) -> str:
        """Return what the line says."""
        return self._text.text()

    @property
    def _stuck(self) -> bool:
        return Fault.QUEUE_STUCK in self._faults

    def refresh(self) -> None:
        """Write how things stand now, or go."""
        waits, leaving = self._waits(), bool(self._left_waiting)
        self.attention.setText(_("Needs attention"))
        words = self._words() if waits else _("Nothing waits to be sent.")
        if leaving:
            words = self._farewell_words()
        self._text.setText(words)
        self.setAccessibleName(words)
        self._dress("ok" if leaving else "warn" if waits and self._stuck else "")
        banner_says_it = not self._visit.online and not self._faults
        self.setVisible(self._staff or leaving or (waits and not banner_says_it))
        if self._visit.link.waiting:
            self._tick.start()
        else:
            self._tick.stop()

    def say_farewell(self, language: Language) -> None:
        """Say to whoever signs out, in their language, that what they asked for is not lost (R4)."""
        if not self._visit.left_waiting or self._visit.student is not None:
            return
        self._left_waiting, self._theirs = self._visit.left_waiting, language
        way = Qt.LayoutDirection
        mirrored = texts.right_to_left(language)
        self.setLayoutDirection(way.RightToLeft if mirrored else way.LeftToRight)
        self._farewell.start()
        self.refresh()
        speech.announce(self, self.text())

    def end_farewell(self) -> None:
        """Somebody else goes on here: whoever left is not spoken to any more."""
        if self._left_waiting:
            self._farewell.stop()
            self._left_waiting = 0
            self.unsetLayoutDirection()
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, but not while somebody is told something in theirs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def _waits(self) -> bool:
        link = self._visit.link
        if not link.waiting:
            return False
        on_its_way = self._visit.online and link.oldest_at is not None
        return not on_its_way or self._age() >= JUST_SENT

    def _age(self) -> timedelta:
        oldest, now = self._visit.link.oldest_at, self._visit.now()
        return now - oldest if oldest is not None else timedelta()

    def _words(self) -> str:
        text = unsent.sentence(self._visit.link.waiting, self._age())
        if self._stuck:
            return f"{text} {fault_words(Fault.QUEUE_STUCK)[0]}"
        return text

    def _dress(self, tone: str) -> None:
        self._icon.set_icon("triangle-alert" if tone == "warn" else "hourglass", tone or "ink2")
        if self.property("banner") != tone:
            self.setProperty("banner", tone)
            # Whoever reads it is already turning away: as large as the banner.
            farewell = tone == "ok"
            self._text.setProperty("role", "body" if farewell else "second")
            self.setMinimumHeight(HEIGHT if farewell else 0)
            for part in (self, self._text):
                restyle(part)
            if tone == "warn":
                speech.announce(self, self.text())

    def _farewell_words(self) -> str:
        theirs = texts.catalogue(self._theirs)
        return theirs.ngettext(
            "You are signed out. {n} request of yours waits on this kiosk and will be sent.",
            "You are signed out. {n} requests of yours wait on this kiosk and will be sent.",
            self._left_waiting,
        ).format(n=self._left_waiting)

    def _fault(self, event: FaultRaised) -> None:
        self._faults.add(event.fault)
        self.refresh()

    def _fault_over(self, event: FaultCleared) -> None:
        self._faults.discard(event.fault)
        self.refresh()
