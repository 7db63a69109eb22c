"""One suite for every printer, and the bytes a real one would get."""

import socket
import threading
from pathlib import Path

import msgspec
import pytest
from escpos.codepages import CodePages
from escpos.printer import Dummy

from kiosk_app.devices.printer import EscposPrinter, SimulatedPrinter, printable, printer_for
from kiosk_app.devices.slips import PrinterFault, PrinterRules, Slip, Trouble
from kiosk_app.devices.spool import Spool
from tests.helpers.receipts import ReceiptPrinter

SLIP = Slip(
    title="Séance simulée",
    promise="Confirmée",
    facts=(
        ("Date", "mar. 24 nov."),
        ("Heure", "9\N{NARROW NO-BREAK SPACE}h\N{NO-BREAK SPACE}00 – 12 h 00"),
        ("Lieu", "L’édifice A"),
    ),
    code_label="Code de réservation",
    code="BK-20270304-7K2QZD",
    qr="BK-20270304-7K2QZD",
    foot="Borne Downtown",
)
CUT, RASTER, INIT = b"\x1dV", b"\x1dv0", b"\x1b@"


@pytest.fixture
def receipts():
    made = ReceiptPrinter()
    yield made
    made.close()


@pytest.fixture
def network(receipts):
    return printer_for(PrinterRules(kind="network", target=receipts.target))


class Kept(Dummy):
    """A dummy whose output outlives its closing."""

    def close(self):
        pass


@pytest.fixture(params=["network", "device", "dummy", "simulated"])
def any_printer(request, tmp_path, receipts):
    """A printer that works, and how to see what it printed."""
    if request.param == "network":
        return printer_for(PrinterRules(kind="network", target=receipts.target)), receipts.wait
    if request.param == "device":
        file = tmp_path / "lp0"
        return printer_for(PrinterRules(kind="device", target=str(file))), file.read_bytes
    if request.param == "dummy":
        dummy = Kept()
        return EscposPrinter(lambda: dummy, answers=False), lambda: dummy.output
    simulated = SimulatedPrinter()
    return simulated, lambda: b"".join(slip.code.encode() for slip in simulated.printed)


def test_every_printer_prints_the_code_and_can_be_asked_before(any_printer):
    printer, output = any_printer
    printer.check()
    printer.print_slip(SLIP)
    printer.print_slip(SLIP)
    assert b"BK-20270304-7K2QZD" in (output() and output())


@pytest.mark.parametrize(
    ("rules", "trouble"),
    [
        (PrinterRules(kind="device", target="/nowhere/lp0"), Trouble.OFFLINE),
        (PrinterRules(kind="network", target="127.0.0.1:9"), Trouble.OFFLINE),
        (PrinterRules(kind="network", target="no.such.host.invalid"), Trouble.OFFLINE),
    ],
)
def test_a_printer_that_is_not_there_is_offline(rules, trouble):
    for act in (lambda p: p.check(), lambda p: p.print_slip(SLIP)):
        with pytest.raises(PrinterFault) as caught:
            act(printer_for(rules))
        assert caught.value.trouble is trouble


def test_a_simulated_one_fails_as_it_is_told():
    printer = SimulatedPrinter()
    printer.trouble = Trouble.NO_PAPER
    with pytest.raises(PrinterFault):
        printer.print_slip(SLIP)
    assert printer.printed == []


def test_the_bytes_are_a_slip_from_top_to_cut(network, receipts):
    network.print_slip(SLIP)
    job = receipts.wait()
    parts = [INIT, b"Confirm", b"Date: mar. 24 nov.", b"L'", b"BK-20270304-7K2QZD", RASTER, CUT]
    places = [job.index(part) for part in parts]
    assert places == sorted(places)
    assert b"?" not in job[: job.index(RASTER)]


def test_nothing_is_said_on_standard_output(network, capsys):
    network.print_slip(SLIP)
    assert capsys.readouterr().out == ""


def test_a_request_has_no_qr_code(network, receipts):
    network.print_slip(msgspec.structs.replace(SLIP, qr=None))
    job = receipts.wait()
    assert RASTER not in job
    assert CUT in job


@pytest.mark.parametrize("letter", "éèêëàâçîïôûùÉÈÀÇ")
def test_accents_reach_the_paper(letter):
    """Whatever code page is chosen, the byte after it must be the letter in that page."""
    dummy = Kept()
    EscposPrinter(lambda: dummy, answers=False).print_slip(
        Slip(title=f"x{letter}x", promise="", facts=(), code_label="", code="", qr=None, foot="")
    )
    numbers = {int(n): name for name, n in dummy.magic.encoder.codepages.items()}
    page, seen, place = "cp437", "", 0
    while place < len(dummy.output):
        if dummy.output[place : place + 2] == b"\x1bt":
            page = CodePages.get_encoding(numbers[dummy.output[place + 2]])["python_encode"]
            place += 3
        else:
            seen += dummy.output[place : place + 1].decode(page, "replace")
            place += 1
    assert f"x{letter}x" in seen


def test_paper_is_out_before_the_slip(network, receipts):
    receipts.paper = receipts.online = False  # as real ones do, it is offline as well
    with pytest.raises(PrinterFault) as caught:
        network.print_slip(SLIP)
    assert caught.value.trouble is Trouble.NO_PAPER
    assert b"BK-" not in receipts.wait()


def test_paper_runs_out_in_the_middle(receipts):
    receipts.roll = 100
    with pytest.raises(PrinterFault) as caught:
        printer_for(PrinterRules(kind="network", target=receipts.target)).print_slip(SLIP)
    assert caught.value.trouble is Trouble.NO_PAPER


def test_an_open_cover_is_offline(network, receipts):
    receipts.online = False
    with pytest.raises(PrinterFault) as caught:
        network.check()
    assert caught.value.trouble is Trouble.OFFLINE


def test_one_that_never_answers_is_offline_unless_it_is_known_to_be_mute(receipts):
    receipts.mute = True
    rules = PrinterRules(kind="network", target=receipts.target, timeout_s=0.2)
    with pytest.raises(PrinterFault) as caught:
        printer_for(rules).print_slip(SLIP)
    assert caught.value.trouble is Trouble.OFFLINE
    receipts.wait()
    printer_for(PrinterRules(kind="network", target=receipts.target, answers=False)).print_slip(
        SLIP
    )
    assert b"BK-20270304-7K2QZD" in receipts.wait()


def test_a_printer_that_hangs_up_is_offline():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def hang_up():
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(PrinterFault) as caught:
            printer_for(PrinterRules(kind="network", target=f"127.0.0.1:{port}")).print_slip(SLIP)
        thread.join()
    assert caught.value.trouble is Trouble.OFFLINE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_device_that_is_full_has_no_paper():
    with pytest.raises(PrinterFault) as caught:
        printer_for(PrinterRules(kind="device", target="/dev/full")).print_slip(SLIP)
    assert caught.value.trouble is Trouble.NO_PAPER


def test_typography_that_no_code_page_has_is_said_plainly():
    assert (
        printable("9\N{NARROW NO-BREAK SPACE}h 00 – L’île · 2 → 1…") == "9 h 00 - L'île - 2 -> 1..."
    )


def test_the_spool_tells_of_each_ticket_in_order_and_goes_on_after_a_fault():
    printer, told, done = SimulatedPrinter(), [], threading.Event()

    def tell(ticket, trouble):
        told.append((ticket, trouble))
        printer.trouble = Trouble.NO_PAPER if ticket == 1 else None
        if ticket == 3:
            done.set()

    spool = Spool(lambda: printer, tell)
    for ticket in (1, 2, 3):
        spool.send(ticket, SLIP)
    assert done.wait(30)
    spool.close()
    assert told == [(1, None), (2, Trouble.NO_PAPER), (3, None)]


def test_a_printer_that_cannot_be_opened_is_tried_again_with_the_next_slip():
    told, done, tries = [], threading.Event(), []

    def open_printer():
        tries.append(1)
        if len(tries) == 1:
            raise PrinterFault(Trouble.NOT_INSTALLED)
        return SimulatedPrinter()

    def tell(ticket, trouble):
        told.append(trouble)
        if ticket == 2:
            done.set()

    spool = Spool(open_printer, tell)
    spool.send(1, SLIP)
    spool.send(2, SLIP)
    assert done.wait(30)
    spool.close()
    assert told == [Trouble.NOT_INSTALLED, None]
