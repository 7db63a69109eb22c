"""One session of the chosen day: what, when, where, seats, cost, and the button (02a, 06a)."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.desktop.delegates.card_face import (
    SIDE,
    SIDE_SLIM,
    TOP,
    Face,
    Places,
    face_of,
    least_width,
    paint_face,
    placed,
)
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.models.offers import Offer, label, spoken
from kiosk_app.desktop.theme import marks, mirror
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.answer import Answer
from kiosk_app.desktop.widgets.buttons import Button, Kind
from kiosk_app.desktop.widgets.speech import give_role
from kiosk_app.domain.listing import SessionRow

Look = tuple[Kind, str | None]
_LOOK: dict[Offer, Look] = {
    Offer.BOOK: ("primary", None),
    Offer.GUARANTEED: ("primary", None),
    Offer.REQUEST: ("secondary", None),
    Offer.CLAIM: ("primary", None),
    Offer.WAIT: ("secondary", None),
    Offer.IN_LINE: ("tonal", "hourglass"),
    Offer.BOOKED: ("tonal", "check"),
    Offer.WAITING: ("waiting", "hourglass"),
    Offer.CANCELLING: ("waiting", "hourglass"),
}
_OFF: Look = ("off", None)
_LINE = 10


class SessionCard(QWidget):
    """A session with its button; `set_row` changes it in place, so that focus stays.

    All but the button is painted, and told to a screen reader as the card's name.
    """

    pressed = Signal(object)
    """The SessionRow whose button was pressed."""

    def __init__(self, row: SessionRow, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row, self.offer = row, offer
        self.face: Face = face_of(row, offer)
        self._answer: Answer | None = None
        self._slim = self._edged = False
        self._places: tuple[object, Places] | None = None
        self._hint: QSize | None = None
        """Of the button, once it is dressed; asked for anew whenever it may be another."""
        self.button = Button(label(offer), "primary", size="small", parent=self)
        self.button.clicked.connect(lambda: self.pressed.emit(self.row))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        give_role(self, "Grouping")
        self._write()

    @property
    def answer(self) -> Answer:
        """The sentence under the session."""
        if self._answer is None:
            self._answer = Answer(self)
        return self._answer

    def set_row(self, row: SessionRow, offer: Offer) -> None:
        """Show the session as it is now."""
        if (row, offer) == (self.row, self.offer):
            return
        self.row, self.offer = row, offer
        self._write()

    def set_slim(self, *, slim: bool) -> None:
        """Set the cost over the button, where the name needs the whole width."""
        if slim != self._slim:
            self._slim = slim
            self._fit()

    def set_edge(self, *, at_end: bool) -> None:
        """Draw a line to the next column."""
        if at_end != self._edged:
            self._edged = at_end
            self.update()

    def say(self, text: str) -> None:
        """Say under the session why it was not booked."""
        self.answer.say(text)
        self._fit()

    def hush(self) -> None:
        """Say nothing under the session any more."""
        if self._answer is not None and not self._answer.isHidden():
            self._answer.clear()
            self._fit()

    def sizeHint(self) -> QSize:
        """Return a size in which nothing is cut."""
        width = max(self.width(), self.minimumSizeHint().width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the width below which a word would be cut."""
        return QSize(least_width(self.face, self._button_size(), slim=self._slim), 0)

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words need."""
        return self._placed(width).height + self._answer_height(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button into its place."""
        super().resizeEvent(event)
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language, or take other sizes."""
        super().changeEvent(event)
        self._hint = None
        match event.type():
            case QEvent.Type.LanguageChange:
                self.retranslate()
            case QEvent.Type.LayoutDirectionChange:
                self._fit()
            case QEvent.Type.StyleChange:
                self._write_contrast()
                QTimer.singleShot(0, self, self._fit)  # the button may be dressed after its card

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what the session says, and the lines to its neighbours."""
        painter, box, direction = QPainter(self), self.rect(), self.layoutDirection()
        painter.setLayoutDirection(direction)
        colour = current().color("line")
        painter.fillRect(0, box.bottom(), box.width(), 1, colour)
        if self._edged:
            edge = QRect(box.right(), 0, 1, box.height())
            painter.fillRect(mirror.seen(direction, box, edge), colour)
        paint_face(Board(painter, direction), self.face, self._placed(self.width()), self.width())
        painter.end()

    def retranslate(self) -> None:
        """Write every text anew; what was said about a press is gone with the old language."""
        self.hush()
        self._write()

    def _write(self) -> None:
        row, offer, button = self.row, self.offer, self.button
        self.face = face_of(row, offer)
        kind, icon = _LOOK.get(offer, _OFF)
        if button.text() != (words := label(offer)):
            button.setText(words)
        button.set_icon(icon)
        self._write_contrast()
        button.set_kind(kind)
        button.setAccessibleName(spoken(offer, row))
        self.setAccessibleName(self.face.spoken())
        self._fit()

    def _write_contrast(self) -> None:
        contrast = "high" if marks.high_contrast() else "normal"
        if self.button.property("contrast") != contrast:
            self.button.setProperty("contrast", contrast)
            restyle(self.button)

    def _fit(self) -> None:
        """Take the height that is needed now, and paint anew."""
        self._hint = None
        self._settle()
        if self.height() != self.heightForWidth(self.width()):
            self.updateGeometry()
        self.update()

    def _settle(self) -> None:
        """Put button and answer where they belong."""
        width, places = self.width(), self._placed(self.width())
        self.button.setGeometry(self._seen(places.button))
        if self._answer is not None:
            side, top = self._side, places.height - TOP + _LINE
            high = self._answer_height(width) - _LINE
            self._answer.setGeometry(QRect(side, top, width - 2 * side, max(0, high)))

    def _seen(self, place: QRect) -> QRect:
        return mirror.seen(self.layoutDirection(), self.rect(), place)

    def _placed(self, width: int) -> Places:
        """Return where everything stands, as it was worked out for this width and these words."""
        button = self._button_size()
        wanted = (self.face, width, button.toTuple(), self._slim, current())
        if self._places is None or self._places[0] != wanted:
            self._places = (wanted, placed(self.face, width, button, slim=self._slim))
        return self._places[1]

    def _button_size(self) -> QSize:
        if self._hint is not None:
            return self._hint
        size = self.button.sizeHint()
        if self.button.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            self._hint = size
        return size

    def _answer_height(self, width: int) -> int:
        if self._answer is None or self._answer.isHidden():
            return 0
        inner = width - 2 * self._side
        return _LINE + max(self._answer.heightForWidth(inner), self._answer.sizeHint().height())

    @property
    def _side(self) -> int:
        return SIDE_SLIM if self._slim else SIDE
