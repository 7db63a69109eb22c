"""The real window before a server that knows only the documented API (architecture §2.4)."""

import pytest
from PySide6.QtCore import QRect, Qt

from kiosk_app.desktop.widgets.pass_card import LONGEST_CODE
from kiosk_app.desktop.window import BOOK
from kiosk_app.domain.listing import Standing
from kiosk_app.sync import undoing
from kiosk_app.sync.events import LinkState
from tests.helpers.basic_process import Basic
from tests.helpers.booth import Booth
from tests.helpers.lossy_line import LossyLine
from tests.helpers.samples import EMAIL, STUDENT
from tests.helpers.terminal import Terminal


@pytest.fixture
def server():
    server = Basic()
    yield server
    server.close()


@pytest.fixture
def line(server):
    with LossyLine(server.port) as line:
        yield line


@pytest.fixture
def profile(line, tmp_path, capsys):
    terminal = Terminal(tmp_path / "profile", capsys)
    assert terminal.json("enrol", line.url, "--allow-file-secrets")["device_id"] == ""
    return terminal.profile


@pytest.fixture
def booth(qapp, profile, tmp_path, line):
    booth = Booth(profile, tmp_path, None).arrive()
    yield booth
    line.change()
    assert booth.close()


def standing(booth, session):
    return booth.visit.reading.session(session, STUDENT).standing


def purse(booth):
    return booth.visit.balances.mock_discussion_token


def go_offline(booth, line):
    line.change(refused=True)
    line.drop_all()

    def offline():
        booth.visit.sync_now()
        return booth.visit.link.state is LinkState.OFFLINE

    booth.person.wait(offline, "the word offline")


def test_a_visit_online_and_off_it_promises_what_this_server_has(booth, line, server, monkeypatch):
    monkeypatch.setattr(undoing, "HOLD", undoing.HOLD / 10)
    booth.steps._identify(STUDENT, EMAIL)
    booth.book("s1")
    code = booth.window.confirmation.card._code
    assert len(code.text()) > LONGEST_CODE
    needed = code.fontMetrics().boundingRect(
        QRect(0, 0, code.width(), 1000), Qt.TextFlag.TextWordWrap, code.text()
    )
    assert needed.height() <= code.height() and needed.width() <= code.width(), "whole"
    booth.person.wait(lambda: booth.station.visiting.stale is False, "the list of bookings")
    assert standing(booth, "s1") is Standing.CONFIRMED, "the list names no session"
    booth.my_bookings()
    booth.steps._tab(BOOK)
    go_offline(booth, line)
    booth.person.wait(booth.window.frame.banner.isVisible, "the banner")
    assert "shield" not in booth.window.frame.banner.text
    booth.book("s2", Standing.QUEUED)
    assert booth.window.confirmation.title.text() == "Saved on this kiosk"
    booth.my_bookings()
    booth.person.tap(booth.window.frame.top_bar.sign_out)
    line.change()
    booth.visit.sync_now()
    booth.wait_link(LinkState.ONLINE)
    booth.person.wait(
        lambda: (
            ["s2", "Active"] in [[b["session"], b["state"]] for b in server.state()["bookings"]]
        ),
        "the booking of the request",
    )
    booth.steps._identify(STUDENT, EMAIL)
    booth.my_bookings()
    booth.wait_standing("s1", Standing.CONFIRMED)
    assert purse(booth) == 0
    (row,) = [i for i in booth.window.bookings.list.items if i.row.session_id == "s1"]
    booth.person.tap(row.cancel_button)
    booth.person.wait(lambda: bool(booth.window.overlays()), "the question before a cancel")
    booth.person.tap_button("Yes, cancel it", booth.window.overlays()[0])
    booth.wait_standing("s1", Standing.CANCELLED)
    booth.person.wait(lambda: purse(booth) == 1, "the token back in the purse")


def test_who_has_no_tokens_is_nobody_s_initials(booth):
    """A server of the documented API names only people who have tokens."""
    booth.steps._identify("QX9", "bo@example.org")
    bar = booth.window.frame.top_bar
    assert bar.sign_out.isVisible()
    assert not bar.avatar.isVisible()


def test_a_reset_names_no_device_where_there_is_none(booth, profile, line, capsys):
    booth.steps._identify(STUDENT, EMAIL)
    go_offline(booth, line)
    booth.book("s2", Standing.QUEUED)
    assert booth.close()
    terminal = Terminal(profile, capsys)
    assert terminal.run("reset") == (1, "")
    assert "1 request or promised seat has not reached the server" in terminal.errors
    status, told = terminal.run("reset", "--discard-unsent", "1")
    assert (status, told) == (0, "This machine is no device any more.\n")
