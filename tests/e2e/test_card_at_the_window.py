"""A card at the real window, with a real backend behind it: who is let in, and what stays when not."""

import pytest

from kiosk_app.desktop.views.is_this_you import IsThisYou
from kiosk_app.desktop.window import ATTRACT, BOOK, IDENTIFY
from tests.helpers.wedge import Keys


@pytest.fixture
def asked(booth, student):
    """A kiosk that asks the owner of a card whether it is theirs; the question."""
    booth.person.wait(lambda: booth.program.furniture is not None, "the scanner")
    Keys(booth.window).scan(student.number)
    booth.steps._on(IDENTIFY)
    page = booth.window.identify
    booth.person.wait(lambda: page.student_id.text() == student.number, "the number of the card")
    booth.person.type_into(page.email.edit, student.email)
    booth.person.tap(page.go)
    booth.person.wait(lambda: bool(booth.window.overlays()), "the question")
    (question,) = booth.window.overlays()
    assert isinstance(question, IsThisYou)
    booth.person.settle()
    return question


def test_a_yes_opens_the_visit(booth, asked, student):
    assert asked.name.text() == "A••••• Q•••••"
    assert booth.holding(student.number, student.email, student.name) == {}
    booth.person.tap(asked.yes)
    booth.steps._on(BOOK)
    assert booth.visit.student_id == student.number


def test_who_says_no_is_forgotten(booth, asked, student):
    assert booth.station.visiting is not None
    booth.person.tap(asked.no)
    booth.steps._on(ATTRACT)
    assert (booth.visit.student, booth.station.visiting) == (None, None)
    assert booth.holding(student.number, student.email, student.name) == {}
