"""*E-mail it to me*: to whom it says it goes, and what it says became of it."""

import pytest
from PySide6.QtCore import Qt

from kiosk_app.contract.bookings import BookingState
from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views.booking_dialogs import DetailsDialog
from kiosk_app.desktop.views.confirmation import ConfirmationView
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import PassMailed, RequestSettled, VisitEnded
from kiosk_app.sync.intents import MailPass
from tests.helpers.student_visit import DISCUSSION, NOW, SKILLS, booked

MASKED = "p•••••@g•••••.com"


def settled(state):
    booking = "b-1" if state == "confirmed" else None
    return RequestSettled(request_id="r", state=state, number="Q-1", booking_ref=booking)


@pytest.fixture
def page(qtbot, stage, window):
    """Return a maker of passes in a state, of a server that mails."""
    stage.offer("mail")

    def act(state="confirmed"):
        view = ConfirmationView(stage.visit)
        window.layout().addWidget(view)
        row = stage.row(DISCUSSION)
        view.show_placed(
            Placed(
                request_id="r",
                row=row,
                choices=Choices(discussion_format=row.delivery_format),
                opinion=stage.visit.opinion(row),
                placed_at=NOW,
                settled=settled(state) if state else None,
            )
        )
        qtbot.waitUntil(view.isVisible)
        return view

    return act


@pytest.fixture
def details(stage, window, qtbot):
    """Return a way to open everything about the one booking there is."""

    def act():
        [row] = stage.visit.bookings()
        dialog = DetailsDialog(row, window, stage.visit)
        dialog.open()
        qtbot.waitUntil(dialog.panel.isVisible)
        return dialog

    return act


def asked(stage):
    return [one for one in stage.sent if isinstance(one, MailPass)]


def answer(stage, state, **more):
    stage.visit.handle(PassMailed(ref="b-1", state=state, **more))


def test_it_says_to_whom_it_goes_and_goes_once_for_a_press(page, stage, tap):
    mail = page().mail
    assert mail.note.text() == f"The e-mail goes to {MASKED}."
    assert mail.button.accessibleDescription() == mail.note.text()
    assert mail.button.height() >= 56
    tap(mail.button)
    tap(mail.button)
    [one] = asked(stage)
    assert one.ref == "b-1"
    assert mail.button.text() == "Sending…"
    answer(stage, "queued", address=MASKED)
    assert mail.note.text() == f"The confirmation is on its way to {MASKED}."
    tap(mail.button)
    assert asked(stage)[1].key != one.key
    answer(stage, "under_way", address=MASKED)
    assert "already on its way" in mail.note.text()


def test_the_keyboard_does_it(page, stage, qtbot):
    mail = page().mail
    mail.button.setFocus()
    qtbot.keyClick(mail.button, Qt.Key.Key_Space)
    assert len(asked(stage)) == 1


def test_what_nobody_answered_is_asked_for_again_as_the_same_mail(page, stage, tap):
    mail = page().mail
    tap(mail.button)
    answer(stage, "unknown", code="MAIL_UNANSWERED")
    assert mail.note.text() == code_sentence("MAIL_UNANSWERED")
    tap(mail.button)
    answer(stage, "refused", code="RATE_LIMITED")
    assert mail.note.text() == sentence("RATE_LIMITED", "en")
    tap(mail.button)
    first, again, other = asked(stage)
    assert first == again != other


@pytest.mark.parametrize("state", [None, "queued", "guaranteed", "unknown"])
def test_what_is_no_booking_yet_says_when_the_mail_goes(page, stage, state):
    stage.offline()
    view = page(state)
    assert not view.mail.button.isVisible()
    assert view.mail.note.text() == (
        f"The confirmation goes to {MASKED} once the booking is confirmed."
    )
    stage.online()
    stage.visit.handle(settled("confirmed"))
    assert view.mail.button.isVisible()
    assert view.mail.note.text() == f"The e-mail goes to {MASKED}."


def test_what_was_refused_offers_none(page):
    view = page("refused")
    assert not view.mail.button.isVisible()
    assert not view.mail.note.isVisible()


def test_without_a_connection_it_says_so_before_the_tap(page, stage):
    mail = page().mail
    stage.offline()
    assert not mail.button.isEnabled()
    assert mail.note.text() == code_sentence("MAIL_OFFLINE")
    stage.online()
    assert mail.button.isEnabled()


def test_a_server_that_mails_nothing_promises_nothing(page, stage):
    stage.offer()
    view = page()
    for one in (view.mail.button, view.mail.note):
        assert not one.isVisible()


def test_it_forgets_the_person(page, stage, tap):
    mail = page().mail
    tap(mail.button)
    stage.visit.handle(VisitEnded())
    assert (mail.note.text(), mail.button.isVisible()) == ("", False)
    answer(stage, "queued", address=MASKED)
    assert mail.note.text() == ""


@pytest.mark.parametrize(
    ("record", "offered"),
    [
        ({}, True),
        ({"is_active": BookingState.CANCELLED}, False),
        ({"is_active": BookingState.COMPLETED}, False),
    ],
)
def test_my_bookings_offer_it_for_what_stands(stage, details, tap, record, offered):
    stage.offer("mail")
    stage.set_bookings(booked(SKILLS, id="b-1", **record))
    dialog = details()
    assert dialog.mail.button.isVisible() is offered
    assert dialog.mail.note.isVisible() is offered
    if offered:
        tap(dialog.mail.button)
        assert asked(stage)[0].ref == "b-1"
        answer(stage, "queued", address=MASKED)
        assert MASKED in dialog.mail.note.text()


def test_a_request_in_my_bookings_says_when_its_mail_goes(stage, details):
    stage.offer("mail")
    stage.offline()
    stage.save(SKILLS)
    assert stage.visit.bookings()[0].standing is Standing.QUEUED
    dialog = details()
    assert "once the booking is confirmed" in dialog.mail.note.text()
    assert not dialog.mail.button.isVisible()
