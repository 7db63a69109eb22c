"""The keys themselves: painted push buttons in rows, for mouse, fingers and screen readers."""

from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import current, make_font
from kiosk_app.desktop.widgets import keys
from kiosk_app.i18n.texts import _

GAP = 10
REPEAT_AFTER_MS, REPEAT_EVERY_MS = 450, 60
_FOOT, _INSET = 2, 6
_ICONS = {
    keys.BACKSPACE: "delete",
    keys.SHIFT: "arrow-big-up",
    keys.LEFT: "chevron-left",
    keys.RIGHT: "chevron-right",
    keys.LANGUAGE: "globe",
}
_ON_RELEASE = frozenset({keys.SHIFT, keys.SYMBOLS, keys.LANGUAGE, keys.ENTER})
"""Keys that change what is under the finger wait until it is up; the others type on touch."""
_QUIET = keys.ACTIONS - {keys.SPACE} | {"@", ".com"}
"""Keys that are no letters: a quieter ground, a smaller face."""
_REPEATING = frozenset({keys.BACKSPACE, keys.LEFT, keys.RIGHT})


class Key(QPushButton):
    """One key; it never takes the focus from the field that is written in."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setProperty("kind", "key")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_face(self, text: str, name: str) -> None:
        """Show `text` on the key and speak `name`."""
        self.setText(text)
        self.setAccessibleName(name)
        self.update()

    def set_on(self, on: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show that the key holds, as Shift does."""
        self.setProperty("on", on)
        self.update()

    def lettering(self) -> QFont:
        """Return the font of its face: a word too long for the key is written smaller, never cut."""
        theme = current()
        small = self.key in _QUIET
        font = theme.font("body", 600) if small else _letter_font(theme.px("title") + 4)
        room, wide = self.width() - 2 * _INSET, QFontMetrics(font).horizontalAdvance(self.text())
        if self.key in _ICONS or wide <= room:
            return font
        smaller = QFont(font)
        smaller.setPixelSize(max(1, font.pixelSize() * room // wide))
        return smaller

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it, always
        """Paint the key with the 2 px foot that goes while it is pressed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())  # else that of the application
        ground, ink, edge = self._roles()
        theme, down = current(), self.isDown()
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.px("radius") - 2
        if not down:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("lineStrong"))
            painter.drawRoundedRect(body, radius, radius)
            body.adjust(0, 0, 0, -_FOOT)
        painter.setPen(QPen(theme.color(edge), 1))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(body, radius, radius)
        self._paint_face(painter, body.toRect(), ink)
        painter.end()

    def _roles(self) -> tuple[str, str, str]:
        if self.key == keys.ENTER:
            ground = "primaryPress" if self.isDown() else "primary"
            return ground, "onPrimary", ground
        if self.property("on"):
            return "primaryTint", "onPrimaryTint", "primary"
        if self.isDown():
            return "surface3", "ink", "line"
        return ("surface2" if self.key in _QUIET else "surface"), "ink", "line"

    def _paint_face(self, painter: QPainter, body: QRect, ink: str) -> None:
        theme = current()
        icon, pixels = _ICONS.get(self.key), theme.px("icon")
        painter.setFont(self.lettering())
        painter.setPen(theme.color(ink))
        if icon is None:
            painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self.text())
            return
        words = painter.fontMetrics().horizontalAdvance(self.text()) + 8 if self.text() else 0
        left = body.center().x() - (pixels + words) // 2 + 1
        pixmap = icons.pixmap(icon, ink, pixels, self.devicePixelRatioF(), turning=False)
        painter.drawPixmap(left, body.center().y() - pixels // 2 + 1, pixmap)
        place = QRect(left + pixels + 8, body.top(), words, body.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())


class KeyPad(QWidget):
    """Rows of keys; several fingers may be down at once."""

    struck = Signal(str)
    """A key was typed, again and again while one that repeats is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: keys.Page = ()
        self._keys: list[Key] = []
        self._row_height = 72
        self._held = ""
        self._fingers: dict[int, Key] = {}
        self._repeat = QTimer(self)
        self._repeat.timeout.connect(self._strike_again)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def shown(self) -> list[Key]:
        """Return the keys of the page that is shown."""
        return self._keys

    def key(self, name: str) -> Key:
        """Return a key by its name; an unknown one raises KeyError."""
        found = next((k for k in self._keys if k.key == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def show_page(self, page: keys.Page) -> None:
        """Show other keys."""
        self._stop()
        for old in self._keys:
            old.hide()
            old.deleteLater()
        self._page = page
        self._keys = [
            self._make(place.key) for row in page for place in row if place.key != keys.GAP
        ]
        self._place()

    def set_row_height(self, pixels: int) -> None:
        """Make the rows this high."""
        self._row_height = pixels
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        rows = len(self._page) or 5
        return QSize(int(keys.WIDTH * 64), rows * self._row_height + (rows - 1) * GAP)

    def minimumSizeHint(self) -> QSize:
        """Fit any width; keys grow and shrink with it."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give every key its share of the width."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Take fingers one by one, so that fast typing with two loses nothing."""
        kinds = {QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd}
        if event.type() in kinds and isinstance(event, QTouchEvent):
            for point in event.points():
                if point.state() == point.State.Pressed:
                    self._finger_down(point.id(), point.position())
                elif point.state() == point.State.Released:
                    self._finger_up(point.id(), point.position())
            event.accept()
            return True
        if event.type() == QEvent.Type.TouchCancel:
            self._lift_all()
            return True
        return super().event(event)

    def _make(self, name: str) -> Key:
        key = Key(name, self)
        if name in _ON_RELEASE:
            key.clicked.connect(lambda: self.struck.emit(name))
        else:
            key.pressed.connect(lambda: self._strike(name))
            key.released.connect(self._stop)
        key.show()
        return key

    def _place(self) -> None:
        unit = (self.width() + GAP) / keys.WIDTH
        made = iter(self._keys)
        for number, row in enumerate(self._page):
            x, y = 0.0, number * (self._row_height + GAP)
            for place in row:
                end = x + place.units * unit
                if place.key != keys.GAP:
                    left, right = round(x), round(end) - GAP
                    next(made).setGeometry(left, y, right - left, self._row_height)
                x = end

    def _finger_down(self, finger: int, at: QPointF) -> None:
        key = self.childAt(at.toPoint())
        if isinstance(key, Key):
            self._fingers[finger] = key
            key.setDown(True)
            if key.key not in _ON_RELEASE:
                self._strike(key.key)

    def _finger_up(self, finger: int, at: QPointF) -> None:
        key = self._fingers.pop(finger, None)
        if key is None or key not in self._keys:
            return
        key.setDown(False)
        self._stop()
        if key.key in _ON_RELEASE and key.geometry().contains(at.toPoint()):
            self.struck.emit(key.key)

    def _lift_all(self) -> None:
        for key in self._fingers.values():
            key.setDown(False)
        self._fingers.clear()
        self._stop()

    def _strike(self, name: str) -> None:
        if name in _REPEATING:
            self._held = name
            self._repeat.start(REPEAT_AFTER_MS)
        self.struck.emit(name)

    def _strike_again(self) -> None:
        self._repeat.setInterval(REPEAT_EVERY_MS)
        self.struck.emit(self._held)

    def _stop(self) -> None:
        self._repeat.stop()


@cache
def _letter_font(pixels: int) -> QFont:
    return make_font(pixels, 500)


def spoken(key: str, *, shifted: bool) -> str:
    """Return how a screen reader names a key that types something."""
    names = {
        "@": _("at sign"),
        ".": _("full stop"),
        ",": _("comma"),
        "-": _("hyphen"),
        "_": _("underscore"),
        "'": _("apostrophe"),
    }
    return names.get(key) or (key.upper() if shifted else key)
