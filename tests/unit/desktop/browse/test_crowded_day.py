"""A day with more sessions than anybody sees at once: cards come as one scrolls to them."""

from datetime import date
from itertools import islice

import pytest
from msgspec.structs import replace

from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.views.day_panel import DayPanel
from kiosk_app.domain.listing import DaySessions
from tests.helpers import november

DAY = date(2026, 11, 28)
CROWD = 60


class Crowded:
    """A reading whose day has many sessions; everything else is the real one."""

    def __init__(self, reading):
        self._reading = reading

    def __getattr__(self, name):
        return getattr(self._reading, name)

    def day(self, day, wanted, student_id=None, *, after, room):
        row = self._reading.day(day, wanted, student_id, after=after, room=1).rows[0]
        rows = (replace(row, session_id=f"s{number:02}") for number in range(CROWD))
        return DaySessions(CROWD, tuple(islice(rows, room)))


@pytest.fixture
def panel(qtbot, campus):
    visit = campus.visit
    facts = Facts(Crowded(visit.reading), visit.now, november.ZONE, lambda _row: Offer.BOOK)
    made = DayPanel(facts)
    qtbot.addWidget(made)
    made.resize(480, 800)
    made.show_day(DAY)
    made.show()
    qtbot.waitUntil(lambda: made.complete)
    return made


def test_only_the_first_cards_of_a_crowded_day_are_made(panel):
    assert 4 <= len(panel.cards) < CROWD // 3
    assert list(panel.cards) == [f"s{number:02}" for number in range(len(panel.cards))]
    hidden = sum(
        panel._scroll.viewport().height() < card.geometry().center().y()
        for card in panel.cards.values()
    )
    rest = CROWD - len(panel.cards)
    assert panel._more.text() == f"{hidden + rest} more sessions"


def test_scrolling_on_makes_every_card(panel, qtbot):
    bar = panel._scroll.verticalScrollBar()

    def at_the_end():
        bar.setValue(bar.maximum())
        return len(panel.cards) == CROWD

    qtbot.waitUntil(at_the_end)
    assert list(panel.cards) == [f"s{number:02}" for number in range(CROWD)]
    bar.setValue(bar.maximum())
    qtbot.waitUntil(panel._more.isHidden)


def test_another_day_is_written_on_the_cards_there_are(panel, campus, qtbot):
    before = list(panel.cards.values())
    panel._reading = campus.visit.reading
    panel.show_day(date(2026, 11, 24))
    assert list(panel.cards.values()) == before[: len(panel.cards)]
    assert [card.row for card in panel.cards.values()] == [*panel._rows]
    assert [card.isVisible() for card in before] == [
        card in panel.cards.values() for card in before
    ]
    panel._reading = Crowded(campus.visit.reading)
    panel.show_day(DAY)
    qtbot.waitUntil(lambda: panel.complete)
    assert list(panel.cards.values())[: len(before)] == before
    assert list(panel.cards) == [f"s{number:02}" for number in range(len(panel.cards))]


def test_spare_cards_go_with_the_person_they_were_written_for(panel, campus):
    panel._reading = campus.visit.reading
    panel.show_day(date(2026, 11, 24))
    assert panel._spare
    panel.ask(panel._wanted, "S-OTHER", online=True)
    assert not panel._spare
    assert panel._placed == list(panel.cards.values())


def test_a_card_that_has_something_to_say_is_made_out_of_turn(panel):
    assert "s40" not in panel.cards
    card = panel.card_of("s40")
    assert card is panel.cards["s40"]
    assert panel.card_of("nobody") is None
