"""How a visit ends, and that nothing of the person stays; and what a change of language keeps."""

import gc
from datetime import timedelta

import pytest

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.widgets.idle import GRACE_S, QUIET_S, IdleWatch, StillThere
from kiosk_app.desktop.window import ATTRACT, BOOK
from kiosk_app.domain.listing import Standing
from kiosk_app.sync import undoing


@pytest.fixture
def rest(monkeypatch):
    """Let nobody touch the kiosk for so many seconds."""
    now = [0.0]

    def idle(_pages, watch, parent):
        return IdleWatch(watch, now=lambda: now[0], parent=parent)

    monkeypatch.setattr(LatePages, "idle", idle)

    def act(seconds):
        now[0] += seconds

    return act


@pytest.fixture
def visited(rest, booth, session, student):
    """A kiosk at which somebody booked, looked and typed."""
    booth.sign_in(student)
    booth.book(session)
    booth.my_bookings()
    booth.steps._tab(BOOK)
    filters = booth.window.browse.filters
    booth.person.tap_button("List", filters)
    booth.person.type_into(booth.window.browse.list_page.search, "room of mine")
    return booth


def traces(booth, student) -> dict[str, str]:
    """Return the widgets that still know of somebody, or of what they looked for."""
    return booth.holding(student.number, student.email, student.name, "room of mine")


def test_who_walks_away_is_asked_then_signed_out_and_forgotten(visited, student, rest):
    assert traces(visited, student)
    person = visited.person
    rest(QUIET_S + 1)
    person.wait(lambda: asked(visited), "the question whether somebody is there")
    (question,) = asked(visited)
    assert "to keep your bookings private" in question.text.text()
    rest(GRACE_S)
    person.wait(lambda: visited.visit.student is None, "the end of the visit")
    person.wait(lambda: visited.window.frame.page == ATTRACT, "the page at rest")
    person.wait(lambda: not visited.window.overlays(), "the question to go")
    forgotten(visited, student)


def test_who_says_yes_stays(visited, student, rest, qtbot):
    rest(QUIET_S + 1)
    visited.person.wait(lambda: asked(visited), "the question whether somebody is there")
    (question,) = asked(visited)
    visited.person.tap(question.stay)
    visited.steps._gone(question)
    rest(QUIET_S - 1)
    for _look in range(2):
        with qtbot.waitSignal(visited.window.idle._timer.timeout):
            pass
    assert not asked(visited)
    assert visited.visit.student_id == student.number


def test_who_signs_out_leaves_nothing(visited, student):
    visited.sign_out()
    forgotten(visited, student)


def asked(booth) -> list[StillThere]:
    return [overlay for overlay in booth.window.overlays() if isinstance(overlay, StillThere)]


def forgotten(booth, student) -> None:
    assert booth.visit.bookings() == []
    for table in ("bookings", "students"):
        assert booth.station.mirror._row(f"SELECT count(*) FROM {table}")[0] == 0
    assert traces(booth, student) == {}


def test_a_visit_the_server_no_longer_accepts_ends_with_a_reason_and_loses_no_wish(
    booth, session, student, monkeypatch
):
    monkeypatch.setattr(undoing, "HOLD", timedelta(seconds=1))
    booth.sign_in(student)
    booth.book(session)
    booth.my_bookings()
    booth.station.visiting.token = "of yesterday"
    (item,) = [i for i in booth.window.bookings.list.items if i.row.can_cancel]
    booth.person.tap(item.cancel_button)
    booth.person.wait(lambda: bool(booth.window.overlays()), "the question before a cancel")
    booth.person.tap_button("Yes, cancel it", booth.window.overlays()[0])
    booth.person.wait(lambda: booth.visit.student is None, "the end of the visit")
    notice = booth.window.identify.notice
    booth.person.wait(notice.isVisible, "a sentence about it")
    assert "You have been signed out" in notice.text()
    booth.sign_in(student)
    booth.wait_standing(session, Standing.CANCELLED)
    assert student.held() == (0, 0)


def test_the_language_changes_under_a_half_filled_sign_in(booth, student):
    booth.steps._wake()
    page, language = booth.window.identify, booth.window.frame.top_bar.language
    booth.fill_in(student.number, "ana@exam")
    booth.person.tap_button("FR", language)
    booth.person.wait(lambda: page.go.text() == "Continuer", "French")
    assert (page.student_id.text(), page.email.text()) == (student.number, "ana@exam")
    booth.person.tap(page.go)
    assert page.email.error
    assert "name@school" not in page.email.error
    booth.sign_in(student)


def test_the_language_changes_under_a_half_filled_booking(booth, session, student):
    booth.sign_in(student)
    sheet = booth.open_sheet(session)
    booth.person.type_into(sheet.form.topic.area.edit, "ethics")
    chosen = sheet.form.format.value()
    before = sheet.confirm_button.text()
    booth.window.speak("fr")  # the sheet covers the buttons for it; a returning visit does the same
    booth.person.wait(lambda: sheet.confirm_button.text() != before, "French")
    assert (sheet.form.topic.text(), sheet.form.format.value()) == ("ethics", chosen)
    booth.confirm(sheet)
    booth.wait_standing(session, Standing.CONFIRMED)


def test_while_a_kiosk_runs_no_other_thread_destroys_what_is_left_of_a_visit(open_booth, profile):
    gc.enable()
    try:
        booth = open_booth(profile).arrive()
        assert not gc.isenabled(), "the engine's thread collects garbage of windows"
        booth.close()
        assert gc.isenabled()
    finally:
        gc.disable()
