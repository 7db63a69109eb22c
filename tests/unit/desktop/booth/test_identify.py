"""Signing in: both fields together, one message for any mismatch, nothing typed is lost or left."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.views import identify as module
from kiosk_app.desktop.views.identify import IdentifyView
from kiosk_app.desktop.widgets import keys
from kiosk_app.desktop.widgets.frame import Frame, Place
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import OFFLINE_UNKNOWN, VisitEnded, VisitRefused
from kiosk_app.sync.intents import Identify
from tests.helpers.staging import on_screen, settle
from tests.helpers.student_visit import StudentVisit


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    student = StudentVisit(tmp_path_factory.mktemp("device"), sessions=[])
    yield student
    student.close()


@pytest.fixture
def desk(files):
    """The device with nobody signed in."""
    files.visit.handle(VisitEnded())
    files.sent.clear()
    return files


@pytest.fixture
def frame(qtbot, desk):
    frame = Frame(LatePages(), Place(campus="Toronto Campus – Downtown"), lambda: desk.now)
    frame.view = IdentifyView(desk.visit)
    frame.view.own_domains = ("student.campus.example",)
    frame.add_page("identify", frame.view)
    return on_screen(qtbot, frame, 1920, 1080)


@pytest.fixture
def view(frame):
    return frame.view


def fill(qtbot, view, student_id="2604817", email="priya.raman@gmail.com"):
    for field, text in ((view.student_id, student_id), (view.email, email)):
        field.edit.setFocus()
        qtbot.keyClicks(field.edit, text)


def go(qtbot, view):
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)


def test_it_begins_in_the_first_field_with_the_keyboard_up(qtbot, frame, view):
    assert view.student_id.edit.hasFocus()
    qtbot.waitUntil(frame.keyboard.isVisible)
    for widget in (view.student_id, view.email, view.go):
        assert widget.mapTo(frame, QPoint(0, widget.height())).y() <= frame.keyboard.y()


def test_both_fields_go_together_once(qtbot, view, desk):
    fill(qtbot, view)
    qtbot.mouseDClick(view.go, Qt.MouseButton.LeftButton)
    go(qtbot, view)
    qtbot.keyClick(view.email.edit, Qt.Key.Key_Return)
    assert desk.sent == [Identify("2604817", "priya.raman@gmail.com")]
    assert view.go.busy
    assert view.go.text() == "Checking…"


@pytest.mark.parametrize("typed", ["qx4417", " QX4417 "])
def test_a_student_id_may_be_typed_in_any_case(qtbot, view, desk, typed):
    fill(qtbot, view, typed)
    go(qtbot, view)
    assert desk.sent == [Identify("QX4417", "priya.raman@gmail.com")]


def test_the_on_screen_keyboard_alone_is_enough(qtbot, frame, view, desk):
    qtbot.waitUntil(frame.keyboard.isVisible)
    for key in (*"26", keys.ENTER, *"ana"):
        qtbot.mouseClick(frame.keyboard.pad.key(key), Qt.MouseButton.LeftButton)
        settle()
    qtbot.mouseClick(frame.keyboard.chips[0], Qt.MouseButton.LeftButton)
    assert frame.keyboard.pad.key(keys.ENTER).text() == "Continue"
    qtbot.mouseClick(frame.keyboard.pad.key(keys.ENTER), Qt.MouseButton.LeftButton)
    assert desk.sent == [Identify("26", "ana@gmail.com")]


def test_the_keyboard_stays_while_continue_is_touched(qtbot, frame, view, desk):
    qtbot.waitUntil(frame.keyboard.isVisible)
    go(qtbot, view)
    settle()
    assert frame.keyboard.isVisible()
    assert view.student_id.edit.hasFocus()


def test_return_goes_on_and_then_submits(qtbot, view, desk):
    qtbot.keyClicks(view.student_id.edit, "26")
    qtbot.keyClick(view.student_id.edit, Qt.Key.Key_Return)
    assert view.email.edit.hasFocus()
    qtbot.keyClicks(view.email.edit, "a@b.ca")
    qtbot.keyClick(view.email.edit, Qt.Key.Key_Return)
    assert desk.sent == [Identify("26", "a@b.ca")]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (("", "a@b.ca"), "Type your student ID."),
        (("26-04", "a@b.ca"), "Use letters and digits only."),
        (("26", ""), "Type your e-mail."),
        (("26", "ana"), "Write it in full, like name@school.ca."),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_and_not_sent(qtbot, view, desk, typed, fault):
    fill(qtbot, view, *typed)
    go(qtbot, view)
    assert desk.sent == []
    wrong = next(f for f in (view.student_id, view.email) if f.error)
    assert wrong.error == fault
    assert wrong.edit.hasFocus()
    seen = QAccessible.queryAccessibleInterface(wrong.edit)
    assert seen.text(QAccessible.Text.Description) == fault
    qtbot.keyClicks(wrong.edit, "x")
    assert wrong.error is None


def test_a_field_is_judged_when_it_is_left_not_while_it_is_typed(qtbot, view):
    qtbot.keyClicks(view.student_id.edit, "26-")
    assert view.student_id.error is None
    qtbot.keyClick(view.student_id.edit, Qt.Key.Key_Tab)
    assert view.student_id.error == "Use letters and digits only."


@pytest.mark.parametrize(
    "code", ["NO_MATCH", "EMAIL_MISMATCH", "STUDENT_NOT_FOUND", "CONTACT_NOT_FOUND"]
)
def test_every_mismatch_reads_the_same_and_loses_nothing(qtbot, view, desk, code):
    fill(qtbot, view)
    go(qtbot, view)
    desk.visit.handle(VisitRefused(code=code))
    assert view.notice.text() == (
        "We could not find a match. Check both fields, or ask the front desk."
    )
    assert (view.student_id.error, view.email.error) == ("", "")
    assert (view.student_id.text(), view.email.text()) == ("2604817", "priya.raman@gmail.com")
    assert not view.go.busy
    assert view.go.text() == "Continue"


def test_after_a_mismatch_one_can_change_and_try_again(qtbot, view, desk):
    fill(qtbot, view)
    go(qtbot, view)
    desk.visit.handle(VisitRefused(code="NO_MATCH"))
    qtbot.keyClicks(view.email.edit, "x")
    assert view.notice.isHidden()
    assert view.student_id.error is None
    go(qtbot, view)
    assert [i.email for i in desk.sent] == ["priya.raman@gmail.com", "priya.raman@gmail.comx"]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (VisitRefused(code="TOO_MANY_ATTEMPTS", retry_after=200), "Wait 4 minutes"),
        (VisitRefused(code="TOO_MANY_ATTEMPTS"), "Wait a few minutes"),
        (VisitRefused(code=OFFLINE_UNKNOWN), "does not know you yet"),
        (VisitRefused(code="UNAUTHORIZED"), "enrol it again"),
        (VisitRefused(code="SERVICE_DEGRADED"), "Try again in a few minutes"),
        (VisitRefused(code="NEW_CODE_OF_LATER"), sentence("INTERNAL_ERROR")),
    ],
)
def test_other_refusals_blame_no_field(qtbot, view, desk, refusal, said):
    fill(qtbot, view)
    go(qtbot, view)
    desk.visit.handle(refusal)
    assert said in view.notice.text()
    assert view.student_id.error is None
    assert view.email.error is None


def test_offline_is_a_warning_and_no_error(qtbot, view, desk):
    fill(qtbot, view)
    go(qtbot, view)
    desk.visit.handle(VisitRefused(code=OFFLINE_UNKNOWN))
    assert view.notice.property("notice") == "warn"


def test_a_slip_in_the_domain_is_offered_and_taken_with_a_tap(qtbot, view, desk):
    fill(qtbot, view, email="priya.raman@gmial.com")
    qtbot.keyClick(view.email.edit, Qt.Key.Key_Tab)
    assert view.suggestion.isVisible()
    assert view.suggestion.text() == "Did you mean priya.raman@gmail.com?"
    assert view.suggestion.height() >= 56
    qtbot.mouseClick(view.suggestion, Qt.MouseButton.LeftButton)
    assert view.email.text() == "priya.raman@gmail.com"
    assert not view.suggestion.isVisible()
    assert desk.sent == []


def test_the_domain_of_the_campus_is_known_when_it_is_mistyped(qtbot, view):
    view.own_domains = ("campus.example",)
    fill(qtbot, view, email="priya.raman@campus.exmaple")
    qtbot.keyClick(view.email.edit, Qt.Key.Key_Tab)
    assert view.suggestion.text() == "Did you mean priya.raman@campus.example?"


def test_a_long_wait_is_said(qtbot, view, desk):
    view._patience.setInterval(1)
    fill(qtbot, view)
    go(qtbot, view)
    qtbot.waitUntil(lambda: view.go.text().startswith("Still checking"))
    desk.visit.handle(VisitRefused(code="NO_MATCH"))
    assert view.go.text() == "Continue"


def test_nothing_can_be_changed_while_the_answer_is_awaited(qtbot, view, desk):
    fill(qtbot, view)
    go(qtbot, view)
    qtbot.keyClicks(view.email.edit, "x")
    assert view.email.text() == "priya.raman@gmail.com"


@pytest.mark.parametrize("what", ["begins", "ends"])
def test_it_forgets_when_a_visit_begins_or_ends(qtbot, view, desk, what):
    fill(qtbot, view)
    go(qtbot, view)
    if what == "begins":
        desk.visit.began.emit()
    else:
        desk.visit.handle(VisitEnded())
    assert (view.student_id.text(), view.email.text()) == ("", "")
    assert not view.go.busy
    view.email.edit.undo()
    assert view.email.text() == ""


def test_it_forgets_what_somebody_typed_and_left(qtbot, view):
    assert module.FORGET_MS == 60_000
    view._forget.setInterval(1)
    fill(qtbot, view)
    qtbot.waitUntil(lambda: view.student_id.text() + view.email.text() == "")
    assert view.notice.isHidden()


def test_another_language_keeps_what_was_typed_and_says_the_rest_anew(
    qtbot, view, desk, another_language
):
    fill(qtbot, view, student_id="26-")
    go(qtbot, view)
    another_language(view)
    assert view.heading.text() == "TYPE YOUR STUDENT ID OYEZ"
    assert view.student_id.error == "USE LETTERS AND DIGITS ONLY. OYEZ"
    assert view.student_id.text() == "26-"
    assert view.student_id.edit.accessibleName() == "STUDENT ID OYEZ"


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 800)])
@pytest.mark.parametrize("refused", [False, True])
def test_continue_stays_above_the_keyboard_on_every_screen(qtbot, frame, size, refused):
    view = frame.view
    frame.resize(*size)
    qtbot.waitUntil(frame.keyboard.isVisible)
    if refused:
        view.email.set_text("priya.raman@gmial.com")
        view._refused(VisitRefused(code="NO_MATCH"))
    settle()
    bottom = view.go.mapTo(frame, QPoint(0, view.go.height())).y()
    assert bottom <= frame.keyboard.y()
    assert view.go.mapTo(frame, QPoint(view.go.width(), 0)).x() <= frame.width()
