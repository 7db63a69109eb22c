"""The outbox with the hands of staff; the engine's part by hand."""

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from kiosk_app.desktop.models.outbox import OutboxModel, OutboxRole
from kiosk_app.domain.attention import OwnKind
from kiosk_app.domain.outbox import Rung
from kiosk_app.i18n import outbox as words
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync import intents
from kiosk_app.sync.events import (
    AttentionListed,
    LinkChanged,
    LinkState,
    OutboxExported,
    OutboxListed,
    RequestTried,
)
from tests.helpers import november
from tests.helpers.attending import entry, ladder, own_item
from tests.helpers.staffed import Staffed, click
from tests.helpers.staging import settle


@pytest.fixture
def desk(campus, qtbot):
    made = Staffed(campus, qtbot, personal=False)
    made.waits(0, state=LinkState.ONLINE)
    made.come()
    click(made.page.outbox)
    made.outbox = made.window.staff.outbox
    return made


def shown(page):
    model = page.model
    return [model.entry(row).ref for row in range(model.rowCount())]


def tap(page, row):
    view = page.list
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.visualRect(page.model.index(row)).topLeft() + QPoint(40, 20),
    )
    settle()


def asked_after(desk, act):
    before = len(desk.asked(intents.LookAtOutbox))
    act()
    settle()
    return len(desk.asked(intents.LookAtOutbox)) - before


def test_staff_come_from_needs_attention_and_read_every_request(desk):
    assert desk.window.frame.page == "outbox"
    assert desk.asked(intents.LookAtOutbox)
    assert desk.outbox.empty.isVisible()
    desk.told(OutboxListed(ladder()))
    page = desk.outbox
    assert page.count.text() == "5 wait, 2 need attention"
    assert shown(page) == [one.ref for one in ladder()]
    page.list.setCurrentIndex(page.model.index(3))
    facts = [value.text() for _, value in page.panel._facts]
    assert page.panel.chip.accessibleName() == "Waiting for the answer"
    assert facts[1:3] == [november.STUDENT, "Q-7K2Q-M4D"]
    assert facts[4:] == [
        "Tried 3 times",
        "There was no connection to the server, or no answer came back.",
        "In 1:35",
    ]
    click(page.shown.button("attention"))
    assert shown(page) == ["r-2", "r-1"]
    assert page.panel.entry.ref == "r-2"
    assert not page.panel.send_button.isVisible()
    desk.told(OutboxListed(()))
    assert page.empty.isVisible()


def test_one_is_sent_now_and_the_end_is_said_either_way(desk):
    desk.told(OutboxListed(ladder()[3:]))
    page = desk.outbox
    click(page.panel.send_button)
    click(page.panel.send_button)
    assert desk.asked(intents.SendNow) == [intents.SendNow("r-4")]
    desk.told(RequestTried("r-4", "NOT_SENT"))
    assert page.panel.problem.isVisible()
    assert "no answer has come yet" in page.panel.problem.text()
    tap(page, 1)
    assert page.panel.entry.ref == "r-3"
    assert not page.panel.problem.isVisible()
    click(page.panel.send_button)
    desk.told(RequestTried("r-3"))
    desk.told(OutboxListed((ladder()[3], *ladder()[5:])))
    assert page._toast.text() == "It is sent, and the server said yes."
    assert shown(page) == ["r-4", "r-2", "r-1"]
    click(page.sync)
    assert desk.asked(intents.SyncNow)


def test_its_item_of_needs_attention_is_one_touch_away(desk):
    desk.told(OutboxListed(ladder()))
    desk.outbox.list.setCurrentIndex(desk.outbox.model.index(5))
    click(desk.outbox.panel.item_button)
    assert desk.window.frame.page == "attention"
    items = (own_item(OwnKind.PROMISE_REFUSED), own_item(OwnKind.QUARANTINED, "r-2"))
    desk.told(AttentionListed(own=items))
    assert desk.page.panel.item.ref == "r-2"


def test_it_is_live_and_asks_only_when_something_of_it_changed(desk, qtbot):
    page = desk.outbox
    desk.waits(1, state=LinkState.ONLINE)
    assert asked_after(desk, lambda: desk.waits(2, state=LinkState.ONLINE)) == 1
    link = desk.visit.link
    heard = structs.replace(link, synced_at=desk.campus.now)
    assert asked_after(desk, lambda: desk.visit.handle(heard)) == 0, "or it would ask for ever"
    assert asked_after(desk, desk.visit.bookings_changed.emit) == 1
    desk.told(OutboxListed(ladder()))
    page.list.setCurrentIndex(page.model.index(3))
    page._tick.setInterval(1)
    desk.campus.now += timedelta(seconds=60)
    qtbot.waitUntil(lambda: page.panel._facts[6][1].text() == "In 0:35")
    assert page.model.index(1).data(OutboxRole.AGE) == "3\xa0min ago"
    desk.told(LinkChanged(state=LinkState.OFFLINE, waiting=5))
    assert page.panel._facts[6][1].text() == "When there is a connection"
    desk.window.show_page("attention")
    assert asked_after(desk, desk.visit.bookings_changed.emit) == 0


def test_the_keyboard_walks_the_rows_and_what_is_looked_at_stays(desk):
    page = desk.outbox
    desk.told(OutboxListed(ladder()))
    assert page.list.hasFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.panel.entry.ref == "r-5"
    assert page.list.itemDelegate().show_focus
    desk.told(OutboxListed((entry(ref="r-9", minutes=0), *ladder()[1:])))
    assert page.panel.entry.ref == "r-5"
    desk.told(OutboxListed(ladder()[3:]))
    assert page.panel.entry.ref == "r-4", "what is gone gives way to what is there"


def test_an_export_shows_its_passphrase_once_and_forgets_it(desk):
    page = desk.outbox
    desk.told(OutboxListed(ladder()))
    click(page.export)
    assert desk.asked(intents.ExportOutbox) == [intents.ExportOutbox(None)]
    desk.told(OutboxExported(code="NOT_EXPORTED", path="/media/stick"))
    assert "could not be written" in page.problem.text()
    click(page.export)
    desk.told(OutboxExported(path="/media/stick/outbox.kiosk", passphrase="AB-CD", requests=7))
    assert page.exported.isVisible()
    assert not page.panel.isVisible()
    assert "7 requests" in page.exported.title.text()
    assert "CD" in page.exported.passphrase.text()
    click(page.exported.done_button)
    assert page.exported.passphrase.text() == ""
    assert page.panel.isVisible()
    click(page.export)
    desk.told(OutboxExported(path="/media/stick/outbox.kiosk", passphrase="AB-CD", requests=7))
    desk.window.staff.leave()
    settle()
    assert page.exported.passphrase.text() == ""
    assert shown(page) == []
    assert {value.text() for _, value in page.panel._facts} == {""}


def test_every_reason_to_wait_has_a_sentence_of_its_own():
    unknown = sentence("NO_SUCH_CODE")
    for code in ("LINK", "SIGN_IN", "INTERRUPTED", "POISON", "HELD"):
        assert words.why(entry(code=code)) not in {"", unknown}, code


@given(st.data())
def test_after_any_changes_the_model_holds_what_it_was_told(qapp, data):
    model = OutboxModel(november.NOW)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    rungs = st.sampled_from(list(Rung))
    for _ in range(data.draw(st.integers(1, 5))):
        kept = data.draw(st.sets(st.integers(0, 9)))
        told = [entry(data.draw(rungs), f"r-{n}", n) for n in sorted(kept)]
        model.set_entries(told, november.NOW)
        assert [model.entry(row) for row in range(model.rowCount())] == told
    del tester


def test_none_of_it_is_in_the_first_frame():
    late = ("desktop.views.outbox", "desktop.models.outbox", "domain.outbox", "i18n.outbox")
    names = [f"kiosk_app.{name}" for name in late]
    code = (
        "import kiosk_app.app.window, kiosk_app.desktop.views.attract, sys; "
        f"print([m for m in {names!r} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
