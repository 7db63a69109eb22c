"""The calendar as a person uses it: touch and keys on what is shown, over real files."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.delegates.day_cell import fitting
from kiosk_app.desktop.widgets.drop_list import DropList
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n import texts
from kiosk_app.i18n.zones import zone_note
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import Campus, card, seats, shown_ids, touch, touch_day
from tests.helpers.samples import session_facts
from tests.helpers.staging import settle

TUESDAY = date(2026, 11, 24)
LEFT = Qt.MouseButton.LeftButton
LOWEST_CARD = 100


def press(qtbot, view, key):
    qtbot.keyClick(view.month.table, key)


def test_the_page_opens_on_the_calendar_today_and_all_locations(view):
    assert view.filters.mode.current == "calendar"
    assert view.month.isVisible()
    assert view.filters.campus.current == ""
    assert view.month.day == november.TODAY
    assert view._list is None


def test_a_touched_day_lists_exactly_its_sessions(qtbot, view, campus):
    """A43."""
    touch_day(qtbot, view, TUESDAY)
    wanted = [k for k, f in campus.facts.items() if f.exam_date == TUESDAY.isoformat()]
    assert sorted(shown_ids(view)) == sorted(wanted)
    assert view.day.accessibleName() == "Tuesday, November\xa024, In 4 days · 4 sessions"


def test_a_day_that_is_over_cannot_be_chosen(qtbot, view):
    touch_day(qtbot, view, date(2026, 11, 18))
    assert view.month.day == november.TODAY


def test_a_right_click_chooses_nothing(qtbot, view):
    table = view.month.table
    rect = table.visualRect(view.month.model.index_of(TUESDAY))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.RightButton, pos=rect.center())
    assert view.month.day == november.TODAY


def test_keys_walk_by_day_week_and_month(qtbot, view):
    view.month.table.setFocus()
    steps = [
        (Qt.Key.Key_Right, date(2026, 11, 21)),
        (Qt.Key.Key_Down, date(2026, 11, 28)),
        (Qt.Key.Key_Home, date(2026, 11, 22)),
        (Qt.Key.Key_End, date(2026, 11, 28)),
        (Qt.Key.Key_Left, date(2026, 11, 27)),
        (Qt.Key.Key_Up, date(2026, 11, 20)),
        (Qt.Key.Key_Left, november.TODAY),
        (Qt.Key.Key_PageDown, date(2026, 12, 1)),
        (Qt.Key.Key_PageUp, november.TODAY),
        (Qt.Key.Key_PageUp, november.TODAY),
    ]
    for key, day in steps:
        press(qtbot, view, key)
        assert view.month.day == day, key
        assert view.month.table.currentIndex() == view.month.model.index_of(day)


def test_arrows_run_on_into_the_next_month(qtbot, view):
    view.month.table.setFocus()
    for _week in range(3):
        press(qtbot, view, Qt.Key.Key_Down)
    assert (view.month.day, view.month.model.month) == (date(2026, 12, 11), 12)


def test_enter_goes_on_to_the_sessions_of_the_day(qtbot, view):
    view.month.table.setFocus()
    press(qtbot, view, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is next(iter(view.day.cards.values())).button


def test_buttons_turn_the_month_and_come_back_to_today(qtbot, view):
    assert not view.month._back.isEnabled()
    qtbot.mouseClick(view.month._on, LEFT)
    assert view.month._title.text() == "December 2026"
    assert view.month._back.isEnabled()
    qtbot.mouseClick(view.month._today, LEFT)
    assert (view.month._title.text(), view.month.day) == ("November 2026", november.TODAY)


class Paintings(QObject):
    """Counts how often more than a button of a widget is painted."""

    def __init__(self, *watched):
        super().__init__(watched[0])
        self.count = dict.fromkeys(watched, 0)
        for one in watched:
            one.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - the name is Qt's
        if event.type() == QEvent.Type.Paint:
            self.count[watched] += event.region().boundingRect().height() > LOWEST_CARD
        return False


def test_a_month_and_its_cards_are_painted_once(campus, open_view):
    """Some months have six weeks, some first days a card that is lower; neither is seen twice."""
    months = [date(2026, 12, 1), *(date(2027, month, 1) for month in range(1, 8))]
    for number, day in enumerate(months):
        for hour in range(8, 15):
            taken = 16 if hour == 8 and number % 2 else 5
            campus.put(session_facts(f"{day}-{hour}", day=day, hour=hour, total_bookings=taken))
    view = open_view(campus, link=LinkState.OFFLINE)
    grid, cards = view.month.table.viewport(), view.day._list
    view.month.turn(1)
    settle()
    weeks, heights, seen = set(), set(), Paintings(grid, cards)
    for step in [1] * (len(months) - 1) + [-1] * (len(months) - 1):
        before = dict(seen.count)
        view.month.turn(step)
        settle()
        weeks.add(view.month.model.rowCount())
        heights.add(cards.height())
        assert (seen.count[grid] - before[grid], seen.count[cards] - before[cards]) == (1, 1)
    assert weeks == {5, 6}
    assert len(heights) > 1


def test_an_empty_day_offers_the_next_one_that_fits(qtbot, view):
    qtbot.mouseClick(view.filters.campus.button("Mississauga"), LEFT)
    touch_day(qtbot, view, TUESDAY)
    assert view.day._empty.isVisible()
    named = "Mini-mock, Sat,\xa0Nov\xa028, 1:00\xa0pm"
    assert f"Next in Mississauga with seats: {named}" in view.day._empty.words
    assert view.day._empty._after.text() == named
    view.day._empty.resize(260, 600)
    assert view.day._empty._after.text().splitlines() == named.split(", ", 1), "as two lines"
    qtbot.mouseClick(view.day._go, LEFT)
    assert view.month.day == date(2026, 11, 28)
    assert [c.row.campus for c in view.day.cards.values()] == ["Mississauga"]


def test_a_live_change_keeps_the_day_the_focus_and_the_other_cards(qtbot, view, campus):
    touch_day(qtbot, view, TUESDAY)
    cards = dict(view.day.cards)
    one = card(view, MockType.MINI_MOCK)
    one.button.setFocus()
    campus.put(replace(campus.facts[one.row.session_id], total_bookings=5))
    campus.visit.handle(events.SessionsChanged(frozenset({one.row.session_id})))
    assert view.day.cards == cards
    assert seats(one).text == "5 of 10 seats left"
    assert QApplication.focusWidget() is one.button
    assert view.month.day == TUESDAY


def test_another_day_is_written_into_the_cards_there_are_and_books_its_own(qtbot, view):
    touch_day(qtbot, view, TUESDAY)
    before = list(view.day.cards.values())
    thursday = TUESDAY + timedelta(days=2)
    touch_day(qtbot, view, thursday)
    assert list(view.day.cards.values())[: len(before)] == before
    for key, one in view.day.cards.items():
        assert (one.row.session_id, one.row.exam_date) == (key, thursday)
    skills = card(view, MockType.CLINICAL_SKILLS)
    with qtbot.waitSignal(view.book_requested) as asked:
        touch(qtbot, skills.button)
    assert asked.args[0].session_id == skills.row.session_id


def test_what_changes_by_itself_gives_no_card_another_session(qtbot, view, campus):
    """A finger may lie on it."""
    touch_day(qtbot, view, TUESDAY)
    cards = dict(view.day.cards)
    gone, *others = cards
    came = replace(campus.facts[gone], session_id="came")
    campus.put(came, gone=(gone,))
    campus.visit.handle(events.SessionsChanged(frozenset({gone, "came"})))
    assert view.day.cards["came"] not in cards.values()
    assert all(view.day.cards[key] is cards[key] for key in others)


def test_a_session_that_is_cancelled_live_leaves_the_panel(qtbot, view, campus):
    touch_day(qtbot, view, TUESDAY)
    key = november.session_id(TUESDAY, MockType.MINI_MOCK)
    campus.put(replace(campus.facts[key], is_active=False))
    campus.visit.handle(events.SessionsChanged(frozenset({key})))
    assert key not in shown_ids(view)
    assert len(shown_ids(view)) == 3


def test_midnight_moves_today_on(view, campus):
    campus.now += timedelta(hours=10)
    view._clock.timeout.emit()
    assert view.month.day == date(2026, 11, 21)
    assert view.month.model.cell(view.month.model.index_of(november.TODAY)).past


def test_the_language_changes_while_the_page_is_open(qtbot, qapp, campus, view, monkeypatch):
    french = texts.catalogue("fr")
    monkeypatch.setattr(texts._Current, "texts", french)
    monkeypatch.setattr(texts._Current, "language", "fr")
    touch_day(qtbot, view, TUESDAY)
    QApplication.sendEvent(qapp, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: view.month._title.text() == "Novembre 2026")
    assert view.day._title.text() == "Mardi 24\xa0novembre"
    assert card(view, MockType.CLINICAL_SKILLS).face.time == "9\xa0h\xa000\xa0– 12\xa0h\xa000"
    assert view.month._weekdays[0].text() == "dim."
    assert view.head._note.label.text() == zone_note(november.ZONE, campus.now, "fr")


def test_the_zone_is_named_as_it_is_by_the_clock(view, campus):
    winter = view.head._note.label.text()
    assert winter == zone_note(november.ZONE, campus.now)
    campus.now += timedelta(days=200)
    view._clock.timeout.emit()
    assert view.head._note.label.text() == zone_note(november.ZONE, campus.now) != winter


def test_the_next_person_finds_nothing_of_the_last_one(qtbot, view, campus):
    qtbot.mouseClick(view.filters.campus.button("Mississauga"), LEFT)
    view.show_type(MockType.MINI_MOCK)
    touch_day(qtbot, view, date(2026, 11, 28))
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    view.list_page.search.setText("discussion")
    campus.visit.handle(events.VisitEnded())
    assert view.filters.campus.current == ""
    assert view.filters.mock_type is None
    assert view.filters.mode.current == "calendar"
    assert view.list_page.search.text() == ""
    assert view.month.day == november.TODAY
    assert not view.tokens.cards.isVisible()
    rows = view.month.model.cell(view.month.model.index_of(TUESDAY)).rows
    assert {row.standing for row in rows} == {Standing.NONE}


def test_the_kiosks_own_location_comes_first(campus, open_view):
    view = open_view(campus, home_campus="Downtown")
    assert view.filters.campus.current == "Downtown"
    assert (
        view.month.model.with_seats(view.month.model.cell(view.month.model.index_of(TUESDAY))) == 1
    )


def test_types_are_chosen_from_a_menu(qtbot, view):
    qtbot.mouseClick(view.filters.types, LEFT)
    rows = view.findChild(DropList)
    assert view.rect().contains(rows.geometry())
    touch(qtbot, rows.buttons[MockType.CLINICAL_SKILLS.value])
    assert view.filters.mock_type is MockType.CLINICAL_SKILLS
    assert view.filters.types.accessibleName() == "Type of session: Clinical Skills"
    touch_day(qtbot, view, TUESDAY)
    assert len(shown_ids(view)) == 1


def test_the_menu_works_by_keys_and_closes_at_a_touch_elsewhere(qtbot, view):
    types = view.filters.types
    types.setFocus()
    qtbot.keyClick(types, Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert view.filters.mock_type is MockType.SITUATIONAL_JUDGMENT
    assert QApplication.focusWidget() is types
    qtbot.mouseClick(types, LEFT)
    day = view.month.day
    touch_day(qtbot, view, TUESDAY)
    assert not any(rows.isVisible() for rows in view.findChildren(DropList))
    assert view.month.day == day
    qtbot.mouseClick(types, LEFT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is types
    assert view.filters.mock_type is MockType.SITUATIONAL_JUDGMENT


@pytest.mark.parametrize(
    ("size", "above", "columns"),
    [((1920, 984), False, 1), ((1280, 704), False, 1), ((1080, 1696), True, 2)],
)
def test_an_upright_screen_sets_the_day_under_the_calendar(campus, open_view, size, above, columns):
    view = open_view(campus, size=size)
    assert (view.width(), view.height()) == size
    below = view.day.y() > view.month.geometry().bottom()
    assert (below, view.day._columns) == (above, columns)


def test_before_the_first_sync_the_page_says_that_it_loads(tmp_path, open_view, qtbot):

    campus = Campus(tmp_path, [])
    view = open_view(campus)
    qtbot.waitUntil(lambda: view.month.model.loading)
    assert view.month._hint.text() == "Loading sessions…"
    assert view.day._skeleton.isVisible()
    campus.link(LinkState.OFFLINE)
    assert "offline" in view.day._empty.words
    campus.put(*november.sessions())
    campus.visit.handle(events.SessionsChanged(None))
    assert not view.month.model.loading
    assert len(view.day.cards) == 3
    campus.close()


def test_a_kiosk_left_alone_over_midnight_shows_the_new_month(view, campus):
    campus.now = datetime(2026, 12, 1, 6, tzinfo=UTC)
    view.month.tick()
    assert (view.month.model.year, view.month.model.month) == (2026, 12)
    assert view.month.day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("height", "gone", "pills"), [(1200, 0, 4), (984, 1, 3), (704, 4, 2), (440, 4, 1)]
)
def test_the_oldest_weeks_that_are_over_give_way_to_the_sessions_of_a_day(
    campus, open_view, height, gone, pills
):
    campus.now = datetime(2026, 11, 29, 17, tzinfo=UTC)
    table = open_view(campus, size=(1920, height)).month.table
    assert [table.isRowHidden(week) for week in range(7)] == [True] * gone + [False] * (7 - gone)
    assert fitting(table.rowHeight(4)) == pills
    today = table.visualRect(table.model().index_of(date(2026, 11, 29)))
    assert table.viewport().rect().contains(today)


def test_the_head_names_both_months_at_the_end_of_one(view, campus):
    campus.now = datetime(2026, 11, 29, 17, tzinfo=UTC)
    view.month.tick()
    assert view.month._title.text() == "November – December 2026"
    assert view.month.model.index_of(date(2026, 12, 19)).isValid()
