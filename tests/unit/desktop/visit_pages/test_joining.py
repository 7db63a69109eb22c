"""*Join* on an online booking: there when the server says where the meeting is, gone when it is over."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.wire import read_instant
from kiosk_app.desktop.views.bookings import BookingsView
from kiosk_app.desktop.views.join_dialog import JoinDialog
from kiosk_app.desktop.widgets.passing import open_over
from kiosk_app.domain.listing import LONGEST_JOIN_URL
from kiosk_app.sync.events import VisitEnded
from tests.helpers.staging import on_screen, settle
from tests.helpers.student_visit import DISCUSSION, booked

MEETING = "https://meet.example.org/j/8841902?pwd=c2Vzc2lvbg"


@pytest.fixture
def view(stage, qtbot):
    return on_screen(qtbot, BookingsView(stage.visit), 1920, 1080)


def shown(view, stage, **more):
    """Show the booking of a discussion that begins in five minutes; return its row."""
    stage.now = read_instant(DISCUSSION.starts_at) - timedelta(minutes=5)
    stage.set_bookings(booked(DISCUSSION, **more))
    settle()
    (item,) = [*view.list.items, *view.recent.items]
    return item


def test_a_booking_is_joined_by_a_code_for_one_s_own_phone(view, stage, tap):
    item = shown(view, stage, join_url=MEETING)
    assert item.join_button.isVisible()
    assert item.join_button.accessibleName().startswith("Join: Mock Discussion")
    tap(item.join_button)
    (dialog,) = open_over(view)
    assert isinstance(dialog, JoinDialog)
    assert len(dialog.code.modules()) > 20
    said = [label.text() for label in view.findChildren(QLabel)]
    assert not any("meet.example.org" in text for text in said), (
        "who stands behind reads no address"
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"join_url": MEETING, "is_active": BookingState.CANCELLED},
        {"join_url": MEETING, "is_active": BookingState.COMPLETED},
        {"join_url": f"https://meet.example.org/{'x' * LONGEST_JOIN_URL}"},
    ],
)
def test_nothing_to_join(view, stage, more):
    assert not shown(view, stage, **more).join_button.isVisible()


def test_the_button_goes_with_the_end_of_the_session(view, stage):
    shown(view, stage, join_url=MEETING)
    stage.now = read_instant(DISCUSSION.ends_at) - timedelta(seconds=1)
    view.refresh()
    assert [i.join_button.isVisible() for i in view.list.items] == [True]
    stage.now = read_instant(DISCUSSION.ends_at)
    view.refresh()
    assert [i.join_button.isVisible() for i in view.recent.items] == [False]


def test_the_code_goes_with_the_person(view, stage, tap):
    tap(shown(view, stage, join_url=MEETING).join_button)
    stage.visit.handle(VisitEnded())
    settle()
    assert open_over(view) == []
