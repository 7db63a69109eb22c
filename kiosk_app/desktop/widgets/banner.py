"""The line under the top bar that says offline, back online, or that this kiosk needs help.

It pushes the page down, speaks once when it appears, and never takes the focus. A fault outranks
the link, the link outranks good news.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.widgets.labels import Icon, IconText, Label, Panel, led_by
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.i18n import formats, unsent
from kiosk_app.i18n.faults import fault_words
from kiosk_app.i18n.texts import _, ngettext

HEIGHT, BRIEF_HEIGHT = 72, 56
GOOD_NEWS_MS = 6_000
TICK_MS = 1_000

Tone = Literal["warn", "ok", "bad"]


class _Offline(Struct, frozen=True):
    synced_at: datetime | None
    retry_at: datetime | None
    guaranteed: int
    waiting: int = 0
    oldest_at: datetime | None = None


class _Said(Struct, frozen=True):
    tone: Tone
    icon: str
    head: str
    rest: str
    aside: str = ""


class Banner(Panel):
    """A full-width line; hidden while there is nothing to say.

    Args:
        now: the clock; UTC.
        parent: owner.
    """

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self._now = now
        self._quiet = self._brief = False
        self._faults: list[str] = []
        self._offline: _Offline | None = None
        self._confirmed: int | None = None
        self._spoken: tuple[Tone, str | None] | None = None
        self._shown: _Said | None = None
        self._icon = Icon("cloud-off", "warn")
        self._text = Label("", "body", wrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._aside = IconText("refresh-cw")
        self._aside.icon.set_icon("refresh-cw", "warn")
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._refresh)
        self._good_news = QTimer(self, interval=GOOD_NEWS_MS, singleShot=True)
        self._good_news.timeout.connect(self._forget_good_news)
        self._build()
        self.hide()

    @property
    def _fault(self) -> str | None:
        return self._faults[-1] if self._faults else None

    @property
    def text(self) -> str:
        """What the banner says, without what ticks at its end."""
        said = self._said()
        return f"{said.head} {said.rest}".strip() if said else ""

    @property
    def aside(self) -> str:
        """What ticks at its end: when the next try is due."""
        said = self._said()
        return said.aside if said else ""

    def show_offline(
        self,
        synced_at: datetime | None,
        retry_at: datetime | None,
        guaranteed: int = 0,
        waiting: int = 0,
        oldest_at: datetime | None = None,
    ) -> None:
        """Say that there is no way to the server.

        Args:
            synced_at: when the data last equalled the server's, or None if it never did.
            retry_at: when the next try is due, or None while nobody knows.
            guaranteed: seats this kiosk may confirm all the same.
            waiting: requests that wait here to be sent.
            oldest_at: when the oldest of them was saved.
        """
        self._offline = _Offline(synced_at, retry_at, guaranteed, waiting, oldest_at)
        self._confirmed = None
        self._refresh()

    def show_back_online(self, confirmed: int = 0) -> None:
        """Say for some seconds that the server answers again, and how many requests it confirmed."""
        self._offline, self._confirmed = None, confirmed
        self._good_news.start()
        self._refresh()

    def forget_requests(self) -> None:
        """Say no longer what became of somebody's requests; what is said of the kiosk stays."""
        if self._confirmed:
            self._forget_good_news()

    def show_fault(self, fault: str) -> None:
        """Say what is wrong with this machine, by the name of the fault; the newest is shown."""
        self._faults = [*(known for known in self._faults if known != fault), fault]
        self._refresh()

    def clear_fault(self, fault: str) -> None:
        """This fault is over; an earlier one that is not shows again."""
        self._faults = [known for known in self._faults if known != fault]
        self._refresh()

    def clear_link(self) -> None:
        """Say nothing about the link."""
        self._offline = self._confirmed = None
        self._refresh()

    def set_quiet(self, *, quiet: bool) -> None:
        """Say nothing over a page that says it all, or speak again."""
        self._quiet = quiet
        self._refresh()

    def set_brief(self, *, brief: bool) -> None:
        """Say of a lost link how old the data is and what waits, in a lower line, or all of it again."""
        self._brief = brief
        self.setMinimumHeight(BRIEF_HEIGHT if brief else HEIGHT)
        edge = 8 if brief else 12
        self._row.setContentsMargins(32, edge, 32, edge)
        self._refresh()

    def retranslate(self) -> None:
        """Say the same in the language in use."""
        self._refresh()
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, and take other sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._make_room)  # the label may be dressed after its banner

    def showEvent(self, event: QShowEvent) -> None:
        """Count while it can be seen."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while it cannot."""
        super().hideEvent(event)
        self._tick.stop()

    def _build(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setSpacing(16)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._aside)
        self.set_brief(brief=False)

    def _forget_good_news(self) -> None:
        self._confirmed = None
        self._refresh()

    def _refresh(self) -> None:
        said = None if self._quiet else self._said()
        if said is None:
            self._spoken = self._shown = None
            self.hide()
            return
        before, self._shown = self._shown, said
        self._count_down(said.aside)
        if before is not None and replace(before, aside=said.aside) == said:
            return
        self._icon.set_icon(said.icon, said.tone)
        self._text.setText(led_by(said.head, said.rest))
        self._text.setAccessibleName(f"{said.head} {said.rest}")
        if self.property("banner") != said.tone:
            self.setProperty("banner", said.tone)
            restyle(self)
        self.show()
        self._speak_once(said)

    def _count_down(self, aside: str) -> None:
        """Say when the next try is due, in a place that stays as it is from one second to the next.

        A label that grows lets every layout up to the window begin again.
        """
        label = self._aside.label
        self._aside.set_text(aside)
        self._aside.setVisible(bool(aside))
        if aside and label.sizeHint().expandedTo(label.minimumSize()) != label.minimumSize():
            label.setFixedSize(label.sizeHint().expandedTo(label.minimumSize()))

    def _make_room(self) -> None:
        """Give what counts down no more room than it needs in these words and letters."""
        label = self._aside.label
        if self._shown is not None and self._shown.aside:
            label.setFixedSize(label.sizeHint())

    def _speak_once(self, said: _Said) -> None:
        subject = (said.tone, self._fault)
        if subject != self._spoken:
            self._spoken = subject
            announce(self, f"{said.head} {said.rest}", assertive=said.tone == "bad")

    def _said(self) -> _Said | None:
        if self._fault is not None:
            head, rest = fault_words(self._fault)
            return _Said("bad", "triangle-alert", head, rest)
        if self._offline is not None:
            return self._say_offline(self._offline)
        if self._confirmed is not None:
            rest = _confirmed_text(self._confirmed) if self._confirmed else ""
            return _Said("ok", "cloud-check", _("Back online."), rest)
        return None

    def _say_offline(self, offline: _Offline) -> _Said:
        head = _("Offline")
        still = _("You can still book; requests are sent when we are back online.")
        if offline.guaranteed:
            still = _(
                "You can still book. Seats with a shield are guaranteed; other requests are sent"
                " when we are back online."
            )
        if offline.synced_at is None:
            rest = _("– this kiosk has not reached the server yet.")
        else:
            age = formats.age(self._now() - offline.synced_at)
            rest = _("– last updated {age}.").format(age=age)
            if not self._brief:
                rest += " " + still
        if offline.waiting and offline.oldest_at:
            rest += " " + unsent.short(offline.waiting, self._now() - offline.oldest_at)
        return _Said("warn", "cloud-off", head, rest, self._say_retry(offline.retry_at))

    def _say_retry(self, retry_at: datetime | None) -> str:
        if retry_at is None:
            return ""
        seconds = max(0, round((retry_at - self._now()).total_seconds()))
        return _("Trying again in {n} s").format(n=seconds) if seconds else _("Trying again…")


def _confirmed_text(count: int) -> str:
    return ngettext("{n} request was confirmed.", "{n} requests were confirmed.", count).format(
        n=count
    )
