"""The card scanner at the window: it works wherever the focus is, and no field sees its keys.

It looks at keys where they enter the window, before any widget does. A key that may belong to a
burst is held; once it is certain that a person typed it, it goes on its way as if it had come now.
"""

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.devices.cards import CardRules
from kiosk_app.devices.scanner import Decided, Decoder

_ENDS_TYPING = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.FocusOut,
        QEvent.Type.Close,
    }
)
_ALONE = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
"""Keys that type nothing by themselves; a scanner presses Shift between its letters."""
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class _Key(Struct, frozen=True):
    """A key as it came, to be struck again."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str
    code: tuple[int, int, int]

    @staticmethod
    def of(event: QKeyEvent) -> "_Key":
        code = event.nativeScanCode(), event.nativeVirtualKey(), event.nativeModifiers()
        return _Key(event.key(), event.modifiers(), event.text(), code)

    def event(self) -> QKeyEvent:
        kind = QEvent.Type.KeyPress
        return QKeyEvent(kind, self.key, self.modifiers, *self.code, self.text)


class CardScanner(QObject):
    """Feeds the decoder with the keys of one window.

    Args:
        window: where keys enter; on the screen already.
        watch: is told of the keys a person struck, as of all others.
        rules: how the scanner types.
        parent: owner.
    """

    scanned = Signal(object)
    """A `Scan`."""

    def __init__(
        self, window: QWidget, watch: InputWatch, rules: CardRules, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._watch = window, watch
        self._decoder: Decoder[_Key] = Decoder(rules)
        self._striking = False
        self._clock = 0
        self._pause = QTimer(self, interval=rules.gap_ms + 1, singleShot=True)
        self._pause.timeout.connect(self._paused)
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Hold what may be a scan; let everything else pass."""
        if event.type() in _ENDS_TYPING:
            self._strike(self._decoder.release())
            return False
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if self._striking or event.key() in _ALONE:
            return False
        return self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        """Decide on one key; return whether it is kept from the widgets."""
        char = "\r" if event.key() in _ENTER else event.text()
        if not char or event.isAutoRepeat() or event.modifiers() & _COMMAND:
            self._strike(self._decoder.release())
            return False
        key = _Key.of(event)
        self._clock = event.timestamp()
        decided = self._decoder.key(char, self._clock, key)
        passes = bool(decided.released) and decided.released[-1] is key
        self._settle(decided, decided.released[:-1] if passes else decided.released)
        return not passes

    def _settle(self, decided: "Decided[_Key]", struck: tuple[_Key, ...]) -> None:
        self._strike(struck)
        if self._decoder.holding:
            self._pause.start()
        else:
            self._pause.stop()
        if decided.scan is not None:
            self._watch.alive.emit()
            self.scanned.emit(decided.scan)

    def _paused(self) -> None:
        """Nothing came for a while; look once more for keys that wait behind a slow page."""
        QTimer.singleShot(0, self, self._certain)

    def _certain(self) -> None:
        if self._decoder.holding and not self._pause.isActive():
            self._strike(self._decoder.release())

    def _strike(self, keys: tuple[_Key, ...]) -> None:
        for key in keys:
            event = key.event()
            entrance = self._window.windowHandle()  # PySide forgets the one it gave before
            self._watch.key_pressed.emit(QApplication.focusWidget() or self._window, event)
            self._striking = True
            try:
                QCoreApplication.sendEvent(entrance, event)
            finally:
                self._striking = False
