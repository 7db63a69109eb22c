"""The bar on top of every page: who we are, where one can go, the link, the language, the person.

It knows words and numbers only; whoever joins it with the visit calls its setters.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.connection import Connection
from kiosk_app.desktop.widgets.emblems import Avatar, Logo
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.i18n import formats, texts
from kiosk_app.i18n.texts import _

if TYPE_CHECKING:
    from kiosk_app.desktop.widgets.nav_tabs import NavTabs

BAR_HEIGHT = 96
_AIR = 24
"""Pixels between the things at the end."""
TICK_MS = 5_000
"""How often the clock is looked at; it shows minutes."""
_DROPS = (
    *("clock", "access word", "link words", "sign-out words"),
    *("brand", "avatar", "tab words", "air"),
)
"""What leaves a narrow bar, in this order."""


class TopBar(Panel):
    """The bar itself; what does not fit its width goes, words before icons.

    Args:
        campus: the line under the product's name.
        now: the clock; UTC.
        zone: where the clock on the bar stands.
        make_tabs: makes the navigation, when somebody has signed in.
        parent: owner.
    """

    page_chosen = Signal(str)
    language_chosen = Signal(str)
    sign_out_chosen = Signal()
    sign_in_chosen = Signal()
    accessibility_chosen = Signal()
    raise_chosen = Signal()

    def __init__(
        self,
        campus: str,
        now: Callable[[], datetime],
        zone: str,
        make_tabs: Callable[[], "NavTabs"],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("bar", parent)
        self._now, self._zone, self._make_tabs = now, zone, make_tabs
        self._person: str | None = None
        self._tabs_here = True
        self._tabs: NavTabs | None = None
        self._page: str | None = None
        self._counts: dict[str, int] = {}
        self.connection = Connection()
        self.language = Segmented()
        self.accessibility = Button(" ", "secondary", icon="accessibility", size="small")
        self._raise: Button | None = None
        self.avatar = Avatar()
        self.sign_out = Button("", "secondary", icon="log-out", size="small")
        self.sign_in = Button("", "primary", icon="user-round", size="small")
        self._offers_sign_in = False
        self._brand, self._campus = QWidget(), Label(campus, "caption")
        self._clock = Label("", "lead")
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_clock)
        self._build()
        self.language.chosen.connect(self.language_chosen)
        self.sign_out.clicked.connect(self.sign_out_chosen)
        self.sign_in.clicked.connect(self.sign_in_chosen)
        self.accessibility.clicked.connect(self.accessibility_chosen)
        self.retranslate()

    @property
    def tabs(self) -> "NavTabs":
        """The navigation of whoever is signed in."""
        if self._tabs is None:
            tabs = self._tabs = self._make_tabs()
            tabs.page_chosen.connect(self.page_chosen)
            tabs.setAccessibleName(_("Pages"))
            tabs.set_page(self._page)
            for key, count in self._counts.items():
                tabs.set_count(key, count)
            tabs.hide()
            self._row.insertWidget(self._row.indexOf(self._brand) + 2, tabs)
        return self._tabs

    def set_person(self, name: str | None) -> None:
        """Show who is signed in, or nobody."""
        self._person = name
        self.avatar.set_person(name or "")
        self._fit()

    def set_page(self, key: str | None) -> None:
        """Mark the page that is open."""
        self._page = key
        if self._tabs is not None:
            self._tabs.set_page(key)

    def offer_sign_in(self, offered: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Offer the way to the sign-in, as on pages that a stranger may look at."""
        self._offers_sign_in = offered
        self._fit()

    def set_count(self, key: str, count: int) -> None:
        """Show a number behind an entry of the navigation."""
        self._counts[key] = count
        if self._tabs is not None:
            self._tabs.set_count(key, count)
        self._fit()

    def set_link(self, state: str, ready_until: datetime | None = None) -> None:
        """Show the link, `online`, `degraded` or `offline`, and until when seats are guaranteed."""
        self.connection.set_state(state)
        ready = formats.clock(ready_until, self._zone) if ready_until else ""
        self.connection.set_ready(ready)
        self._fit()

    @property
    def raise_button(self) -> Button:
        """Brings lowered controls back up."""
        if self._raise is None:
            made = self._raise = Button(" ", "secondary", icon="arrow-up", size="small")
            made.clicked.connect(self.raise_chosen)
            made.setText(_("Raise"))
            made.setAccessibleName(_("Raise the controls"))
            self._things.insertWidget(self._things.indexOf(self.language), made)
            self.setTabOrder(made, self.language)
        return self._raise

    def set_lowered(self, lowered: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Offer the way back up while the controls are lowered."""
        if lowered or self._raise is not None:
            self.raise_button.setVisible(lowered)
        self._fit()

    def set_tabs_here(self, here: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Keep the navigation in this bar, or leave it to the bottom bar."""
        self._tabs_here = here
        self._fit()

    def retranslate(self) -> None:
        """Write everything in the language in use."""
        self.language.choose(texts.language())
        self.language.setAccessibleName(_("Language"))
        if self._tabs is not None:
            self._tabs.retranslate()
            self._tabs.setAccessibleName(_("Pages"))
        self.connection.retranslate()
        self.sign_out.setAccessibleName(_("Sign out"))
        self.sign_in.setText(_("Sign in"))
        self.accessibility.setAccessibleName(_("Accessibility"))
        if self._raise is not None:
            self._raise.setText(_("Raise"))
            self._raise.setAccessibleName(_("Raise the controls"))
        self._show_clock()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(_height())
            self._fit()
            # What stands on the bar may be dressed after it, and be wider then.
            QTimer.singleShot(0, self, self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop or bring back what the width allows."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the clock going while it can be seen."""
        super().showEvent(event)
        self._show_clock()
        self._fit()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the clock rest."""
        super().hideEvent(event)
        self._tick.stop()

    def _build(self) -> None:
        self.setMinimumWidth(320)
        self.setFixedHeight(_height())
        self.language.set_choices(
            [
                Choice("en", "EN", name="English"),
                Choice("fr", "FR", name="Français"),
                Choice("ar", "ع", name="العربية"),
            ]
        )
        beside = QHBoxLayout(self._brand)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(Label("Campus Kiosk", "title"))
        words.addWidget(self._campus)
        words.addStretch()
        beside.addLayout(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 0, 32, 0)
        row.setSpacing(0)
        row.addWidget(Logo())
        row.addWidget(self._brand)
        row.addSpacing(24)
        row.addStretch(1)
        row.addLayout(self._end())
        self._row = row

    def _end(self) -> QHBoxLayout:
        """Return what stands at the end of the bar; a hidden part takes its gap along."""
        person = QHBoxLayout()
        person.setSpacing(12)
        person.addWidget(self.avatar)
        person.addWidget(self.sign_out)
        person.addWidget(self.sign_in)
        end = QHBoxLayout()
        end.setSpacing(_AIR)
        self._clock.setContentsMargins(0, 0, 16, 0)
        for widget in (self._clock, self.connection, self.language, self.accessibility):
            end.addWidget(widget)
        self._things = end
        for part in (self.avatar, self.sign_out, self.sign_in):
            part.hide()
        end.addLayout(person)
        return end

    def _show_clock(self) -> None:
        self._clock.setText(formats.day_and_time(self._now(), self._zone))

    def _fit(self) -> None:
        """Show as much as the width holds: words go before icons, the person's name last.

        Nothing is measured before the bar is shown; fonts are not known until then.
        """
        if not self.isVisible():
            return
        here = self._person is not None
        if here and self._tabs_here:
            self.tabs.show()
        for dropped in range(len(_DROPS) + 1):
            kept = _DROPS[dropped:]
            self._clock.setVisible(not here and "clock" in kept)
            self.accessibility.setText(
                _("Accessibility") if not here and "access word" in kept else ""
            )
            self.connection.set_words("link words" in kept)
            if here:
                self._sign_out_words("sign-out words" in kept)
            self._brand.setVisible("brand" in kept)
            self.avatar.setVisible(here and "avatar" in kept and bool(self.avatar.initials))
            if self._tabs is not None:
                self._tabs.set_words("tab words" in kept)
                self._tabs.setVisible(here and self._tabs_here)
            self._things.setSpacing(_AIR if "air" in kept else _AIR // 2)
            self.sign_out.setVisible(here)
            self.sign_in.setVisible(not here and self._offers_sign_in)
            self._row.invalidate()
            self._row.activate()  # else the inner layouts answer what they knew before
            if self._row.minimumSize().width() <= self.width():
                return

    def _sign_out_words(self, shown: bool) -> None:  # noqa: FBT001 - a state, set by its name
        self.sign_out.setText(_("Sign out") if shown else "")


def _height() -> int:
    """Return the height of the bar; a tab of large text wants more."""
    return max(BAR_HEIGHT, current().px("controlH") + 16)
