"""Moving a booking as a person does it: choose, see old and new, confirm, and hear how it went."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.bookings import BookingsView
from kiosk_app.desktop.views.confirmation import ConfirmationView
from kiosk_app.desktop.views.move_choices import sessions_to_move_to
from kiosk_app.desktop.views.move_sheet import MoveSheet
from kiosk_app.domain.masking import masked_email
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.sync.events import BalancesChanged, MoveSettled
from kiosk_app.sync.intents import Move
from tests.helpers.student_visit import MINI, NOW, OTHER_MINIS, PRIYA, SKILLS, booked


@pytest.fixture
def held(stage):
    """A booking that may move, as the row of *My bookings*."""
    stage.offer("moves")
    stage.set_bookings(booked(MINI, "BK-1", can_move=True))
    (row,) = stage.visit.bookings()
    return row


@pytest.fixture
def sheet(stage, window, held, qtbot):
    made = MoveSheet(stage.visit, held, window)
    made.placed = []
    made.finished.connect(made.placed.append)
    made.open()
    return made


def shown(sheet):
    return [other.row.session_id for other in sheet.choices.others]


def test_sessions_of_the_type_with_seats_stand_nearest_first(sheet):
    assert shown(sheet) == ["s-mini-1", "s-mini-2", "s-mini-3", "s-mini-4"]
    assert not sheet.confirm_button.isVisible()


def test_a_campus_narrows_the_list(sheet, tap):
    tap(sheet.choices.campuses.button("North York"))
    assert shown(sheet) == ["s-mini-2", "s-mini-3", "s-mini-4"]
    tap(sheet.choices.campuses.button(""))
    assert len(shown(sheet)) == 4


def test_its_own_token_pays_so_an_empty_purse_is_no_reason(sheet, stage):
    stage.visit.handle(BalancesChanged(balances=Balances(), as_of=NOW))
    sheet.choices.refresh()
    assert len(shown(sheet)) == 4


def facts(sheet):
    return [label.text() for label in sheet.pair.facts if label.isVisible()]


def test_where_the_mail_goes_is_said_where_the_server_mails(sheet, stage, tap):
    stage.offer("moves", "mail")
    tap(sheet.choices.others[0].button)
    address = masked_email(PRIYA.email)
    assert facts(sheet)[-1] == f"An e-mail with the new time goes to {address}."
    assert PRIYA.email not in facts(sheet)[-1]


def test_old_and_new_stand_there_before_confirm(sheet, stage, tap):
    tap(sheet.choices.others[0].button)
    assert sheet.pair.old.accessibleName().startswith("Tuesday, November\xa024, 11:00\xa0am")
    assert sheet.pair.new.accessibleName().startswith(
        "Wednesday, November\xa025, 9:00\xa0– 11:00\xa0am"
    )
    assert facts(sheet) == [
        "You keep your seat until the move is confirmed.",
        "Your booking code stays the same.",
        "The same token pays. No other is used.",
    ]
    assert sheet.confirm_button.hasFocus()
    assert stage.sent == []
    tap(sheet.back_button)
    assert sheet.choices.isVisible()


def test_confirm_moves_once_and_shows_the_pass_with_the_new_time(sheet, stage, tap, window, held):
    tap(sheet.choices.others[0].button)
    tap(sheet.confirm_button)
    tap(sheet.confirm_button)
    (asked,) = stage.sent
    assert isinstance(asked, Move)
    assert (asked.ref, asked.session_id) == (held.ref, "s-mini-1")
    stage.visit.handle(MoveSettled(ref=held.ref, state="moved"))
    (placed,) = sheet.placed
    page = ConfirmationView(stage.visit)
    window.layout().addWidget(page)
    page.show_placed(placed)
    assert page.title.text() == "Your booking is moved, Priya"
    text = page.card._text
    assert (text.code, dict(text.facts)["Date"]) == ("BK-1", "Wed,\xa0Nov\xa025")
    assert "Same token" in page.card.accessibleName()


def test_a_refused_move_says_so_and_offers_the_others(sheet, stage, tap, held):
    tap(sheet.choices.others[0].button)
    tap(sheet.confirm_button)
    stage.change(structs.replace(OTHER_MINIS[1], total_bookings=10))
    stage.visit.handle(MoveSettled(ref=held.ref, state="refused", code="EXAM_FULL"))
    assert "Your booking was not moved" in sheet.summary.text()
    assert code_sentence("EXAM_FULL") in sheet.summary.text()
    assert sheet.summary.hasFocus()
    assert sheet.body.verticalScrollBar().value() == 0
    assert shown(sheet) == ["s-mini-2", "s-mini-3", "s-mini-4"]
    assert sheet.placed == []


def test_a_move_nobody_answered_is_asked_again_with_the_same_key(sheet, stage, tap, held):
    tap(sheet.choices.others[0].button)
    tap(sheet.confirm_button)
    stage.visit.handle(MoveSettled(ref=held.ref, state="unknown", code="MOVE_UNANSWERED"))
    assert "No answer has come" in sheet.summary.text()
    assert "not moved" not in sheet.summary.text()
    tap(sheet.confirm_button)
    first, second = stage.sent
    assert first == second


def test_a_seat_that_went_while_one_reads_is_not_asked_for(sheet, stage, tap):
    tap(sheet.choices.others[0].button)
    stage.change(structs.replace(OTHER_MINIS[1], total_bookings=10))
    sheet._to = stage.row(OTHER_MINIS[1])
    tap(sheet.confirm_button)
    assert stage.sent == []
    assert code_sentence("EXAM_FULL") in sheet.summary.text()


def test_escape_goes_back_one_step_at_a_time(sheet, tap, qtbot):
    tap(sheet.choices.others[0].button)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert sheet.choices.isVisible()
    with qtbot.waitSignal(sheet.dismissed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


@pytest.fixture
def view(qtbot, stage, window):
    made = BookingsView(stage.visit)
    window.layout().addWidget(made)
    qtbot.waitUntil(made.isVisible)
    return made


def test_move_stands_beside_cancel_only_where_it_can_be_done(view, stage, tap, qtbot):
    stage.set_bookings(booked(MINI, "BK-1", can_move=True), booked(SKILLS, "BK-2"))
    buttons = {item.row.code: item.move_button for item in view.list.items}
    assert [button.isVisible() for button in buttons.values()] == [False, False]
    stage.offer("moves")
    assert (buttons["BK-1"].isVisible(), buttons["BK-2"].isVisible()) == (True, False)
    with qtbot.waitSignal(view.move_requested) as asked:
        tap(buttons["BK-1"])
    assert asked.args[0].code == "BK-1"
    stage.offline()
    with qtbot.assertNotEmitted(view.move_requested):
        tap(buttons["BK-1"])
    assert view._toast.text() == code_sentence("MOVE_OFFLINE")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 10), min_size=5, max_size=5), st.integers(0, 20))
def test_nothing_is_offered_that_the_rules_refuse(stage, held, taken, days):
    stage.change(
        *(
            structs.replace(facts, total_bookings=count)
            for facts, count in zip(OTHER_MINIS, taken, strict=True)
        )
    )
    stage.now = NOW + timedelta(days=days)
    found = sessions_to_move_to(stage.visit, held)
    assert all(stage.visit.move_refusal(held, row) is None for row in found)
    distances = [abs(row.starts_at - held.starts_at) for row in found]
    assert distances == sorted(distances)
    assert all(row.left > 0 and row.starts_at > stage.now for row in found)


def test_the_session_it_is_in_is_no_move(stage, held):
    assert stage.visit.move_refusal(held, stage.row(MINI)) is Code.SAME_SESSION


def test_rows_stay_under_the_finger_when_seats_change(sheet, stage, tap):
    before = list(sheet.choices.others)
    spots = [other.geometry() for other in before]
    first, second = OTHER_MINIS[1:3]
    stage.change(
        structs.replace(first, total_bookings=first.capacity),
        structs.replace(second, total_bookings=second.capacity - 1),
    )
    assert sheet.choices.others == before
    assert [other.geometry() for other in before] == spots
    assert "1 of" in before[1]._where.label.text()
    assert "No seats left" in before[0]._where.label.text()
    assert not before[0].button.isEnabled()
    tap(before[0].button)
    assert not sheet.confirm_button.isVisible()
    tap(before[1].button)
    assert sheet._to.session_id == second.session_id
    tap(sheet.back_button)
    stage.change(first)
    assert before[0].button.isEnabled()
