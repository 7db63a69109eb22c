"""The question until when an item of *Needs attention* is put off, and why (08d)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views.attention_item import SHORTEST_NOTE
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.fields import Field
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.menu_button import MenuButton
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.option_column import Offered, OptionColumn
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain.attention import Item
from kiosk_app.domain.hours import Hours
from kiosk_app.domain.snoozing import LONGEST, SOON, refusal, tomorrow_at_opening
from kiosk_app.domain.times import day_in, local_instant
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _

_HOUR, _OPENING, _CHOSEN = "hour", "opening", "chosen"
_STEPS = tuple(time(n // 2, 30 * (n % 2)) for n in range(48))


class Place(Struct, frozen=True):
    """Where the device stands: its zone, and when it is open."""

    zone: str
    hours: Hours = Hours()


class SnoozeDialog(Dialog):
    """Three times to choose from, the first two only where the session has not begun by then.

    Args:
        host: the window to cover.
        item: what is put off.
        place: whose clock and hours count.
        now: the time.
    """

    chosen = Signal(str, object, str)
    """Ref, the instant (UTC), and why."""

    def __init__(
        self, host: QWidget, item: Item, place: Place, now: Callable[[], datetime]
    ) -> None:
        super().__init__(host, width=760)
        self._item, self._here, self._now = item, place, now
        self._title, self._about = Label("", "h2", wrap=True), Paragraph("", "second")
        self.times = OptionColumn()
        today = day_in(place.zone, now())
        self._days = [today + timedelta(days=n) for n in range(LONGEST.days)]
        self.day = MenuButton("calendar", self._days[0].isoformat())
        self.clock = MenuButton("clock", _STEPS[0].isoformat("minutes"))
        self._pickers = QWidget()
        row = FlowLayout(self._pickers, spacing=12)
        row.addWidget(self.day)
        row.addWidget(self.clock)
        self.reason = Field("pencil")
        self.problem = Notice("bad")
        self.cancel_button = Button("", size="large")
        self.go_button = Button("", "primary", size="large", icon="clock")
        self.add_action(self.cancel_button, self.dismiss)
        self.add_action(self.go_button, self._go)
        parts = (self._title, self._about, self.problem, self.times, self._pickers, self.reason)
        for part in parts:
            self.body.column.addWidget(part)
        self.problem.hide()
        self.retranslate()
        self.times.choose(next(iter(self.times.cards)))
        self._preset()
        self.times.chosen.connect(lambda _key: self._look())
        self.day.chosen.connect(lambda _key: self._look())
        self.clock.chosen.connect(lambda _key: self._look())
        self.reason.edited.connect(lambda _text: self.reason.clear_error())
        self._look()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.set_title(_("Snooze this item"))
        self._title.setText(_("Snooze this item"))
        self._about.setText(
            _(
                "It leaves the list until then. It comes back early when its session is near "
                "or when something about it changes."
            )
        )
        self.times.setAccessibleName(_("Until when"))
        names = {
            _HOUR: ("timer", _("In an hour")),
            _OPENING: ("door-open", _("Tomorrow at opening")),
        }
        offered = [
            Offered(key, *names[key], formats.day_and_time(until, self._here.zone))
            for key, until in self._offers().items()
        ]
        self.times.offer(
            [*offered, Offered(_CHOSEN, "calendar-clock", _("At a time I choose"), "")]
        )
        days = [Choice(day.isoformat(), formats.day_short(day)) for day in self._days]
        self.day.set_choices(days, _("Day"))
        self.clock.set_choices(
            [Choice(step.isoformat("minutes"), _clock_text(step)) for step in _STEPS],
            _("Time"),
        )
        self.reason.set_label(_("Why, in a few words"))
        self.reason.set_help(_("Whoever looks at what is snoozed reads it."))
        self.cancel_button.setText(_("Cancel"))
        self.go_button.setText(_("Snooze"))

    def until(self) -> datetime:
        """Return the instant that is chosen (UTC)."""
        key = self.times.value()
        if key in (offers := self._offers()):
            return offers[key]
        day, clock = date.fromisoformat(self.day.current), time.fromisoformat(self.clock.current)
        return local_instant(day, clock, self._here.zone)

    def _offers(self) -> dict[str, datetime]:
        now = self._now()
        found = {
            _HOUR: now + SOON,
            _OPENING: tomorrow_at_opening(self._here.hours, self._here.zone, now),
        }
        return {
            key: until
            for key, until in found.items()
            if refusal(until, now, self._item.starts_at) is None
        }

    def _preset(self) -> None:
        """Begin the choice of a time with the next whole or half hour."""
        at = self._now() + timedelta(minutes=1)
        zone = self._here.zone
        for day in self._days[:2]:
            for step in _STEPS:
                if local_instant(day, step, zone) > at:
                    self.day.choose(day.isoformat())
                    self.clock.choose(step.isoformat("minutes"))
                    return

    def _look(self) -> None:
        self._pickers.setVisible(self.times.value() == _CHOSEN)
        self.problem.hide()
        self.refit()

    def _go(self) -> None:
        until, reason = self.until(), self.reason.text().strip()
        if code := refusal(until, self._now(), self._item.starts_at):
            self.problem.set_text(_("Not snoozed."), code_sentence(code))
            self.problem.show()
            self.refit()
            self.body.verticalScrollBar().setValue(0)
            announce(self.problem, self.problem.text(), assertive=True)
            return
        if len(reason) < SHORTEST_NOTE:
            self.reason.set_error(_("Say why."))
            self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.dismiss()
        self.chosen.emit(self._item.ref, until, reason)


def _clock_text(step: time) -> str:
    """Write a time of day, of no day and no zone."""
    return formats.clock(datetime.combine(date(2000, 1, 1), step, UTC), "UTC")
