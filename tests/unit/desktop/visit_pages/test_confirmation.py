"""The confirmation page: the pass, the request that waits, and the way out."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout

from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views.confirmation import ConfirmationView
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.widgets.qr import QrCode
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import CalendarFileReady, CancelSettled, RequestSettled, VisitEnded
from kiosk_app.sync.intents import Cancel, MakeCalendarFile
from tests.helpers.student_visit import DISCUSSION, NOW

CODE = "BK-20261126-7K2QZD"


@pytest.fixture
def page(qtbot, stage, window):
    """Return a maker of pages that show a request in a state."""

    def act(state=None, *, number="Q-DT1-0147", **more):
        view = ConfirmationView(stage.visit, **more)
        QVBoxLayout().addWidget(view)
        window.layout().addWidget(view)
        row = stage.row(DISCUSSION)
        settled = None
        if state:
            settled = RequestSettled(
                request_id="r",
                state=state,
                number=number,
                booking_ref="b-1" if state == "confirmed" else None,
                booking_code=CODE if state == "confirmed" else None,
                seat=14 if state == "guaranteed" else None,
                tokens_before=2,
                tokens_remaining=1,
                code="DISCUSSION_FULL" if state == "refused" else None,
            )
        view.show_placed(
            Placed(
                request_id="r",
                row=row,
                choices=Choices(discussion_format=row.delivery_format),
                opinion=stage.visit.opinion(row),
                placed_at=NOW,
                number=number,
                settled=settled,
            )
        )
        qtbot.waitUntil(view.isVisible)
        return view

    return act


def facts(view):
    return dict(view.card.text().facts)


def test_a_booking_shows_its_code_and_what_it_cost(page):
    view = page("confirmed")
    text = view.card.text()
    assert view.title.text() == "You are booked, Priya"
    assert (text.code_label, text.code) == ("Booking code", CODE)
    assert facts(view) == {
        "Date": "Thu,\xa0Nov\xa026",
        "Time (EST)": "6:00\xa0– 8:00\xa0pm",
        "Where": "Online",
        "Tokens": "2 → 1 left",
    }
    assert text.subtitle == "Virtual · with Dr. Amira Haddad"
    assert "BEGIN:VEVENT" in text.qr
    assert "DTSTART:20261126T230000Z" in text.qr
    assert view.card.findChild(QrCode).isVisible()
    assert not view.withdraw_button.isVisible()


def test_a_waiting_request_shows_its_number_and_never_a_code(page, stage):
    stage.offline()
    view = page("queued")
    text = view.card.text()
    assert view.title.text() == "Saved on this kiosk"
    assert (text.code_label, text.code) == ("Request number", "Q-DT1-0147")
    assert text.qr is None
    assert len(text.steps) == 3
    assert not text.certain
    assert facts(view)["Tokens"] == "1 on hold"
    assert view.card.findChild(QrCode) is None
    assert "mail" not in view.explained.text()


def test_a_request_that_settles_turns_into_the_pass_in_place(page, stage):
    stage.offline()
    view = page("queued")
    stage.online()
    stage.say_settled("someone-elses", "confirmed", booking_code="BK-9")
    assert view.card.text().standing is Standing.QUEUED
    stage.say_settled(
        "r", "confirmed", booking_code=CODE, booking_ref="b-1", tokens_before=2, tokens_remaining=1
    )
    assert view.title.text() == "You are booked, Priya"
    assert view.card.text().code == CODE
    assert view.card.findChild(QrCode).isVisible()
    assert view.bar.ring.left == 30


def test_a_request_that_is_refused_says_why_and_offers_a_way(page, stage, tap, qtbot):
    view = page("queued")
    stage.say_settled("r", "refused", code="DISCUSSION_FULL")
    assert view.title.text() == "This was not booked"
    assert view.explained.text() == sentence("DISCUSSION_FULL")
    assert facts(view)["Tokens"] == "Not charged"
    assert not view.withdraw_button.isVisible()
    with qtbot.waitSignal(view.book_another):
        tap(view.other_button)


def test_a_waiting_request_can_be_taken_back_once(page, stage, tap, qtbot):
    view = page("queued")
    tap(view.withdraw_button)
    tap(view.withdraw_button)
    assert stage.sent == [Cancel("r")]
    assert view.withdraw_button.text() == "Cancelling…"
    with qtbot.waitSignal(view.show_bookings):
        stage.visit.handle(CancelSettled(ref="r", state="cancelled"))


def test_a_cancel_that_comes_too_late_is_told(page, stage, tap):
    view = page("queued")
    tap(view.withdraw_button)
    stage.visit.handle(CancelSettled(ref="r", state="refused", code="INVALID_STATE"))
    assert view.explained.text() == sentence("INVALID_STATE")
    assert view.withdraw_button.isEnabled()


def test_the_way_out_is_told(page, tap, qtbot):
    view = page("confirmed")
    for button, told in (
        (view.bookings_button, view.show_bookings),
        (view.bar.another, view.book_another),
        (view.bar.leave, view.sign_out),
    ):
        with qtbot.waitSignal(told):
            tap(button)


def test_the_page_signs_out_by_itself(page, qtbot):
    view = page("confirmed", seconds=3, tick_ms=5)
    with qtbot.waitSignal(view.sign_out):
        pass


def test_more_time_is_given(page, tap):
    view = page("confirmed")
    assert view.bar.ring.left == 30
    tap(view.bar.more)
    assert view.bar.ring.left == 120


def test_a_hidden_page_counts_nothing(page, qtbot):
    view = page("confirmed", seconds=2, tick_ms=5)
    view.hide()
    with qtbot.assertNotEmitted(view.sign_out, wait=40):
        pass


def test_a_kiosk_offers_no_calendar_file(page):
    assert not page("confirmed").file_button.isVisible()


def test_a_desk_saves_the_calendar_file_and_never_over_another(page, stage, tap, qtbot, tmp_path):
    (tmp_path / f"{CODE}.ics").write_text("mine")
    view = page("confirmed", calendar_folder=tmp_path)
    tap(view.file_button)
    assert stage.sent == [MakeCalendarFile("b-1")]
    text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    with qtbot.waitSignal(view._file.saved):
        stage.visit.handle(CalendarFileReady("b-1", text))
    assert (tmp_path / f"{CODE}.ics").read_text() == "mine"
    assert (tmp_path / f"{CODE}-2.ics").read_bytes() == text.encode()


def test_a_file_nobody_here_asked_for_is_not_written(page, stage, tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    page("confirmed", calendar_folder=folder)
    stage.visit.handle(CalendarFileReady("b-1", "text"))
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(page, stage, tap, tmp_path):
    view = page("confirmed", calendar_folder=tmp_path / "gone")
    tap(view.file_button)
    stage.visit.handle(CalendarFileReady("b-1", "text"))
    assert "could not be saved" in view._file._toast.text()


def test_the_page_forgets_who_it_was_for(page, stage, qtbot):
    view = page("confirmed", seconds=2, tick_ms=5)
    stage.visit.handle(VisitEnded())
    assert view.placed() is None
    assert "Priya" not in view.title.text()
    assert not view.card.isVisible()
    with qtbot.assertNotEmitted(view.sign_out, wait=40):
        pass


def test_a_change_of_language_keeps_the_page(page, qapp):
    view = page("confirmed")
    qapp.sendEvent(qapp, QEvent(QEvent.Type.LanguageChange))
    assert view.card.text().code == CODE


def test_a_guaranteed_seat_is_a_pass_with_its_number_and_the_age_of_what_was_known(page, stage):
    view = page("guaranteed")
    assert view.title.text() == "Seat guaranteed"
    assert "Tokens and eligibility as of" in view.explained.text()
    assert facts(view)["Seat"] == "14"
    text = view.card.text()
    assert (text.standing, text.certain, text.code) == (Standing.GUARANTEED, True, "Q-DT1-0147")
    assert text.code_label == "Receipt number"
    assert text.qr
    assert not view.withdraw_button.isVisible()


def test_a_request_without_an_answer_is_neither_booked_nor_failed(page):
    view = page("unknown")
    assert "may be booked or not" in view.explained.text()
    text = view.card.text()
    assert (text.standing, text.certain, text.qr) == (Standing.UNKNOWN, False, None)
    assert text.code_label == "Request number"
