"""Slips on a printer of the operating system, or as PDF files: the layout of 80 mm paper (K40).

Painting and printing may run on any thread; Qt allows it for printers.
"""

from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter, QPen, QPicture

from kiosk_app.desktop.theme.theme import make_font
from kiosk_app.devices.slips import PrinterFault, PrinterRules, Slip, Trouble

WIDTH_MM, LONGEST_MM = 80.0, 200.0
_EDGE, _GAP = 5.0, 2.5
_QR_MM = 34.0
_DPI = 203
"""Dots an inch of the usual receipt printer."""
_MM_PER_INCH = 25.4
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
_START = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


class SlipPainter:
    """Lays a slip out from top to bottom; sizes in millimetres.

    Args:
        painter: draws on the paper, or on anything of the same resolution.
        dpi: of what it draws on.
    """

    def __init__(self, painter: QPainter, dpi: int) -> None:
        self._painter, self._scale = painter, dpi / _MM_PER_INCH
        self._y = _EDGE

    def paint(self, slip: Slip) -> float:
        """Draw the slip and return its height."""
        self._text(slip.title, 6.5, 700, _CENTRE)
        self._text(slip.promise, 3.6, 500, _CENTRE)
        self._line()
        for label, value in slip.facts:
            self._text(label, 2.9, 400, _START, after=0.3)
            self._text(value, 4.2, 600, _START)
        self._line()
        self._text(slip.code_label, 2.9, 400, _CENTRE, after=0.3)
        self._text(slip.code, 5.4, 700, _CENTRE, code=True)
        if slip.qr is not None:
            self._code(slip.qr)
        self._text(slip.foot, 2.7, 400, _CENTRE, after=_EDGE)
        return self._y

    def _text(
        self,
        text: str,
        height: float,
        weight: int,
        how: int,
        *,
        after: float = _GAP,
        code: bool = False,
    ) -> None:
        if not text:
            return
        self._painter.setFont(self._font(height, weight, code=code))
        room = QRectF(self._at(_EDGE), self._at(self._y), self._at(WIDTH_MM - 2 * _EDGE), 1e6)
        taken = self._painter.boundingRect(room, how, text)
        self._painter.drawText(room, how, text)
        self._y += taken.height() / self._scale + after

    def _font(self, height: float, weight: int, *, code: bool) -> QFont:
        font = make_font(round(self._at(height)), weight)
        if code:
            font.setFeature(QFont.Tag("tnum"), 1)
            font.setFeature(QFont.Tag("zero"), 1)
        return font

    def _line(self) -> None:
        pen = QPen(Qt.GlobalColor.black, self._at(0.25))
        pen.setDashPattern([4, 3])
        self._painter.setPen(pen)
        y = self._at(self._y)
        self._painter.drawLine(round(self._at(_EDGE)), round(y), round(self._at(75)), round(y))
        self._painter.setPen(Qt.GlobalColor.black)
        self._y += _GAP

    def _code(self, text: str) -> None:
        made = import_module("segno").make(text, error="m", micro=False)
        rows = [bytes(row) for row in made.matrix]
        module = max(1, int(self._at(_QR_MM) / len(rows)))
        left = round((self._at(WIDTH_MM) - module * len(rows)) / 2)
        top = round(self._at(self._y + _GAP))
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    self._painter.fillRect(
                        left + x * module, top + y * module, module, module, Qt.GlobalColor.black
                    )
        self._y += module * len(rows) / self._scale + 3 * _GAP

    def _at(self, millimetres: float) -> float:
        return millimetres * self._scale


def pdf_file(slip: Slip, folder: Path) -> Path:
    """Write a slip as a PDF of its own size and return the file.

    Raises:
        PrinterFault: the folder cannot be written.
    """
    path = _free(folder, slip.code)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as fault:
        raise PrinterFault(Trouble.OFFLINE, type(fault).__name__) from fault
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setTitle(slip.code)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setPageSize(_paper(_height(slip)))
    painter = QPainter()
    if not painter.begin(writer):
        raise PrinterFault(Trouble.OFFLINE, "the PDF cannot be written")
    painter.setPen(Qt.GlobalColor.black)
    SlipPainter(painter, _DPI).paint(slip)
    painter.end()
    return path


class PaperPrinter:
    """A printer of the operating system, or a folder of PDF files.

    Args:
        rules: kind `system` with a printer's name (empty: the default one), or `pdf` with a folder.
    """

    def __init__(self, rules: PrinterRules) -> None:
        self._rules = rules

    def check(self) -> None:
        """See that the printer or the folder is there."""
        if self._rules.kind == "pdf":
            if not Path(self._rules.target).is_dir():
                raise PrinterFault(Trouble.OFFLINE, "no such folder")
            return
        support = import_module("PySide6.QtPrintSupport")
        known = [p.printerName() for p in support.QPrinterInfo.availablePrinters()]
        wanted = self._rules.target or support.QPrinterInfo.defaultPrinterName()
        if not wanted or wanted not in known:
            raise PrinterFault(Trouble.OFFLINE, "no such printer")

    def print_slip(self, slip: Slip) -> None:
        """Print without asking anybody anything."""
        self.check()
        if self._rules.kind == "pdf":
            pdf_file(slip, Path(self._rules.target))
            return
        support = import_module("PySide6.QtPrintSupport")
        printer = support.QPrinter(support.QPrinter.PrinterMode.HighResolution)
        if self._rules.target:
            printer.setPrinterName(self._rules.target)
        printer.setDocName(slip.code)
        printer.setFullPage(True)
        printer.setPageSize(_paper(_height(slip)))
        painter = QPainter()
        if not painter.begin(printer):
            raise PrinterFault(Trouble.OFFLINE, "it takes no job")
        painter.setPen(Qt.GlobalColor.black)
        SlipPainter(painter, printer.resolution()).paint(slip)
        painter.end()


def _height(slip: Slip) -> float:
    """Return how long the paper must be, by drawing the slip into nowhere."""
    nowhere = QPicture()
    painter = QPainter(nowhere)
    height = SlipPainter(painter, _DPI).paint(slip)
    painter.end()
    return min(height, LONGEST_MM)


def _paper(height: float) -> QPageSize:
    return QPageSize(QSizeF(WIDTH_MM, height), QPageSize.Unit.Millimeter)


def _free(folder: Path, code: str) -> Path:
    path, count = folder / f"{code}.pdf", 1
    while path.exists():
        count += 1
        path = folder / f"{code}-{count}.pdf"
    return path
