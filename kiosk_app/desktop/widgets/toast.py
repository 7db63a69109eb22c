"""A short word at the bottom of the page: what just happened, for four seconds."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from kiosk_app.desktop.theme import motion
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.passing import COVER, FOOT, Passing, open_over

STAYS_MS = 4000
_FROM_BOTTOM = 40
_MARGIN = 32


class Toast(Passing):
    """One pill per host; a new word takes the place of the last.

    It never takes the focus. F6 brings the focus to its action; while it is there the toast stays.
    What covers the page later hides the word too; it is there again if its time is not over by then.

    Args:
        host: the window to lie over.
        stays_ms: how long a word stays; tests shorten it.
    """

    covers = False

    def __init__(self, host: QWidget, *, stays_ms: int = STAYS_MS) -> None:
        super().__init__(host)
        self._host = host
        self._stays_ms = stays_ms
        self._act: Callable[[], None] | None = None
        self._lasts = False
        """Whether a word has time left, in sight or not."""
        self._said_over: list[Passing] = []
        """What covered the page when the word was said; it is not hidden by that."""
        self._icon = Icon("check", "surface", current().px("icon"))
        self._word = Label("", "body", wrap=True)
        self._button = Button("", "quiet", size="small")
        self._button.clicked.connect(self._acted)
        self._timer = QTimer(self, singleShot=True, interval=stays_ms)
        self._timer.timeout.connect(self._leave)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._key = QShortcut(QKeySequence(Qt.Key.Key_F6), host)
        self._key.activated.connect(self._button.setFocus)
        self._key.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 4, 28, 4)
        row.setSpacing(14)
        for part in (self._icon, self._word, self._button):
            row.addWidget(part)
        self.setProperty("overlay", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(current().px("controlH"))
        speech.give_role(self, "AlertMessage")
        self._page = host.findChild(QWidget, COVER) or host
        self._page.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        *,
        icon: str = "check",
        action: str = "",
        act: Callable[[], None] | None = None,
        stays: bool = False,
        stays_ms: int | None = None,
    ) -> None:
        """Show `text`, and a button named `action` that does `act`.

        `stays` keeps it until another word comes, or it is taken back; `stays_ms` for so long.
        """
        self._act = act
        self._icon.set_icon(icon, "surface")
        self._word.setText(text)
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._lasts = True
        self._said_over = open_over(self._host)
        self.cover_changed()
        self.raise_()
        rest = self._place()
        self._slide.stop()
        self._slide.setStartValue(rest + QPoint(0, _FROM_BOTTOM))
        self._slide.setEndValue(rest)
        self._slide.setDuration(motion.ms("toast"))
        self._slide.start()
        if stays:
            self._timer.stop()
        else:
            self._timer.start(stays_ms or self._stays_ms)
        speech.announce(self, text)

    def rewrite(self, text: str) -> None:
        """Say the same with another number: nothing moves and nothing is announced."""
        if text != self._word.text() and self._lasts:
            self._word.setText(text)
            self.setAccessibleName(text)
            rest = self._place()
            if self._slide.state() is QPropertyAnimation.State.Stopped:
                self.move(rest)

    def dismiss(self) -> None:
        """Take the word back at once, as when the person it was for leaves."""
        self._timer.stop()
        self._slide.stop()
        self._word.setText("")
        self._go()

    def cover_changed(self) -> None:
        """Hide while something covers the page the word was said on."""
        later = (
            over.alone or over not in self._said_over
            for over in open_over(self._host)
            if not over.leaving
        )
        shown = self._lasts and not any(later)
        self.setVisible(shown)
        self._key.setEnabled(shown and not self._button.isHidden())

    def text(self) -> str:
        """Return the word shown, or the last one."""
        return self._word.text()

    def eventFilter(self, _page: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the page, which a keyboard lifts."""
        if event.type() == QEvent.Type.Resize and self._lasts:
            self._slide.stop()
            self.move(self._place())
        return False

    def _place(self) -> QPoint:
        self.ensurePolished()
        room = self._host.width() - 2 * _MARGIN
        self._word.setWordWrap(False)
        wide = self.sizeHint().width()
        if wide > room:
            self._word.setWordWrap(True)
        width = min(wide, room)
        height = self.heightForWidth(width) if self._word.wordWrap() else self.sizeHint().height()
        self.resize(width, max(height, self.minimumHeight()))
        x = (self._host.width() - width) // 2
        foot = self._host.findChild(QWidget, FOOT)
        lift = foot.height() if foot is not None and foot.isVisible() else 0
        page = self._page
        bottom = page.mapTo(self._host, page.rect().bottomLeft()).y() + 1
        return QPoint(x, bottom - self.height() - lift - _FROM_BOTTOM)

    def _leave(self) -> None:
        if self._button.hasFocus():
            self._timer.start()
            return
        self._go()

    def _go(self) -> None:
        self._lasts = False
        self.cover_changed()

    def _acted(self) -> None:
        act, self._act = self._act, None
        if self._button.hasFocus():
            app = QApplication.focusWidget()
            if app:
                app.clearFocus()
        self._leave()
        if act:
            act()
