"""Slip printers: ESC/POS over the network or a device file, and a simulated one."""

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kiosk_app.devices.slips import PrinterFault, PrinterRules, Slip, SlipPrinter, Trouble

if TYPE_CHECKING:
    from escpos.escpos import Escpos

PORT = 9100
"""Where network printers listen for raw data."""
PAPER_DOTS = 576
"""Dots across that a printer of 80 mm paper can print."""
QR_DOTS = 6
"""Printed dots per module: 0.75 mm on a printer of 203 dots an inch."""
_PLAINER = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "·": "-",
        "…": "...",
        "→": "->",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
    }
)
"""Signs that code pages of receipt printers lack; letters with accents they have."""


def printable(text: str) -> str:
    """Return a text in signs that receipt printers have."""
    return text.translate(_PLAINER)


class EscposPrinter:
    """A receipt printer of 80 mm that speaks ESC/POS.

    Args:
        connect: returns the open device.
        answers: whether the device tells of its paper and whether it is online.
    """

    def __init__(self, connect: "Callable[[], Escpos]", *, answers: bool) -> None:
        self._connect, self._answers = connect, answers

    def check(self) -> None:
        """Ask for paper first: a printer without it also says that it is offline."""
        with self._open() as device:
            self._look(device)

    def print_slip(self, slip: Slip) -> None:
        """Print, and ask once more at the end, because a roll may end in the middle of a slip."""
        with self._open() as device:
            self._look(device)
            _write(device, slip)
            self._look(device)

    def _look(self, device: "Escpos") -> None:
        if not self._answers:
            return
        if device.paper_status() == 0:
            raise PrinterFault(Trouble.NO_PAPER)
        if not device.is_online():
            raise PrinterFault(Trouble.OFFLINE, "it says so")

    @contextmanager
    def _open(self) -> "Iterator[Escpos]":
        with _translated():
            device = self._connect()
            _know_the_paper(device)
            try:
                yield device
            finally:
                device.close()


class SimulatedPrinter:
    """A printer for the demo and for tests: keeps what it printed, and does what it is told."""

    def __init__(self) -> None:
        self.printed: list[Slip] = []
        self.trouble: Trouble | None = None

    def check(self) -> None:
        """Fail as it was told to."""
        if self.trouble is not None:
            raise PrinterFault(self.trouble)

    def print_slip(self, slip: Slip) -> None:
        """Keep the slip."""
        self.check()
        self.printed.append(slip)


def printer_for(rules: PrinterRules) -> SlipPrinter:
    """Return the adapter of a printer that is no printer of the operating system.

    Raises:
        PrinterFault: the library is not installed.
    """
    if rules.kind == "simulated":
        return SimulatedPrinter()
    if rules.kind == "device":
        file = _library("escpos.printer.file").File
        return EscposPrinter(lambda: _opened_file(file, rules.target), answers=False)
    network = _library("escpos.printer.network").Network
    return EscposPrinter(lambda: _connected(network, rules), answers=rules.answers)


def _opened_file(make: Any, path: str) -> "Escpos":  # noqa: ANN401 - python-escpos has no types
    device: Escpos = make(path)
    device.open()
    return device


def _connected(make: Any, rules: PrinterRules) -> "Escpos":  # noqa: ANN401 - the same
    """Connect by our own means: python-escpos leaves a socket open when it fails, and knows only IPv4."""
    host, _colon, port = rules.target.partition(":")
    device: Escpos = make(host)
    device.device = socket.create_connection((host, int(port or PORT)), rules.timeout_s)
    return device


def _library(name: str) -> Any:  # noqa: ANN401 - the same
    try:
        return import_module(name)
    except ImportError as fault:
        raise PrinterFault(Trouble.NOT_INSTALLED, "pip install campus-kiosk[printer]") from fault


@contextmanager
def _translated() -> "Iterator[None]":
    """Turn what sockets, files and python-escpos raise into our own fault."""
    errors = import_module("escpos.exceptions")
    try:
        yield
    except OSError as fault:
        out = fault.errno == errno.ENOSPC  # so a Linux printer device says that paper is out
        raise PrinterFault(
            Trouble.NO_PAPER if out else Trouble.OFFLINE, type(fault).__name__
        ) from fault
    except errors.Error as fault:
        raise PrinterFault(Trouble.OFFLINE, type(fault).__name__) from fault


def _know_the_paper(device: "Escpos") -> None:
    """Tell python-escpos how wide the paper is; else it says on standard output that it does not know."""
    known = device.profile.profile_data
    device.profile.profile_data = {**known, "media": {"width": {"mm": 80, "pixels": PAPER_DOTS}}}


def _write(device: "Escpos", slip: Slip) -> None:
    device.hw("INIT")
    device.set(align="center", bold=True, double_height=True, double_width=True)
    device.textln(printable(slip.title))
    device.set(align="center", bold=False, normal_textsize=True)
    device.textln(printable(slip.promise))
    device.textln()
    device.set(align="left")
    for label, value in slip.facts:
        device.textln(printable(f"{label}: {value}"))
    device.textln()
    device.set(align="center")
    device.textln(printable(slip.code_label))
    device.set(align="center", bold=True, double_height=True, double_width=True)
    device.textln(printable(slip.code))
    device.set(align="center", bold=False, normal_textsize=True)
    if slip.qr is not None:
        device.qr(slip.qr, ec=1, size=QR_DOTS)  # level M
    device.textln(printable(slip.foot))
    device.cut()
