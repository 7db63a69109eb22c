"""A seat that went to somebody else: the nearest others, as many as the screen has room for."""

from datetime import date

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import motion
from kiosk_app.desktop.views.refusal_panel import LEAST, MOST, alternatives
from tests.helpers.samples import session_facts
from tests.helpers.staging import settle
from tests.helpers.student_visit import MINI, OTHER_MINIS, booked


def test_alternatives_leave_out_what_cannot_be_booked(stage):
    stage.set_bookings(booked(OTHER_MINIS[2]))
    found = alternatives(stage.visit, stage.row(MINI))
    assert [row.session_id for row in found] == ["s-mini-3", "s-mini-4", "s-mini-1"]


@pytest.fixture
def crowded(stage):
    """More other sessions than are ever shown."""
    more = [
        session_facts(
            f"s-more-{day}",
            mock_type=MockType.MINI_MOCK,
            day=date(2026, 12, day),
            hour=11,
            capacity=10,
            total_bookings=2,
            location="North York – Room N210",
        )
        for day in range(12, 17)
    ]
    stage.change(*more)
    return stage


def test_on_an_upright_screen_the_way_back_stays_in_sight(crowded, opened, tap, window, qtbot):
    """Even if the seat is lost while the sheet is still sliding in."""
    motion.reduce(wanted=False)
    crowded.offer("waitlist")
    window.resize(1080, 1920)
    sheet = opened(MINI)
    sheet._slide.setDuration(60_000)
    sheet.confirm_button.click()
    crowded.say_settled(crowded.sent[0].request_id, "refused", code="EXAM_FULL")
    sheet._slide.setCurrentTime(60_000)
    settle()
    assert len(sheet.refusal.others) == MOST
    foot = sheet.cancel_button
    bottom = foot.mapTo(sheet, foot.rect().bottomLeft()).y()
    assert bottom < sheet.panel.geometry().bottom() <= sheet.height()
    assert sheet.body.verticalScrollBar().maximum() == 0


def test_as_many_others_as_have_room_are_offered_the_nearest_of_them(crowded, opened, tap, window):
    stage = crowded
    sheet = opened(MINI)
    tap(sheet.confirm_button)
    stage.say_settled(stage.sent[0].request_id, "refused", code="EXAM_FULL")
    nearest = [row.session_id for row in alternatives(stage.visit, stage.row(MINI), MOST)]
    assert {o.row.session_id for o in sheet.refusal.others} == set(nearest)
    for height in (1080, 900, 600):
        window.resize(1280, height)
        shown = sheet.refusal.others
        assert {o.row.session_id for o in shown} == set(nearest[: len(shown)])
        keys = [(o.row.campus != "North York", o.row.starts_at) for o in shown]
        assert keys == sorted(keys)
        fits = sheet.body.verticalScrollBar().maximum() == 0
        assert fits or len(shown) == LEAST
    assert len(sheet.refusal.others) == LEAST
