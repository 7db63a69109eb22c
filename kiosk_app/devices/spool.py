"""The thread that prints: a printer may keep one waiting, the screen may not."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from kiosk_app.devices.slips import PrinterFault, Slip, SlipPrinter, Trouble

Told = Callable[[int, Trouble | None], None]


class Spool:
    """Prints one slip after the other.

    A printer that never returns keeps its thread; the thread is a daemon, so the program still
    ends.

    Args:
        open_printer: returns the printer; called once, on the thread.
        tell: is told on the thread what became of each ticket, None when it was printed.
    """

    def __init__(self, open_printer: Callable[[], SlipPrinter], tell: Told) -> None:
        self._open, self._tell = open_printer, tell
        self._jobs: SimpleQueue[tuple[int, Slip] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="kiosk-printer", daemon=True)

    def send(self, ticket: int, slip: Slip) -> None:
        """Print a slip soon; `tell` is called with its ticket."""
        self._jobs.put((ticket, slip))
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Print nothing more."""
        self._jobs.put(None)

    def _work(self) -> None:
        printer: SlipPrinter | None = None
        while job := self._jobs.get():
            ticket, slip = job
            try:
                printer = printer or self._open()
                printer.print_slip(slip)
            except PrinterFault as fault:
                self._tell(ticket, fault.trouble)
            except Exception:
                self._tell(ticket, Trouble.OFFLINE)
                raise
            else:
                self._tell(ticket, None)
