"""A slip to take home, and what a printer of slips can do (K40)."""

from enum import StrEnum
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

PrinterKind = Literal["network", "device", "system", "pdf", "simulated"]


class PrinterRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which printer stands here.

    `target` is `host` or `host:port` of a network printer, the file of a device (`/dev/usb/lp0`),
    the name of a system printer (empty for the default one), or the folder for PDF files.
    """

    kind: PrinterKind
    target: str = ""
    answers: bool = True
    """Whether a network printer tells of its paper; few cheap ones do not."""
    timeout_s: Annotated[float, Meta(gt=0, le=30)] = 4.0


class Slip(Struct, frozen=True, kw_only=True):
    """Everything on a slip, already in the language of the person."""

    title: str
    """What is booked: `Clinical Skills`."""
    promise: str
    """What the slip is worth: `Confirmed`, or `Waiting to be sent` and that it is no seat yet."""
    facts: tuple[tuple[str, str], ...]
    """Pairs of label and value: date, time with its zone, place."""
    code_label: str
    code: str
    qr: str | None
    """What the QR code holds; None for a request, which nobody can check in with."""
    foot: str
    """Where and when it was printed."""

    def __repr__(self) -> str:
        """Say nothing of whose it is."""
        return "Slip(…)"


class Trouble(StrEnum):
    """Why a slip was not printed."""

    NO_PAPER = "no_paper"
    OFFLINE = "offline"
    """Switched off, unplugged, not reachable, its cover open, or it does not answer."""
    NOT_INSTALLED = "not_installed"
    """The program for this kind of printer is missing on this machine."""


class PrinterFault(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """The slip was not printed; technical, holds nothing personal."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble


class SlipPrinter(Protocol):
    """A printer of slips; the same suite of tests runs on every one. It may block."""

    def print_slip(self, slip: Slip) -> None:
        """Print one slip and cut it off; raises PrinterFault."""
        ...

    def check(self) -> None:
        """See whether a slip could be printed now; raises PrinterFault."""
        ...
