"""What a booking asks: format and topic for a discussion, hand and place for an exam (A61, A62).

The form knows what is wrong with it and says so at the field; it sends nothing.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.bookings import Hand
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.theme.theme import FORMAT_ICON
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.topic_field import TopicField
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.cost_card import CostCard
from kiosk_app.desktop.widgets.fields import Field
from kiosk_app.desktop.widgets.labels import Icon, IconText, Label
from kiosk_app.desktop.widgets.option_cards import OptionCards
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.record_strip import RecordStrip
from kiosk_app.desktop.widgets.session_head import SessionHead
from kiosk_app.domain.listing import SessionRow
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats, zones
from kiosk_app.i18n.names import format_name, tokens_name
from kiosk_app.i18n.sessions import seats_long
from kiosk_app.i18n.texts import _, ngettext

PLACE_LIMIT = 100
_ANY_HAND = "any"
_HAND_ICON = {"right": "hand", "left": "hand", _ANY_HAND: "move-horizontal"}


class BookingForm(QWidget):
    """The questions of one booking, the record they go with, and what it costs.

    Args:
        visit: who books, and what they hold.
        row: the session.
        parent: owner.
    """

    def __init__(self, visit: Visit, row: SessionRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit, self._row = visit, row
        self.head = SessionHead(row.mock_type)
        self.record = RecordStrip()
        self.cost = CostCard()
        self.format: OptionCards | None = None
        self.topic: TopicField | None = None
        self.hand: OptionCards | None = None
        self.place: Field | None = None
        self._wrong = False
        self._record_title = Label("", "label")
        self._record_note = IconText("lock", "", "second")
        self._format_title = Label("", "label", wrap=True)
        self._format_error = Paragraph("", "second", tone="bad")
        self._hand_title = Paragraph("", "label", aside=True)
        self._build()
        self.retranslate()

    @property
    def row(self) -> SessionRow:
        """The session being booked."""
        return self._row

    def show_row(self, row: SessionRow) -> None:
        """Book another session of the same type; what was typed stays."""
        if self.place and self.place.text() == self._row.campus:
            self.place.set_text(row.campus)
        self._row = row
        self.retranslate()

    def choices(self) -> Choices:
        """Return what was chosen and typed."""
        chosen = self.format.value() if self.format else None
        hand = self.hand.value() if self.hand else None
        place = self.place.text().strip() if self.place else ""
        return Choices(
            discussion_format=DeliveryFormat(chosen) if chosen else None,
            topic_preference=self.topic.text().strip() if self.topic else "",
            attending_location=place or None,
            dominant_hand=_hand(hand),
        )

    def check(self) -> list[str]:
        """Mark what is wrong at its field and return one sentence for each; empty when all is well."""
        self._wrong = True
        found = [self._check_format(), self._check_topic(), self._check_place()]
        problems = [text for text in found if text]
        self._wrong = bool(problems)
        self.record.setVisible(not problems)
        self._record_title.setVisible(not problems)
        self._record_note.setVisible(not problems)
        return problems

    def refresh(self) -> None:
        """Write seats and cost as they are known now."""
        row, opinion = self._row, self._visit.opinion(self._row)
        held = self._visit.seat_offered(row.session_id)
        self.head.show_facts(
            formats.day_long(row.exam_date),
            f"{wording.hours_text(row)} · {zones.zone_long(row.time_zone, row.starts_at)}",
            wording.where_text(row),
            _("A seat is held for you") if held else seats_long(row.left, row.capacity),
            SeatState.AVAILABLE if held else row.seats,
            online=row.delivery_format is DeliveryFormat.VIRTUAL,
        )
        self.cost.setVisible(opinion.pays is not None)
        if opinion.pays:
            self.cost.show_cost(
                _("This request holds 1 token")
                if opinion.promise == "queued"
                else _("This booking uses 1 token"),
                _("You get it back if you cancel before the session starts."),
                tokens_name(opinion.pays),
                opinion.balance,
                max(0, opinion.balance - 1),
            )

    def retranslate(self) -> None:
        """Write every text anew; what was typed and chosen stays."""
        student = self._visit.student
        self._record_title.setText(_("Your details"))
        self._record_note.set_text(_("From your student record"))
        self.record.show_pairs(
            [
                (_("Name"), student.name if student else ""),
                (_("Student ID"), student.student_id if student else ""),
                (_("Email"), student.email if student else ""),
            ]
        )
        self._name_formats()
        self._name_hands()
        if self.place:
            self.place.set_label(_("Where will you attend?"))
            self.place.set_help(_("We filled in the campus of this session. Change it if needed."))
        self.refresh()
        if self._wrong:
            self.check()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        column.addWidget(self.head)
        title = QHBoxLayout()
        title.addWidget(self._record_title, 1)
        title.addWidget(self._record_note)
        column.addLayout(_section(title, self.record))
        if self._row.mock_type is MockType.MOCK_DISCUSSION:
            self._build_discussion(column)
        else:
            self._build_exam(column)
        column.addWidget(self.cost)
        column.addStretch(1)

    def _build_discussion(self, column: QVBoxLayout) -> None:
        self.format = OptionCards()
        for held in DeliveryFormat:
            self.format.add(held.value, FORMAT_ICON[held])
        self.format.choose(self._row.delivery_format.value)
        self.format.chosen.connect(self._format_chosen)
        error = QWidget()
        row = QHBoxLayout(error)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Icon("circle-alert", "bad", 20), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._format_error, 1)
        error.hide()
        section = _section(self._format_title, self.format)
        section.addWidget(error)
        self._format_error_line = error
        column.addLayout(section)
        self.topic = TopicField(self._row.topics)
        column.addWidget(self.topic)

    def _build_exam(self, column: QVBoxLayout) -> None:
        if self._row.mock_type is MockType.CLINICAL_SKILLS:
            self.hand = OptionCards()
            for key, icon in _HAND_ICON.items():
                self.hand.add(key, icon)
            self.hand.choose(_ANY_HAND)
            column.addLayout(_section(self._hand_title, self.hand))
        self.place = Field("map-pin")
        self.place.set_text(self._row.campus)
        self.place.edited.connect(self.place.clear_error)
        column.addWidget(self.place)

    def _name_formats(self) -> None:
        self._format_title.setText(_("Discussion format"))
        if self.format is None:
            return
        self.format.setAccessibleName(_("Discussion format"))
        room = self._row.room or _("On campus")
        helps = {
            DeliveryFormat.VIRTUAL: _("Join by video link"),
            DeliveryFormat.IN_PERSON: room,
            DeliveryFormat.HYBRID: _("Choose on the day"),
        }
        for held, text in helps.items():
            self.format.card(held.value).set_texts(format_name(held), text)

    def _name_hands(self) -> None:
        self._hand_title.setText(_("Dominant hand (we set up your station to match)"))
        if self.hand is None:
            return
        self.hand.setAccessibleName(_("Dominant hand"))
        self.hand.card("right").set_texts(_("Right"), _("Station on your right"))
        self.hand.card("left").set_texts(_("Left"), _("Station on your left"))
        self.hand.card(_ANY_HAND).set_texts(_("No preference"), _("Either side works"))

    def _format_chosen(self, _key: str) -> None:
        self._format_error_line.hide()

    def _check_format(self) -> str:
        if self.format is None or self.format.value():
            return ""
        self.format.set_wrong(wrong=True)
        self._format_error.setText(_("Choose a format to continue."))
        self._format_error_line.show()
        return _("Choose a format to continue.")

    def _check_topic(self) -> str:
        return self.topic.check() if self.topic else ""

    def _check_place(self) -> str:
        if self.place is None:
            return ""
        over = len(self.place.text().strip()) - PLACE_LIMIT
        if over <= 0:
            self.place.clear_error()
            return ""
        text = ngettext("Shorten by {n} character.", "Shorten by {n} characters.", over)
        self.place.set_error(text.format(n=over))
        return _("Shorten where you will attend.")


def _section(title: QWidget | QHBoxLayout, content: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(10)
    if isinstance(title, QWidget):
        column.addWidget(title)
    else:
        column.addLayout(title)
    column.addWidget(content)
    return column


def _hand(key: str | None) -> Hand | None:
    if key == "right":
        return "right"
    return "left" if key == "left" else None
