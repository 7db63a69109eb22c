"""Icons (Lucide, ISC): SVG text in a theme colour, rendered once per size and screen density.

Qt does not follow `currentColor`, so the colour is written into the text first.
"""

from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QImageReader, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication

from kiosk_app.bundled import bundled
from kiosk_app.desktop.theme.kept_pictures import FORMAT, OF_THE_START
from kiosk_app.desktop.theme.theme import current


@cache
def _render(name: str, colour: str, pixels: int, ratio: float, mirrored: bool) -> QPixmap:  # noqa: FBT001
    path, side = bundled("resources", "icons", f"{name}.svg"), round(pixels * ratio)
    key = (name, path.stat().st_mtime_ns, colour, side, mirrored)
    image = OF_THE_START.find(key)
    if image is None:
        image = _draw(path.read_text("utf-8"), colour, side)
        if mirrored:
            image = image.transformed(QTransform.fromScale(-1, 1))
        OF_THE_START.note(key, image)
    drawn = QPixmap.fromImage(image)
    drawn.setDevicePixelRatio(ratio)
    return drawn


def _draw(svg: str, colour: str, side: int) -> QImage:
    """Draw with Qt's own reader of pictures: the module for SVG is one more import."""
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.replace("currentColor", colour).encode()))
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(side, side))
    return reader.read().convertToFormat(FORMAT)


DIRECTIONAL = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "list", "log-out", "send"}
)
"""Icons that point somewhere in a line of text; they turn round in right-to-left languages."""


def pixmap(
    name: str, role: str, pixels: int, ratio: float | None = None, *, turning: bool = True
) -> QPixmap:
    """Return an icon in a colour role; `ratio` is the device pixel ratio of what it is drawn on.

    An icon of a direction turns round with the language, unless it means a side (`turning`).
    """
    app = QApplication.instance()
    rtl = isinstance(app, QApplication) and app.isRightToLeft()
    if ratio is None:
        ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    colour = current().color(role).name()
    return _render(name, colour, pixels, ratio, turning and rtl and name in DIRECTIONAL)


def icon(
    name: str,
    role: str,
    pixels: int,
    *,
    gap: int = 0,
    trailing: bool = False,
) -> QIcon:
    """Return an icon for a control, in one colour whatever its state; the control knows when to ask.

    `gap` pixels of nothing follow the icon on the side of the text, because Qt sets text closer to
    an icon than the design does; give the control an icon size of `pixels + gap` by `pixels`. A
    `trailing` icon stands after the text, and the gap before it.
    """
    drawn = padded(pixmap(name, role, pixels), gap, trailing=trailing)
    made = QIcon(drawn)
    made.addPixmap(drawn, QIcon.Mode.Disabled)
    return made


def padded(plain: QPixmap, gap: int, *, trailing: bool = False) -> QPixmap:
    """Return a pixmap with `gap` pixels of nothing towards the text it stands beside."""
    if not gap:
        return plain
    ratio = plain.devicePixelRatio()
    wide = QPixmap(round(plain.width() + gap * ratio), plain.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    app = QApplication.instance()
    rtl = isinstance(app, QApplication) and app.isRightToLeft()
    painter = QPainter(wide)
    painter.drawPixmap(gap if rtl != trailing else 0, 0, plain)
    painter.end()
    return wide
