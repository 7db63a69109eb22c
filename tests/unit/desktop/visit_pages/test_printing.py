"""A slip from the pass: printed, not printed and why, and never waited for."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views.confirmation import ConfirmationView
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.views.printing import Printing
from kiosk_app.desktop.widgets.slip_paper import PaperPrinter, SlipPainter, pdf_file
from kiosk_app.devices.printer import SimulatedPrinter
from kiosk_app.devices.slips import PrinterFault, PrinterRules, Slip, Trouble
from kiosk_app.i18n import texts
from kiosk_app.sync.events import RequestSettled
from tests.helpers.student_visit import DISCUSSION, NOW

CODE = "BK-20261126-7K2QZD"
SLIP = Slip(
    title="Discussion simulée",
    promise="Confirmée. Montrez ce code à l’arrivée.",
    facts=(
        ("Date", "mar.\xa024\xa0nov."),
        ("Heure (HNE)", "18\xa0h\xa000\xa0– 19\xa0h\xa030"),
        ("Lieu", "Downtown · Salle 118"),
    ),
    code_label="Code de réservation",
    code=CODE,
    qr=CODE,
    foot="Downtown, 20 nov. 2026",
)


class SlowPrinter(SimulatedPrinter):
    """Prints when it is let."""

    def __init__(self):
        super().__init__()
        self.let = threading.Event()

    def print_slip(self, slip):
        assert self.let.wait(30)
        super().print_slip(slip)


@pytest.fixture
def printer():
    return SimulatedPrinter()


@pytest.fixture
def page(stage, window, qtbot):
    """Return a maker of passes beside a printer."""
    opened = []

    def act(printer, state="confirmed", **more):
        printing = Printing(lambda: printer, "Downtown", parent=window, **more) if printer else None
        opened.append(printing)
        view = ConfirmationView(stage.visit, printing=printing)
        window.layout().addWidget(view)
        row = stage.row(DISCUSSION)
        settled = RequestSettled(
            request_id="r",
            state=state,
            number="Q-DT1-0147",
            booking_ref="b-1" if state == "confirmed" else None,
            booking_code=CODE if state == "confirmed" else None,
            seat=14 if state == "guaranteed" else None,
        )
        view.show_placed(
            Placed(
                request_id="r",
                row=row,
                choices=Choices(discussion_format=row.delivery_format),
                opinion=stage.visit.opinion(row),
                placed_at=NOW,
                number="Q-DT1-0147",
                settled=settled,
            )
        )
        qtbot.waitUntil(view.isVisible)
        return view

    yield act
    for printing in opened:
        if printing:
            printing.close()


def test_without_a_printer_nothing_is_offered(page):
    assert not page(None).slip.button.isVisible()


def test_a_slip_is_printed_while_the_page_goes_on(page, tap, qtbot):
    printer = SlowPrinter()
    view = page(printer)
    tap(view.slip.button)
    assert view.slip.button.text() == "Printing…"
    tap(view.slip.button)
    tap(view.slip.button)
    printer.let.set()
    qtbot.waitUntil(lambda: view.slip.note.text() == "Printed. Take your slip.")
    assert view.slip.button.text() == "Print a slip"
    (slip,) = printer.printed
    assert (slip.code, slip.qr) == (CODE, CODE)
    assert "Downtown" in slip.foot


def test_nobody_is_named_on_a_slip(page, tap, qtbot, printer, stage):
    view = page(printer)
    tap(view.slip.button)
    qtbot.waitUntil(lambda: bool(printer.printed))
    slip = printer.printed[0]
    said = f"{slip.title}{slip.promise}{slip.facts}{slip.code}{slip.foot}"
    assert not stage.visit.student or stage.visit.student.name.split()[0] not in said


WORDS = {
    Trouble.NO_PAPER: "The printer is out of paper. Use the QR code, or we can email you.",
    Trouble.OFFLINE: "The printer does not answer. Use the QR code, or we can email you.",
}


@pytest.mark.parametrize("trouble", WORDS)
def test_what_was_not_printed_is_said_and_can_be_tried_again(page, tap, qtbot, printer, trouble):
    printer.trouble = trouble
    view = page(printer)
    tap(view.slip.button)
    qtbot.waitUntil(lambda: view.slip.note.text() == WORDS[trouble])
    assert view.slip.note.isVisible()
    printer.trouble = None
    tap(view.slip.button)
    qtbot.waitUntil(lambda: view.slip.note.text() == "Printed. Take your slip.")


def test_a_printer_that_never_answers_is_given_up(page, tap, qtbot):
    printer = SlowPrinter()
    view = page(printer, patience_ms=50)
    tap(view.slip.button)
    qtbot.waitUntil(lambda: "does not answer" in view.slip.note.text())
    printer.let.set()
    qtbot.waitUntil(lambda: bool(printer.printed))
    assert "does not answer" in view.slip.note.text()


def test_a_request_is_printed_as_one(page, tap, qtbot, printer):
    tap(page(printer, "queued").slip.button)
    qtbot.waitUntil(lambda: bool(printer.printed))
    slip = printer.printed[0]
    assert (slip.code, slip.qr) == ("Q-DT1-0147", None)
    assert "not a seat yet" in slip.promise


def test_a_guaranteed_seat_is_printed_with_its_number(page, tap, qtbot, printer):
    tap(page(printer, "guaranteed").slip.button)
    qtbot.waitUntil(lambda: bool(printer.printed))
    slip = printer.printed[0]
    assert (slip.code_label, slip.code, slip.qr) == ("Receipt number", "Q-DT1-0147", None)
    assert slip.promise.startswith("Seat guaranteed.")
    assert ("Seat", "14") in slip.facts


def test_a_refusal_is_nothing_to_take_home(page, printer):
    assert not page(printer, "refused").slip.button.isVisible()


def test_the_person_goes_and_the_answer_comes_later(page, tap, qtbot):
    printer = SlowPrinter()
    view = page(printer)
    tap(view.slip.button)
    view.forget()
    printer.let.set()
    qtbot.waitUntil(lambda: bool(printer.printed))
    assert (view.slip.note.text(), view.slip.button.isVisible()) == ("", False)


def test_the_words_follow_the_language(page, printer):
    view = page(printer)
    texts.use("fr")
    view.retranslate()
    assert view.slip.button.text() == "Imprimer un billet"


def drawn(slip):
    image = QImage(640, 1600, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.black)
    height = SlipPainter(painter, 203).paint(slip)
    painter.end()
    return image, height


def test_the_whole_slip_fits_its_paper(qapp):
    image, height = drawn(SLIP)
    rows = [
        y
        for y in range(image.height())
        if any(image.pixelColor(x, y).value() < 128 for x in range(0, 640, 3))
    ]
    assert rows[0] > 0
    assert rows[-1] < height * 203 / 25.4
    columns = [
        x
        for x in (*range(30), *range(610, 640))
        if any(image.pixelColor(x, y).value() < 128 for y in rows)
    ]
    assert columns == []


def test_a_pdf_is_made_for_every_slip_and_none_is_written_over(qapp, tmp_path):
    printer = PaperPrinter(PrinterRules(kind="pdf", target=str(tmp_path)))
    printer.check()
    printer.print_slip(SLIP)
    printer.print_slip(SLIP)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [f"{CODE}-2.pdf", f"{CODE}.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in tmp_path.iterdir())


def test_a_pdf_can_be_made_on_the_printers_thread(qapp, tmp_path, qtbot):
    printing = Printing(lambda: PaperPrinter(PrinterRules(kind="pdf", target=str(tmp_path))), "")
    with qtbot.waitSignal(printing.done) as told:
        ticket = printing.send(SLIP)
    assert told.args == [ticket, None]
    assert (tmp_path / f"{CODE}.pdf").stat().st_size > 1000
    printing.close()


@pytest.mark.parametrize(
    "rules",
    [
        PrinterRules(kind="pdf", target="/nowhere"),
        PrinterRules(kind="system", target="no such printer"),
    ],
)
def test_paper_that_is_not_there_is_offline(qapp, rules):
    for act in (PaperPrinter(rules).check, lambda: PaperPrinter(rules).print_slip(SLIP)):
        with pytest.raises(PrinterFault) as caught:
            act()
        assert caught.value.trouble is Trouble.OFFLINE


def test_a_folder_that_cannot_be_written_is_a_fault(qapp, tmp_path):
    with pytest.raises(PrinterFault):
        pdf_file(SLIP, tmp_path / "no such folder")
