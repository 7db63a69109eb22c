"""Whoever taps a button that can be seen has pressed it, wherever the list stands.

Taps go to the window, as a finger's do: what lies on top gets them. A list that can be dragged hands
a tap on only when the finger is up, and asks the screen again what lies there.
"""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScroller

from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.views.day_panel import DayPanel
from kiosk_app.i18n import texts
from tests.helpers import november
from tests.helpers.staging import settle
from tests.unit.desktop.browse.test_crowded_day import DAY, Crowded

UPRIGHT, SLIM, WIDE = (1032, 440, 2), (384, 337, 1), (480, 800, 1)
SHAPES = pytest.mark.parametrize("shape", [UPRIGHT, SLIM, WIDE], ids=["upright", "slim", "wide"])
LANGUAGES = pytest.mark.parametrize("language", texts.LANGUAGES)


@pytest.fixture
def panel(qtbot, campus, shape, language):
    """The panel of a crowded day, offline, and the sessions whose button was pressed."""
    texts.use(language)
    visit = campus.visit
    facts = Facts(Crowded(visit.reading), visit.now, november.ZONE, lambda _row: Offer.REQUEST)
    made = DayPanel(facts)
    made.asked = []
    made.pressed.connect(lambda row: made.asked.append(row.session_id))
    qtbot.addWidget(made)
    width, height, columns = shape
    made.resize(width, height)
    made.set_columns(columns)
    made.show_day(DAY)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.complete)
    return made


def tap(panel, at):
    plain = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(panel.windowHandle(), Qt.MouseButton.LeftButton, plain, at)


def wholly_seen(panel):
    """Return the buttons nothing is cut off of, by session."""
    view = panel._scroll.viewport()
    return {
        key: card.button.mapTo(panel, card.button.rect().center())
        for key, card in panel.cards.items()
        if view.rect().contains(card.button.mapTo(view, QPoint(0, 0)))
        and view.rect().contains(card.button.mapTo(view, card.button.rect().bottomRight()))
    }


@LANGUAGES
@SHAPES
def test_every_button_that_is_seen_takes_the_tap(panel):
    bar, tapped = panel._scroll.verticalScrollBar(), set()
    for at in range(0, 1200, 37):
        bar.setValue(at)
        settle()  # cards that are near now have come
        for key, place in wholly_seen(panel).items():
            panel.asked.clear()
            tap(panel, place)
            assert panel.asked == [key], f"scrolled to {at}"
            tapped.add(key)
    assert len(tapped) > 4


@LANGUAGES
@pytest.mark.parametrize("shape", [UPRIGHT, SLIM])
def test_a_tap_after_a_fling_is_a_tap(qtbot, panel):
    view = panel._scroll.viewport()
    qtbot.waitUntil(lambda: QScroller.hasScroller(view))
    scroller, put = QScroller.scroller(view), QScroller.Input
    scroller.handleInput(put.InputPress, QPointF(60, 200), 0)
    for step in range(1, 9):
        scroller.handleInput(put.InputMove, QPointF(60, 200 - step * 20), step * 10)
    scroller.handleInput(put.InputRelease, QPointF(60, 40), 90)
    assert scroller.state() == QScroller.State.Scrolling
    qtbot.waitUntil(lambda: scroller.state() == QScroller.State.Inactive)
    settle()
    assert panel._scroll.verticalScrollBar().value() > 0
    assert panel.asked == []
    key, place = next(iter(wholly_seen(panel).items()))
    tap(panel, place)
    assert panel.asked == [key]


@LANGUAGES
@pytest.mark.parametrize("shape", [UPRIGHT, SLIM])
def test_a_tap_while_cards_arrive_is_a_tap(panel):
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())  # the cards below this one are made from now on
    made = len(panel.cards)
    key, place = next(iter(wholly_seen(panel).items()))
    tap(panel, place)
    assert panel.asked == [key]
    assert len(panel.cards) >= made
