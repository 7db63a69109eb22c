"""The booking sheet as a person uses it: ask, send once, wait, and hear what became of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import BalancesChanged, VisitEnded
from kiosk_app.sync.intents import Place, RefusalRead
from tests.helpers.student_visit import DISCUSSION, MINI, NOW, OTHER_MINIS, PRIYA, SKILLS


def words(sheet):
    """Return every text on the sheet that can be seen."""
    found = []
    for label in sheet.findChildren(object):
        text = getattr(label, "text", None)
        if callable(text) and hasattr(label, "isVisible") and label.isVisible():
            found.append(str(text()))
    return "\n".join(found)


def test_a_discussion_starts_with_the_sessions_own_format(opened):
    sheet = opened(DISCUSSION)
    assert sheet.form.format.value() == "Virtual"
    shown = words(sheet)
    for fact in ("Thursday, November\xa026", "6 of 8 seats left", "Priya Raman", "2604817"):
        assert fact in shown
    assert "You get it back if you cancel before the session starts." in shown
    assert "Mock Discussion Tokens" in shown
    assert "24 hours" not in shown
    assert sheet.form.format.card("Virtual").hasFocus()


def test_confirm_sends_everything_that_was_chosen_once(opened, stage, tap, qtbot):
    sheet = opened(DISCUSSION)
    tap(sheet.form.format.card("Hybrid"))
    qtbot.keyClicks(sheet.form.topic.area.edit, "Ethics first")
    tap(sheet.confirm_button)
    tap(sheet.confirm_button)
    qtbot.mouseDClick(sheet.confirm_button, Qt.MouseButton.LeftButton)
    [place] = stage.sent
    assert isinstance(place, Place)
    assert place.session_id == "s-disc"
    assert (place.name, place.student_id, place.email) == (
        PRIYA.name,
        PRIYA.student_id,
        PRIYA.email,
    )
    assert place.discussion_format is DeliveryFormat.HYBRID
    assert place.topic_preference == "Ethics first"
    assert place.attending_location is None
    assert place.key.startswith("idem_disc_")


def test_clinical_skills_asks_for_hand_and_place(opened, stage, tap, qtbot):
    sheet = opened(SKILLS)
    assert sheet.form.place.text() == "Downtown"
    assert sheet.form.format is None
    tap(sheet.form.hand.card("left"))
    sheet.form.place.edit.clear()
    qtbot.keyClicks(sheet.form.place.edit, "Mississauga")
    tap(sheet.confirm_button)
    [place] = stage.sent
    assert (place.dominant_hand, place.attending_location) == ("left", "Mississauga")
    assert place.discussion_format is None


def test_no_preference_and_an_empty_place_send_nothing_for_them(opened, stage, tap):
    sheet = opened(SKILLS)
    sheet.form.place.edit.clear()
    tap(sheet.confirm_button)
    [place] = stage.sent
    assert place.dominant_hand is None
    assert place.attending_location is None


def test_only_clinical_skills_asks_for_the_hand(opened):
    assert opened(MINI).form.hand is None


def test_a_shared_token_pays_when_the_own_kind_is_gone(opened, stage):
    purse = Balances(shared_mock_credits=4)
    stage.visit.handle(BalancesChanged(balances=purse, as_of=NOW))
    sheet = opened(SKILLS)
    assert "Shared Mock Tokens: 4 → 3" in sheet.form.cost.accessibleName()


def test_the_cost_names_the_balance_that_pays_not_the_sum(opened):
    assert "CS Tokens: 3 → 2" in opened(SKILLS).form.cost.accessibleName()


def test_too_long_a_topic_is_said_at_the_field_and_on_top_and_nothing_is_sent(
    opened, stage, tap, qtbot
):
    sheet = opened(DISCUSSION)
    sheet.form.topic.area.edit.setPlainText("x" * 214)
    tap(sheet.confirm_button)
    assert not stage.sent
    assert sheet.confirm_button.isEnabled()
    assert sheet.form.topic.area.error == "Shorten by 14 characters."
    assert sheet.summary.text() == "One thing needs your attention Shorten your topic."
    assert sheet.summary.hasFocus()
    assert len(sheet.form.topic.text()) == 214
    for _extra in range(14):
        qtbot.keyClick(sheet.form.topic.area.edit, Qt.Key.Key_Delete)
    assert sheet.form.topic.area.error is None
    tap(sheet.confirm_button)
    assert len(stage.sent) == 1
    assert not sheet.summary.isVisible()


@settings(max_examples=15)
@given(topic=st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=260))
def test_what_is_sent_always_keeps_the_contracts_limit(opened, stage, window, topic):
    stage.sent.clear()
    sheet = opened(DISCUSSION)
    sheet.form.topic.area.edit.setPlainText(topic)
    sheet.confirm_button.click()
    assert bool(stage.sent) == (len(topic) <= 200)
    assert all(len(place.topic_preference) <= 200 for place in stage.sent)
    sheet.dismiss()


def test_too_long_a_place_is_refused_at_the_field(opened, stage, tap):
    sheet = opened(SKILLS)
    sheet.form.place.edit.setText("y" * 101)
    tap(sheet.confirm_button)
    assert not stage.sent
    assert sheet.form.place.error == "Shorten by 1 character."


def test_a_topic_chip_adds_its_topic_once(opened, tap):
    sheet = opened(DISCUSSION)
    for chip in (sheet.form.topic.chips[0], sheet.form.topic.chips[3], sheet.form.topic.chips[0]):
        tap(chip)
    assert sheet.form.topic.text() == "Ethics, Teamwork"


def test_the_steps_of_a_booking_are_told_as_they_happen(opened, stage, tap):
    sheet = opened(DISCUSSION)
    tap(sheet.confirm_button)
    request = stage.sent[0].request_id
    assert sheet.confirm_button.text() == "Booking…"
    assert not sheet.form.isEnabled()
    stage.say_saved("another-request")
    assert sheet.confirm_button.text() == "Booking…"
    stage.say_saved(request)
    assert sheet.confirm_button.text() == "Saved, sending…"
    stage.say_settled("another-request", "confirmed")
    assert sheet.told == []
    stage.say_settled(request, "confirmed", booking_code="BK-1", booking_ref="b")
    [placed] = sheet.told
    assert placed.request_id == request
    assert placed.state == "confirmed"
    assert placed.settled.booking_code == "BK-1"
    assert placed.row.session_id == "s-disc"


def test_escape_before_the_request_is_on_disk_waits_afterwards_it_leaves(opened, stage, tap, qtbot):
    sheet = opened(DISCUSSION)
    tap(sheet.confirm_button)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    stage.say_saved(stage.sent[0].request_id, "Q-7")
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    [placed] = sheet.told
    assert (placed.number, placed.state) == ("Q-7", "sending")


def test_a_long_wait_offers_to_leave_it_with_the_kiosk(opened, stage, tap, qtbot):
    sheet = opened(DISCUSSION, patience_ms=1)
    tap(sheet.confirm_button)
    qtbot.waitUntil(sheet.summary.isVisible)
    assert not sheet.cancel_button.isEnabled(), "nothing is on disk yet"
    stage.say_saved(stage.sent[0].request_id, "Q-7")
    assert sheet.cancel_button.text() == "Leave it with the kiosk"
    assert "saved and will be sent" in sheet.summary.text()
    tap(sheet.cancel_button)
    assert sheet.told[0].number == "Q-7"
    stage.say_settled(stage.sent[0].request_id, "refused", code="EXAM_FULL")
    assert [type(one) for one in stage.sent] == [Place], "nobody reads it here any more"


def test_a_full_session_is_explained_with_the_nearest_others(opened, stage, tap):
    sheet = opened(MINI)
    sheet.form.place.edit.setText("Somewhere else")
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", code="EXAM_FULL")
    shown = words(sheet)
    assert "This session just filled up" in shown
    assert "You were not charged: you still have 1 Mini-Mock token." in shown
    others = sheet.refusal.others
    ids = [o.row.session_id for o in others]
    assert ids == ["s-mini-2", "s-mini-3", "s-mini-4", "s-mini-1"]
    assert others[0].button.hasFocus()
    tap(others[0].button)
    assert sheet.form.isVisible()
    assert sheet.form.place.text() == "Somewhere else"
    tap(sheet.confirm_button)
    first, read, second = stage.sent
    assert [first.session_id, second.session_id] == ["s-mini", "s-mini-2"]
    assert first.key != second.key
    assert read == RefusalRead(first.request_id), "so that My bookings need not say it again"
    assert sheet.told == []


def test_the_campus_follows_the_other_session_unless_it_was_changed(opened, stage, tap):
    stage.change(*(structs.replace(facts, total_bookings=10) for facts in OTHER_MINIS[3:]))
    sheet = opened(MINI)
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", code="EXAM_FULL")
    (other,) = [o for o in sheet.refusal.others if o.row.session_id == "s-mini-1"]
    tap(other.button)
    assert sheet.form.place.text() == "Downtown"


def test_back_to_the_calendar_closes(opened, stage, tap):
    sheet = opened(MINI)
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", code="SESSION_CLOSED")
    assert sentence("SESSION_CLOSED") in sheet.refusal.explained.text()
    assert sheet.cancel_button.text() == "Back to the calendar"
    tap(sheet.cancel_button)
    assert sheet.told == ["closed"]


@pytest.mark.parametrize("code", ["LOCK_FAILED", "RATE_LIMITED", "VALIDATION_ERROR"])
def test_a_passing_fault_keeps_the_form_for_another_try(opened, stage, tap, code):
    sheet = opened(DISCUSSION)
    sheet.form.topic.area.edit.setPlainText("Ethics")
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", code=code)
    assert sentence(code) in sheet.summary.text()
    assert sheet.form.isEnabled()
    assert sheet.form.topic.text() == "Ethics"
    tap(sheet.confirm_button)
    assert [type(one) for one in stage.sent] == [Place, RefusalRead, Place]


def test_without_tokens_no_other_session_is_offered(opened, stage, tap):
    sheet = opened(SKILLS)
    stage.visit.handle(BalancesChanged(balances=Balances(), as_of=NOW))
    tap(sheet.confirm_button)
    assert not stage.sent
    assert sentence("INSUFFICIENT_TOKENS") in words(sheet)
    assert sheet.refusal.others == []


def test_a_session_that_filled_while_the_form_was_open_is_not_asked_for(opened, stage, tap):
    sheet = opened(MINI)
    stage.change(structs.replace(MINI, total_bookings=10))
    assert "No seats left" in words(sheet)
    tap(sheet.confirm_button)
    assert not stage.sent
    assert "This session just filled up" in words(sheet)


def test_seats_follow_the_server_while_the_form_is_open(opened, stage):
    sheet = opened(MINI)
    stage.change(structs.replace(MINI, total_bookings=9))
    assert "1 of 10 seats left" in words(sheet)


def test_offline_says_before_the_tap_that_it_is_a_request(opened, stage, tap):
    sheet = opened(DISCUSSION)
    assert not sheet.promise.isVisible()
    stage.offline()
    assert sheet.promise.isVisible()
    assert "not yet a seat" in sheet.promise.text()
    assert "mail" not in sheet.promise.text()
    assert sheet.confirm_button.text() == "Save my request"
    assert sheet.form.cost.accessibleName().startswith("This request holds 1 token.")
    tap(sheet.confirm_button)
    request = stage.sent[0].request_id
    stage.say_saved(request, "Q-9")
    stage.say_settled(request, "queued", number="Q-9")
    assert sheet.told[0].state == "queued"


def test_offline_a_seat_that_this_kiosk_holds_is_booked_not_asked_for(opened, stage):
    sheet = opened(DISCUSSION)
    ref = SlotRef(session_id=DISCUSSION.session_id, slot=1, generation=1)
    stage.files.queue.slots.add("g", [ref], 10**15, 1)
    stage.offline()
    assert sheet.promise.isVisible()
    assert sheet.promise.property("notice") == "ok"
    assert "this seat is guaranteed" in sheet.promise.text()
    assert sheet.confirm_button.text() == "Confirm booking"
    assert sheet.form.cost.accessibleName().startswith("This booking uses 1 token.")


def test_a_machine_that_cannot_save_says_so(opened, stage, tap):
    sheet = opened(DISCUSSION)
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", number="", code="NOT_SAVED")
    assert "could not save your request" in sheet.summary.text()
    assert sheet.form.isEnabled()
    assert sheet.told == []


def test_typed_text_and_choice_survive_a_change_of_language(opened, qapp, qtbot, tap):
    sheet = opened(DISCUSSION)
    tap(sheet.form.format.card("Hybrid"))
    qtbot.keyClicks(sheet.form.topic.area.edit, "Ethics")
    qapp.sendEvent(qapp, QEvent(QEvent.Type.LanguageChange))
    assert sheet.form.topic.text() == "Ethics"
    assert sheet.form.format.value() == "Hybrid"


def test_the_sheet_goes_when_the_person_is_gone(opened, stage):
    sheet = opened(DISCUSSION)
    stage.visit.handle(VisitEnded())
    assert sheet.told == ["closed"]


def test_every_control_has_a_name_and_is_reached_by_tab(opened, qtbot):
    sheet = opened(SKILLS)
    seen = []
    for _step in range(20):
        widget = QApplication.focusWidget()
        if widget in seen:
            break
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    named = [w.accessibleName() or getattr(w, "text", str)() for w in seen]
    assert all(named)
    assert sheet.confirm_button in seen
    assert any(isinstance(w, QLineEdit) for w in seen)
