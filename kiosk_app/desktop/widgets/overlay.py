"""Overlays: child widgets over the page, never windows of their own (design §6).

They dim the page, keep the focus inside, close on Esc and hand the focus back to whatever opened
them. A dialog stands in the middle and grows with its content until the window is full, then it
scrolls; a sheet (`widgets.sheet`) comes from the edge.
"""

from collections.abc import Callable

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from kiosk_app.desktop.theme import motion
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import reading_order, shadow, speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.passing import COVER, Passing, tell_cover_changed
from kiosk_app.desktop.widgets.scrolling import ScrollColumn

MARGIN = 24
"""What is left of the page around a panel, at least."""
_PADDING, _EDGE = 40, 2


class Overlay(Passing):
    """A dimmed page with a panel on it.

    Args:
        host: the window (or page) to cover; the overlay follows its size. Of a window that names a
            part of itself `COVER` only that part is covered, so that a keyboard stays in reach.
    """

    dismissed = Signal()
    """The panel is gone, for whatever reason; the overlay deletes itself afterwards."""

    def __init__(self, host: QWidget) -> None:
        host = host.findChild(QWidget, COVER) or host
        super().__init__(host)
        self.panel = QFrame(self)
        self.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._host = host
        self._opener: QWidget | None = None
        self._slide = QPropertyAnimation(self.panel, b"pos", self)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        speech.give_role(self.panel, "Dialog")
        self.hide()

    def open(self) -> None:
        """Cover the host, move in and take the focus."""
        self._opener = QApplication.focusWidget()
        self._host.installEventFilter(self)
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._place()
        self._move(self._away(), self.panel.pos(), motion.ms("sheet"))
        self.focus_first()
        tell_cover_changed(self.window())

    def dismiss(self) -> None:
        """Move out, give the focus back and be deleted; a second call does nothing."""
        if self.leaving:
            return
        self.leaving = True
        self._host.removeEventFilter(self)
        tell_cover_changed(self.window())
        back = self._opener
        if back is not None and isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._slide.finished.connect(self._gone)
        length = round(motion.ms("sheet") * motion.OUT_SHARE)
        self._move(self.panel.pos(), self._away(), length, QEasingCurve.Type.InCubic)

    def cancel(self) -> None:
        """Do what Esc and the close button mean; a subclass may ask or refuse first."""
        self.dismiss()

    def first_field(self) -> QWidget | None:
        """Return what takes the focus on opening; by default the control that was made first."""
        stops = reading_order.stops(self)
        widget = self.nextInFocusChain()
        while widget is not self and widget is not None:
            if widget in stops:
                return widget
            widget = widget.nextInFocusChain()
        return None

    def focus_first(self) -> None:
        """Put the focus inside."""
        if target := self.first_field():
            target.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's own signature
        """Keep Tab inside: after the last control comes the first."""
        reading_order.step(self, forward=next)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is Cancel; every other key stays inside."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the host."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies behind and draw the shadow of the panel."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("scrim"))
        shadow.draw(painter, self.panel.geometry().toRectF(), current().px("radiusXl"))

    def changeEvent(self, event: QEvent) -> None:
        """Write the texts anew in another language, and change sides with its direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.LayoutDirectionChange and self.isVisible():
            self._place()

    def retranslate(self) -> None:
        """Write the texts anew; subclasses do."""

    def _rest(self) -> QRect:
        """Where the panel comes to rest."""
        raise NotImplementedError

    def _away(self) -> QPoint:
        """Where the panel comes from and goes to."""
        raise NotImplementedError

    def _place(self) -> None:
        """Be at rest; what still slides in would end where the panel was to be before."""
        if self.leaving:
            return
        self._slide.stop()
        self.panel.setGeometry(self._rest())
        self.update()

    def _move(
        self,
        start: QPoint,
        end: QPoint,
        length: int,
        curve: QEasingCurve.Type = QEasingCurve.Type.OutCubic,
    ) -> None:
        self._slide.stop()
        self._slide.setStartValue(start)
        self._slide.setEndValue(end)
        self._slide.setDuration(length)
        self._slide.setEasingCurve(curve)
        self._slide.start()

    def _gone(self) -> None:
        self.hide()
        self.dismissed.emit()
        self.deleteLater()


class Dialog(Overlay):
    """A panel in the middle: content on top, actions below.

    Args:
        host: the window to cover.
        width: 680 to 960 at 100 % of text size, less where the window is narrower.
    """

    def __init__(self, host: QWidget, width: int = 760) -> None:
        super().__init__(host)
        self._width = width
        self.body = ScrollColumn(spacing=current().px("pad"))
        self.foot = QHBoxLayout()
        self.foot.setSpacing(16)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        column.setSpacing(_PADDING)
        column.addWidget(self.body, 1)
        column.addLayout(self.foot)
        self.body.column.setContentsMargins(0, 0, 0, 0)
        self.panel.setProperty("overlay", "dialog")

    def set_title(self, text: str) -> None:
        """Name the dialog for screen readers; the heading inside is the subclass's."""
        self.panel.setAccessibleName(text)

    def add_action(self, button: Button, act: Callable[[], None]) -> None:
        """Add a button to the foot; all share its width."""
        button.clicked.connect(act)
        self.foot.addWidget(button, 1)

    def refit(self) -> None:
        """Take the height the content needs now."""
        self._place()

    def _place(self) -> None:
        super()._place()
        layout = self.panel.layout()
        assert layout is not None  # noqa: S101 - made with the panel
        layout.activate()
        self.body.look_for_room()

    def shape(self, width: int) -> None:
        """Arrange the content for as many pixels across; subclasses with more than one shape do."""

    def _rest(self) -> QRect:
        self.panel.ensurePolished()
        wanted = round(self._width * current().text_scale)
        width = min(wanted, self.width() - 2 * MARGIN)
        around = 2 * (_PADDING + _EDGE)
        self.shape(width - around)
        inner = self.body.height_for(width - around)
        foot = self.foot.sizeHint().height()
        height = min(inner + _PADDING + foot + around, self.height() - 2 * MARGIN)
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _away(self) -> QPoint:
        return self.panel.pos() + QPoint(0, 24)
