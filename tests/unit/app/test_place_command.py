"""Setting up scanner and printer from a terminal, and trying them."""

import io

import pytest

from kiosk_app.app import booth
from kiosk_app.app.pin import PinFile
from kiosk_app.devices.slips import PrinterRules
from tests.helpers.receipts import ReceiptPrinter
from tests.helpers.terminal import Terminal


@pytest.fixture
def kiosk(tmp_path, capsys):
    return Terminal(tmp_path / "profile", capsys)


def test_what_one_begins_with_is_told(kiosk):
    shown = kiosk.json("place", "show")
    assert shown["scanner"]["suffix"] == "enter"
    assert shown["printer"] is None


def test_the_scanner_is_changed_bit_by_bit(kiosk):
    kiosk.json("place", "scanner", "--suffix", "tab", "--formula", r"0*(?P<id>\d{7})\d")
    kiosk.json("place", "scanner", "--prefix", "~", "--gap", "50")
    rules = booth.read(kiosk.profile).scanner
    assert (rules.suffix, rules.prefix, rules.gap_ms) == ("tab", "~", 50)


@pytest.mark.parametrize("words", [("--formula", "("), ("--formula", "x"), ("--gap", "9000")])
def test_what_cannot_work_is_not_kept(kiosk, words):
    assert kiosk.json("place", "scanner", *words, status=1)["code"] == "BAD_SETTING"
    assert booth.read(kiosk.profile) == booth.Booth()


def test_a_printer_comes_and_goes(kiosk):
    kiosk.json("place", "printer", "network", "10.0.0.7:9100", "--silent")
    wanted = PrinterRules(kind="network", target="10.0.0.7:9100", answers=False)
    assert booth.read(kiosk.profile).printer == wanted
    kiosk.json("place", "printer", "none")
    assert booth.read(kiosk.profile).printer is None


def test_a_damaged_file_is_named_and_kept(kiosk):
    kiosk.profile.mkdir()
    (kiosk.profile / booth.FILE).write_text("{")
    assert kiosk.json("place", "show", status=1)["code"] == "SETTINGS_UNREADABLE"
    assert kiosk.json("place", "printer", "none", status=1)["code"] == "SETTINGS_UNREADABLE"
    assert (kiosk.profile / booth.FILE).read_text() == "{"


def test_scans_are_explained_and_not_kept(kiosk, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('%RAMAN?;2604817?\nBK-20270304-7K2QZD\n&é"\n'))
    status, printed = kiosk.run("place", "try-scan")
    assert status == 1  # the last one was not understood
    assert "2604817" in printed
    assert "BK-20270304-7K2QZD" in printed
    assert "Not understood" in printed
    assert not kiosk.profile.exists()


def test_a_test_slip_is_printed(kiosk, tmp_path):
    receipts = ReceiptPrinter()
    kiosk.json("place", "printer", "network", receipts.target)
    assert kiosk.json("place", "try-print") == {"state": "printed"}
    assert b"BK-00000000-TEST00" in receipts.wait()
    receipts.paper = False
    assert kiosk.json("place", "try-print", status=1)["code"] == "NO_PAPER"
    receipts.close()


def test_a_test_slip_as_a_pdf(kiosk, qapp, tmp_path):
    kiosk.json("place", "printer", "pdf", str(tmp_path))
    kiosk.run("place", "try-print")
    assert (tmp_path / "BK-00000000-TEST00.pdf").exists()


def test_without_a_printer_nothing_is_tried(kiosk):
    assert kiosk.json("place", "try-print", status=1)["code"] == "NO_PRINTER"


def test_hours_are_set_day_by_day(kiosk):
    kiosk.json("place", "hours", "monday-friday", "08:30-12:00", "13:00-18:00")
    shown = kiosk.json("place", "hours", "friday", "08:30-12:00")
    assert len(shown["hours"]["monday"]) == 2
    assert shown["hours"]["friday"] == [{"opens": "08:30", "closes": "12:00"}]
    assert shown["hours"]["sunday"] == []
    kiosk.json("place", "hours", "always")
    assert booth.read(kiosk.profile) == booth.Booth()


@pytest.mark.parametrize("words", [("someday",), ("monday", "8-9"), ("friday-monday",)])
def test_hours_that_make_no_sense_are_not_kept(kiosk, words):
    assert kiosk.json("place", "hours", *words, status=1)["code"] == "BAD_SETTING"
    assert booth.read(kiosk.profile) == booth.Booth()


def test_email_domains_are_kept_as_the_keyboard_offers_them(kiosk):
    assert kiosk.json("place", "email", "@Campus.example", "alumni.example")["email"] == [
        "campus.example",
        "alumni.example",
    ]
    assert kiosk.json("place", "email", "ana@campus", status=1)["code"] == "BAD_SETTING"
    assert booth.read(kiosk.profile).email == ("campus.example", "alumni.example")
    assert kiosk.json("place", "email")["email"] == []


def test_the_pin_is_read_and_never_told(kiosk, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("270418\n"))
    assert kiosk.json("place", "pin") == {"pin": True}
    assert PinFile(kiosk.profile).check("270418").right
    assert "pin" not in kiosk.json("place", "show")
    assert kiosk.json("place", "pin", "--none") == {"pin": False}
    assert not PinFile(kiosk.profile).is_set


@pytest.mark.parametrize("typed", ["", "12345", "123456", "27041x"])
def test_a_pin_that_is_none_changes_nothing(kiosk, monkeypatch, typed):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert kiosk.json("place", "pin", status=1)["code"] == "BAD_SETTING"
    assert not PinFile(kiosk.profile).is_set
