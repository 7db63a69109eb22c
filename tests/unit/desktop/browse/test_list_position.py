"""Where the list stands and which of its rows is chosen, while sessions, the clock and the question change."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk_app.contract.sessions import MockType
from kiosk_app.sync import events
from tests.helpers import november
from tests.unit.desktop.browse.test_browse_list import LEFT, TUESDAY, rows


def test_a_live_change_keeps_scroll_and_choice(qtbot, page, campus):
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    for _row in range(20):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    bar = page.table.verticalScrollBar()
    chosen, at = rows(page)[page.table.currentIndex().row()].session_id, bar.value()
    key = november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)
    campus.put(replace(campus.facts[key], total_bookings=11))
    campus.visit.handle(events.SessionsChanged(frozenset({key})))
    assert bar.value() == at > 0
    assert rows(page)[page.table.currentIndex().row()].session_id == chosen


@pytest.mark.parametrize("what", ["search", "dates", "place"])
def test_a_list_of_other_sessions_is_read_from_its_first(qtbot, view, page, what):
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    if what == "search":
        qtbot.keyClicks(page.search, "room")
        qtbot.waitUntil(lambda: page.model.rowCount() < 38)
    elif what == "dates":
        qtbot.mouseClick(page.presets.button("30"), LEFT)
    else:
        qtbot.mouseClick(view.filters.campus.button("Downtown"), LEFT)
    assert bar.maximum() > 0, "there is still more than fits"
    assert bar.value() == 0


def test_a_minute_that_goes_by_leaves_the_list_where_it_is(page, campus):
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    at = bar.value()
    campus.now += timedelta(minutes=1)
    page.tick()
    assert bar.value() == at > 0


def test_the_choice_follows_its_session_when_one_before_it_goes(qtbot, page, campus):
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    for _row in range(3):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    chosen = rows(page)[3].session_id
    gone = rows(page)[0].session_id
    campus.put(gone=(gone,))
    campus.visit.handle(events.SessionsChanged(frozenset({gone})))
    assert (
        rows(page)[page.table.currentIndex().row()].session_id == chosen == rows(page)[2].session_id
    )


def test_home_and_end_go_to_the_first_row_and_the_last(qtbot, page):
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    for key, row in ((Qt.Key.Key_End, 37), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(page.table, key)
        assert page.table.currentIndex().row() == row
        inside = page.table.viewport().rect()
        assert inside.contains(page.table.visualRect(page.table.currentIndex()).center())
