"""*Is this you?* at the window: only after a card, only after the proof, and nothing before the yes."""

from functools import partial

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.views.is_this_you import IsThisYou
from kiosk_app.desktop.window import ATTRACT, BOOK, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules, meaning
from kiosk_app.sync.events import BalancesChanged, VisitBegan, VisitEnded, VisitRefused
from kiosk_app.sync.intents import Identify, SignOut
from tests.helpers.staging import on_screen, settle
from tests.helpers.student_visit import NOW, PRIYA, PURSE
from tests.helpers.wedge import Keys

GREETING = VisitBegan(student=PRIYA, balances=PURSE, balances_at=NOW)


class Kiosk:
    """A kiosk at the sign-in, with a scanner and an engine that answers as it is told."""

    def __init__(self, stage, qtbot):
        stage.visit.handle(VisitEnded())
        self.stage, self.qtbot, self.visit = stage, qtbot, stage.visit
        self.window = KioskWindow(stage.visit, Setup(), LatePages())
        on_screen(qtbot, self.window)
        self.window.wake()
        settle()
        rules = CardRules()
        arrivals = Arrivals(self.window, stage.visit, partial(meaning, rules=rules))
        self.scanner = CardScanner(self.window, self.window.frame.watch, rules, self.window)
        self.scanner.scanned.connect(arrivals.scanned)
        self.keys = Keys(self.window)
        self.page = self.window.identify

    def come_with_a_card(self, email=PRIYA.email):
        self.keys.scan(PRIYA.student_id)
        self.go_on(email)

    def go_on(self, email=PRIYA.email):
        self.qtbot.keyClicks(self.page.email.edit, email)
        self.tap(self.page.go)

    def tap(self, widget):
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        settle()

    def answer(self, event):
        self.visit.handle(event)
        settle()

    @property
    def question(self):
        return next((o for o in self.window.overlays() if isinstance(o, IsThisYou)), None)

    def texts(self):
        """Return all that can be read or heard of the window."""
        shown = [w for w in self.window.findChildren(QWidget) if w.isVisible()]
        said = [w.text() for w in shown if isinstance(w, QLabel)]
        typed = [self.page.student_id.text(), self.page.email.text()]
        return "\n".join([*said, *typed, *(w.accessibleName() for w in shown)])


@pytest.fixture
def kiosk(stage, qtbot):
    return Kiosk(stage, qtbot)


def test_a_card_and_its_e_mail_are_asked_about_with_first_letters_only(kiosk):
    kiosk.come_with_a_card()
    assert kiosk.stage.sent == [Identify(PRIYA.student_id, PRIYA.email)]
    assert kiosk.question is None
    kiosk.answer(GREETING)
    assert kiosk.question.name.text() == "P••••• R•••••"
    assert kiosk.question.no.hasFocus()
    assert (kiosk.window.frame.page, kiosk.visit.student) == (IDENTIFY, None)
    for secret in ("Priya", "Raman", PRIYA.student_id, PRIYA.email):
        assert secret not in kiosk.texts()


def test_yes_begins_the_visit_with_what_has_come_meanwhile(kiosk):
    kiosk.come_with_a_card()
    kiosk.answer(GREETING)
    newer = structs.replace(PURSE, mock_discussion_token=1)
    kiosk.answer(BalancesChanged(balances=newer, as_of=NOW))
    assert kiosk.visit.balances.mock_discussion_token == 0
    kiosk.tap(kiosk.question.yes)
    assert (kiosk.visit.student, kiosk.visit.balances) == (PRIYA, newer)
    assert (kiosk.window.frame.page, kiosk.question) == (BOOK, None)
    assert SignOut() not in kiosk.stage.sent


def test_a_visit_that_is_renewed_behind_the_question_does_not_answer_it(kiosk):
    kiosk.come_with_a_card()
    kiosk.answer(structs.replace(GREETING, offline=True))
    question = kiosk.question
    kiosk.answer(GREETING)
    assert (kiosk.question, kiosk.visit.student) == (question, None)
    kiosk.tap(question.yes)
    assert (kiosk.visit.student, kiosk.visit.offline_identity) == (PRIYA, False)


@pytest.mark.parametrize("way", ["no", "escape", "walks away"])
def test_whatever_is_no_yes_ends_the_visit_and_shows_nothing(kiosk, way):
    kiosk.come_with_a_card()
    kiosk.answer(GREETING)
    if way == "no":
        kiosk.tap(kiosk.question.no)
    elif way == "escape":
        kiosk.qtbot.keyClick(kiosk.question.no, Qt.Key.Key_Escape)
    else:
        kiosk.window.idle.expired.emit()
    settle()
    assert kiosk.stage.sent[1:] == [SignOut()]
    kiosk.answer(VisitEnded())
    assert kiosk.stage.sent[1:] == [SignOut()]
    assert (kiosk.window.frame.page, kiosk.visit.student) == (ATTRACT, None)
    assert kiosk.question is None
    assert "Raman" not in kiosk.texts()


def test_nobody_is_asked_who_typed_their_student_id(kiosk):
    kiosk.qtbot.keyClicks(kiosk.page.student_id.edit, PRIYA.student_id)
    kiosk.go_on()
    kiosk.answer(GREETING)
    assert (kiosk.question, kiosk.visit.student) == (None, PRIYA)


def test_a_card_s_number_that_somebody_changed_is_a_typed_one(kiosk):
    kiosk.keys.scan("260481")
    kiosk.page.student_id.edit.setFocus()
    kiosk.qtbot.keyClicks(kiosk.page.student_id.edit, "7")
    kiosk.go_on()
    kiosk.answer(GREETING)
    assert (kiosk.question, kiosk.visit.student) == (None, PRIYA)


def test_a_mismatch_reads_the_same_with_a_card_as_without(kiosk):
    refused = VisitRefused(code="IDENTITY_NOT_CONFIRMED")
    kiosk.come_with_a_card("somebody@example.org")
    kiosk.answer(refused)
    by_card = kiosk.page.notice.text()
    assert kiosk.question is None
    kiosk.page.wipe()
    kiosk.qtbot.keyClicks(kiosk.page.student_id.edit, "9999999")
    kiosk.go_on("somebody@example.org")
    kiosk.answer(refused)
    assert kiosk.page.notice.text() == by_card != ""


def test_a_card_is_still_asked_about_after_a_wrong_e_mail(kiosk):
    kiosk.come_with_a_card("somebody@example.org")
    kiosk.answer(VisitRefused(code="IDENTITY_NOT_CONFIRMED"))
    kiosk.page.email.set_text("")
    kiosk.go_on()
    kiosk.answer(GREETING)
    assert kiosk.question is not None


def test_another_card_waits_for_the_answer(kiosk):
    kiosk.come_with_a_card()
    kiosk.answer(GREETING)
    kiosk.keys.scan("2604900")
    assert kiosk.question is not None
    assert kiosk.page.student_id.text() == ""


def test_a_visit_that_lapses_at_the_question_is_over(kiosk):
    kiosk.come_with_a_card()
    kiosk.answer(GREETING)
    kiosk.answer(VisitEnded(expired=True))
    assert (kiosk.question, kiosk.visit.doorstep.occupied) == (None, False)
    assert SignOut() not in kiosk.stage.sent
