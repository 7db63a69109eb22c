"""*My bookings* as a person uses it: tabs, details, and a cancel with its question."""

from datetime import date, timedelta

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import wire_instant
from kiosk_app.desktop.views.booking_dialogs import CancelDialog, DetailsDialog
from kiosk_app.desktop.views.bookings import BookingsView
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import BookingsChanged, CancelSettled, VisitEnded
from kiosk_app.sync.intents import Cancel, Undo
from tests.helpers.samples import session_facts
from tests.helpers.student_visit import DISCUSSION, MINI, NOW, OTHER_MINIS, SKILLS, booked

PAST = session_facts(
    "s-past",
    mock_type=MockType.SITUATIONAL_JUDGMENT,
    day=date(2026, 11, 12),
    location="Downtown – Room 301",
)


@pytest.fixture
def view(qtbot, stage, window):
    made = BookingsView(stage.visit)
    window.layout().addWidget(made)
    qtbot.waitUntil(made.isVisible)
    return made


def rows(view):
    return [(item.row.session_id, item.row.standing) for item in view.list.items]


def item(view, session_id):
    return next(i for i in view.list.items if i.row.session_id == session_id)


def tab_texts(view):
    """Return what a screen reader says of the tabs; who looks sees the figures as badges."""
    return [view.tabs.button(key).accessibleName() for key in ("upcoming", "waiting", "past")]


def test_each_booking_stands_under_its_tab(view, stage, tap):
    stage.set_bookings(
        booked(SKILLS),
        booked(PAST, is_active=BookingState.COMPLETED, can_cancel=False),
        booked(DISCUSSION, is_active=BookingState.CANCELLED, can_cancel=False),
    )
    stage.save(MINI)
    assert tab_texts(view) == ["Upcoming, 2 bookings", "Waiting, 1 request", "Past, 2 bookings"]
    assert rows(view) == [("s-skills", Standing.CONFIRMED), ("s-mini", Standing.QUEUED)]
    tap(view.tabs.button("waiting"))
    assert rows(view) == [("s-mini", Standing.QUEUED)]
    tap(view.tabs.button("past"))
    assert rows(view) == [("s-disc", Standing.CANCELLED), ("s-past", Standing.COMPLETED)]


def test_a_booking_says_where_when_and_its_code(view, stage):
    stage.set_bookings(
        booked(DISCUSSION, "BK-1", discussion_format=DeliveryFormat.VIRTUAL),
        booked(SKILLS, "BK-2"),
    )
    shown = item(view, "s-disc")
    assert shown._hours.text() == "6:00\xa0– 8:00\xa0pm"
    assert shown._place.label.text() == "Online"
    assert shown._code.text() == "BK-1"
    assert item(view, "s-skills")._place.label.text() == "Downtown · Room 204"
    assert (
        shown.cancel_button.accessibleName()
        == "Cancel: Mock Discussion, Thu,\xa0Nov\xa026, 6:00\xa0pm"
    )


def test_the_token_rule_is_the_true_one(view):
    assert view._rule.label.text() == "Cancel before the session starts and your token comes back."


def test_nothing_booked_offers_the_calendar(view, tap, qtbot):
    assert view.empty.isVisible()
    with qtbot.waitSignal(view.browse_requested):
        tap(view.browse_button)
    for tab in ("waiting", "past"):
        tap(view.tabs.button(tab))
        assert view.empty.isVisible()
        assert not view.browse_button.isVisible()


def test_cancel_asks_first_and_keep_has_the_focus(view, stage, tap, window, qtbot):
    stage.set_bookings(booked(SKILLS))
    tap(item(view, "s-skills").cancel_button)
    dialog = window.findChild(CancelDialog)
    assert dialog.keep_button.hasFocus()
    assert dialog._back.text() == "1 CS token comes back to you."
    assert dialog._numbers.accessibleName() == "CS Tokens: 3 → 4"
    assert "Your seat goes to someone else" in dialog._lost.text()
    qtbot.keyClick(dialog.keep_button, Qt.Key.Key_Space)
    assert stage.sent == []
    assert item(view, "s-skills").cancel_button.hasFocus()


def test_the_token_comes_back_to_the_balance_that_paid(view, stage, tap, window):
    stage.set_bookings(booked(SKILLS, token_used="Shared Token"))
    tap(item(view, "s-skills").cancel_button)
    dialog = window.findChild(CancelDialog)
    assert dialog._back.text() == "1 Shared Mock token comes back to you."


LATE = {"late_after": wire_instant(NOW - timedelta(minutes=1))}


def test_a_late_cancel_is_told_before_the_tap(view, stage, tap, window):
    stage.set_bookings(booked(SKILLS, **LATE))
    assert view._rule.label.text().startswith("Cancel in time and your token comes back")
    tap(item(view, "s-skills").cancel_button)
    dialog = window.findChild(CancelDialog)
    assert dialog._back.text() == (
        "It is too late for your token to come back. It stays used if you cancel now."
    )
    assert not dialog._numbers.isVisible()
    tap(dialog.cancel_button)
    [cancel] = stage.sent
    stage.visit.handle(CancelSettled(ref=cancel.ref, state="cancelled", token_lost=True))
    assert view._toast.text() == "Cancelled. It was too late for your token to come back."


def test_in_time_it_says_until_when(view, stage, tap, window):
    stage.set_bookings(booked(SKILLS, late_after=wire_instant(NOW + timedelta(hours=1))))
    tap(item(view, "s-skills").cancel_button)
    said = window.findChild(CancelDialog)._back.text()
    assert said.startswith("1 CS token comes back to you if the cancel arrives before ")


def test_a_booking_that_was_cancelled_late_says_so(view, stage):
    stage.set_bookings(booked(SKILLS, is_active=BookingState.CANCELLED, cancelled_late=True))
    assert [row.standing for row in view._sorted.past] == [Standing.CANCELLED_LATE]


@pytest.fixture
def cancelled(view, stage, tap, window, qtbot):
    """Cancel the one booking there is and return its ref."""

    def act(*records):
        stage.set_bookings(*records)
        tap(view.list.items[0].cancel_button)
        tap(window.findChild(CancelDialog).cancel_button)
        [cancel] = stage.sent
        assert isinstance(cancel, Cancel)
        return cancel.ref

    return act


def test_a_cancel_shows_its_progress_and_its_result(view, stage, cancelled):
    ref = cancelled(booked(SKILLS, "BK-2"))
    assert view.list.items[0].cancel_button.text() == "Cancelling…"
    assert not view.list.items[0].cancel_button.isEnabled()
    stage.set_bookings(booked(SKILLS, "BK-2", id=ref, is_active=BookingState.CANCELLED))
    stage.visit.handle(
        CancelSettled(ref=ref, state="cancelled", refunded_field="cs_credits", new_balance=4)
    )
    assert view._toast.text() == "Cancelled. 1 CS token is back."
    assert tab_texts(view) == ["Upcoming", "Waiting", "Past, 1 booking"]


def test_a_cancel_can_be_undone_while_its_seconds_run(view, stage, cancelled, tap, qtbot):
    ref = cancelled(booked(SKILLS))
    assert stage.sent[0].hold
    until = stage.now + timedelta(seconds=10)
    stage.visit.handle(CancelSettled(ref=ref, state="held", undo_until=until))
    row, toast = view.list.items[0], view._toast
    assert toast.text() == "This booking is cancelled in 10 seconds."
    assert row.undo_button.isVisible()
    assert not row.cancel_button.isVisible()
    stage.now += timedelta(seconds=9)
    qtbot.waitUntil(lambda: toast.text() == "This booking is cancelled in 1 second.")
    qtbot.keyClick(view.window(), Qt.Key.Key_F6)
    assert toast._button.hasFocus()
    tap(toast._button)
    tap(row.undo_button)
    assert stage.sent[1:] == [Undo(ref)]
    stage.visit.handle(CancelSettled(ref=ref, state="undone"))
    assert toast.text() == "Nothing was cancelled. Your booking stays as it was."
    assert row.cancel_button.text() == "Cancel"


def test_after_its_seconds_a_cancel_is_under_way(view, stage, cancelled, qtbot):
    ref = cancelled(booked(SKILLS))
    until = stage.now + timedelta(seconds=10)
    stage.visit.handle(CancelSettled(ref=ref, state="held", undo_until=until))
    stage.now = until
    row = view.list.items[0]
    qtbot.waitUntil(lambda: not row.undo_button.isVisible())
    assert (row.cancel_button.text(), view._toast.text()) == ("Cancelling…", "Cancelling…")
    stage.visit.handle(CancelSettled(ref=ref, state="cancelled", refunded_field="cs_credits"))
    assert view._toast.text() == "Cancelled. 1 CS token is back."


def test_the_end_of_one_cancel_does_not_take_the_undo_of_another(view, stage, tap, window):
    stage.set_bookings(booked(SKILLS, "BK-1"), booked(DISCUSSION, "BK-2"))
    for n, at in enumerate(view.list.items):
        tap(at.cancel_button)
        tap(window.findChildren(CancelDialog)[-1].cancel_button)
        until = stage.now + timedelta(seconds=10)
        ref = stage.sent[n].ref
        stage.visit.handle(CancelSettled(ref=ref, state="held", undo_until=until))
    first, second = view.list.items
    assert (first.undo_button.isVisible(), second.undo_button.isVisible()) == (False, True)
    stage.visit.handle(CancelSettled(ref=stage.sent[0].ref, state="cancelled"))
    assert view._toast.text() == "This booking is cancelled in 10 seconds."
    stage.visit.handle(VisitEnded())
    assert view._toast.text() != "Cancelling…"


def test_an_offline_cancel_is_saved_and_said_to_be(view, stage, cancelled):
    ref = cancelled(booked(SKILLS))
    stage.visit.handle(CancelSettled(ref=ref, state="queued"))
    assert view._toast.text() == "The cancel is saved and will be sent."
    stage.visit.handle(CancelSettled(ref=ref, state="cancelled", refunded_field="cs_credits"))
    assert view._toast.text() == "Cancelled. 1 CS token is back."


def test_a_cancel_that_could_not_be_saved_leaves_the_booking(view, stage, cancelled):
    ref = cancelled(booked(SKILLS))
    stage.visit.handle(CancelSettled(ref=ref, state="refused", code="NOT_SAVED"))
    assert "Your booking stays as it is." in view._toast.text()
    assert view.list.items[0].cancel_button.isEnabled()


def test_a_refused_cancel_says_why_and_the_button_is_back(view, stage, cancelled):
    ref = cancelled(booked(SKILLS))
    stage.visit.handle(CancelSettled(ref=ref, state="refused", code="SESSION_CLOSED"))
    assert view._toast.text() == sentence("SESSION_CLOSED")
    assert view.list.items[0].cancel_button.isEnabled()


def test_a_waiting_request_is_taken_back_without_talk_of_a_refund(view, stage, tap, window):
    request = stage.save(MINI)
    tap(item(view, "s-mini").cancel_button)
    dialog = window.findChild(CancelDialog)
    assert dialog._heading.text() == "Cancel this request?"
    assert "No token was taken" in dialog._back.text()
    tap(dialog.cancel_button)
    stage.files.queue.discard(stage.files.queue.get(request.id), NOW, None)
    stage.visit.handle(BookingsChanged())
    stage.visit.handle(CancelSettled(ref=request.id, state="cancelled"))
    assert view._toast.text() == "Request cancelled. No token was taken."
    assert rows(view) == []


def test_a_cancel_of_another_page_is_not_told_here(view, stage):
    stage.visit.handle(CancelSettled(ref="other", state="cancelled"))
    assert view._toast is None


def test_a_refused_request_says_why_and_leads_on(view, stage, tap, qtbot):
    stage.refuse(OTHER_MINIS[1], "EXAM_FULL")
    shown = view.list.items[0]
    assert shown._problem.text() == sentence("EXAM_FULL")
    assert shown._problem.isVisible()
    assert not shown.cancel_button.isVisible()
    with qtbot.waitSignal(view.browse_requested) as told:
        tap(shown.again_button)
    assert told.args == [MockType.MINI_MOCK]


def test_details_hold_everything_of_a_booking(view, stage, tap, window, qtbot):
    stage.set_bookings(booked(SKILLS, "BK-2"))
    tap(item(view, "s-skills").details_button)
    dialog = window.findChild(DetailsDialog)
    shown = {name.text(): value.text() for name, value in dialog._labels}
    assert shown == {
        "Booking code": "BK-2",
        "Date": "Tuesday, November 24, 2026",
        "Time": "9:00\xa0– 11:00\xa0am",
        "Time zone": "Toronto time (EST)",
        "Where": "Downtown · Room 204",
        "Paid with": "1 CS token",
    }
    with qtbot.waitSignal(dialog.dismissed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert item(view, "s-skills").details_button.hasFocus()


def test_a_row_that_did_not_change_keeps_its_widget_and_the_focus(view, stage):
    skills = booked(SKILLS)
    stage.set_bookings(skills)
    kept = item(view, "s-skills")
    kept.details_button.setFocus()
    stage.set_bookings(skills, booked(DISCUSSION))
    assert item(view, "s-skills") is kept
    assert kept.details_button.hasFocus()


def test_many_past_bookings_come_in_portions(view, stage, tap):
    stage.set_bookings(
        *(
            booked(session_facts(day=date(2026, 9, 1) + timedelta(days=n)), f"BK-{n}")
            for n in range(25)
        )
    )
    assert [len(view.recent.items), view.list.isVisible()] == [2, False]
    tap(view.all_past_button)
    assert len(view.list.items) == 20
    tap(view.more_button)
    assert len(view.list.items) == 25
    assert not view.more_button.isVisible()


def test_two_zones_are_named_on_each_row(view, stage):
    away = session_facts("s-away", day=date(2026, 11, 27), time_zone="America/Vancouver")
    stage.set_bookings(booked(SKILLS), booked(away))
    assert not view.head._note.isVisible()
    assert item(view, "s-skills")._hours.text().endswith("EST")
    assert item(view, "s-away")._hours.text().endswith("PST")


def test_arrows_move_between_the_tabs(view, stage, qtbot):
    stage.save(MINI)
    view.tabs.button("upcoming").setFocus()
    qtbot.keyClick(view.tabs.button("upcoming"), Qt.Key.Key_Right)
    assert view.tabs.current == "waiting"
    assert rows(view) == [("s-mini", Standing.QUEUED)]


@pytest.mark.parametrize("width", [1856, 1016, 760])
def test_no_button_leaves_the_page_at_any_width(view, stage, window, width, qtbot):
    stage.set_bookings(booked(SKILLS), booked(DISCUSSION))
    window.resize(width, 1080)
    shown = item(view, "s-skills")

    def inside():
        button = shown.cancel_button
        corner = button.mapTo(view, button.rect().bottomRight())
        return view.rect().contains(corner) and button.height() >= 56

    qtbot.waitUntil(inside)


def test_nothing_is_left_of_a_person_who_left(view, stage):
    stage.set_bookings(booked(SKILLS))
    stage.visit.handle(VisitEnded())
    assert rows(view) == []
    assert tab_texts(view)[0] == "Upcoming"


def test_a_change_of_language_keeps_tab_and_rows(view, stage, tap, qapp):
    stage.save(MINI)
    tap(view.tabs.button("waiting"))
    qapp.sendEvent(qapp, QEvent(QEvent.Type.LanguageChange))
    assert view.tabs.current == "waiting"
    assert rows(view) == [("s-mini", Standing.QUEUED)]


def test_places_in_line_stand_under_waiting_and_push_no_booking_down(view, stage, tap, qtbot):
    stage.offer("waitlist")
    stage.set_bookings(booked(SKILLS))
    stage.visit.link_changed.emit()
    before = view.list.y()
    stage.wait(structs.replace(MINI, total_bookings=MINI.capacity), place=2)
    assert tab_texts(view) == ["Upcoming, 1 booking", "Waiting, 1 place in line", "Past"]
    assert (view.list.y(), view.waits.isVisible()) == (before, False)
    tap(view.tabs.button("waiting"))
    assert view.waits.isVisible()
    assert not view.empty.isVisible()
    tap(view.tabs.button("upcoming"))
    assert not view.waits.isVisible()


def test_a_tab_that_nothing_waits_under_any_more_is_not_the_one_that_opens(view, stage, tap):
    stage.save(MINI)
    tap(view.tabs.button("waiting"))
    view.hide()
    stage.visit.handle(VisitEnded())
    view.tabs.choose("waiting")
    view.show()
    assert view.tabs.current == "upcoming"
