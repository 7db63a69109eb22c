"""The list as a person uses it: painted buttons, the head, search, dates, narrow screens."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.models.sessions import Column
from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.views.list_page import span_of
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n import texts
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import Campus, bring, touch
from tests.helpers.staging import Counted, settle

LEFT = Qt.MouseButton.LeftButton
TUESDAY = date(2026, 11, 24)


def rows(page):
    return [page.model.row(n) for n in range(page.model.rowCount())]


def number(page, mock_type, day=TUESDAY):
    return next(
        n for n, row in enumerate(rows(page)) if (row.mock_type, row.exam_date) == (mock_type, day)
    )


def touch_button(qtbot, page, at):
    page.table.scrollTo(page.model.index(at, Column.ACTION))
    touch(qtbot, page.table.viewport(), page.table.button_rect(at).center())


def touch_head(qtbot, page, column):
    qtbot.mouseClick(page.head.buttons[int(column)], LEFT)


def test_a_list_that_is_shown_again_has_read_what_changed_meanwhile(qtbot, view, page, campus):
    at = number(page, MockType.MINI_MOCK)
    row = page.model.row(at)
    qtbot.mouseClick(view.filters.mode.button("calendar"), LEFT)
    campus.put(replace(campus.facts[row.session_id], total_bookings=row.capacity))
    campus.visit.handle(events.SessionsChanged(frozenset({row.session_id})))
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    assert row.left > 0
    assert page.model.row(at).left == 0


def test_a_list_that_nobody_sees_forgets_who_was_there(qtbot, view, page, campus):
    assert {row.standing for row in rows(page)} > {Standing.NONE}
    qtbot.mouseClick(view.filters.mode.button("calendar"), LEFT)
    campus.visit.handle(events.VisitEnded(expired=False))
    assert {row.standing for row in rows(page)} == {Standing.NONE}


def test_nothing_is_left_below_the_last_row(page):
    page.search.setText("mini north")
    page.search.asked.emit("mini north")
    below = page.table.rowViewportPosition(page.model.rowCount() - 1) + 200
    seen = page.table.viewport().grab().toImage()
    assert 0 < below < seen.height()
    assert seen.pixelColor(60, below) == theme.current().color("surface")


def test_the_list_is_built_when_it_is_first_shown(qtbot, view):
    assert view._list is None
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    assert view.list_page.isVisible()
    assert not view.month.isVisible()


def test_it_shows_what_has_not_started_by_date(page):
    """A41, A47."""
    shown = rows(page)
    assert all(row.starts_at > november.NOW for row in shown)
    assert [r.starts_at for r in shown] == sorted(r.starts_at for r in shown)
    assert page._count.text() == "38 sessions"
    assert page.table.accessibleDescription() == "Choose a session to book it"


def test_the_painted_button_books(qtbot, view, page):
    at = number(page, MockType.CLINICAL_SKILLS)
    with qtbot.waitSignal(view.book_requested) as asked:
        touch_button(qtbot, page, at)
    assert asked.args[0].session_id == november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)


def test_a_touch_beside_the_button_only_chooses_the_row(qtbot, view, page):
    at = number(page, MockType.CLINICAL_SKILLS)
    page.table.scrollTo(page.model.index(at, 0))
    spot = page.table.visualRect(page.model.index(at, Column.SESSION)).center()
    with qtbot.assertNotEmitted(view.book_requested):
        touch(qtbot, page.table.viewport(), spot)
    assert page.table.currentIndex().row() == at


def test_sliding_off_the_button_books_nothing(qtbot, view, page):
    rect = page.table.button_rect(0)
    viewport = page.table.viewport()
    bring(viewport, rect.center())
    with qtbot.assertNotEmitted(view.book_requested):
        qtbot.mousePress(viewport, LEFT, pos=rect.center())
        qtbot.mouseRelease(viewport, LEFT, pos=rect.center() - QPoint(400, 0))


def test_enter_books_the_row_that_has_the_keyboard(qtbot, view, page):
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.book_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args[0] == rows(page)[1]


def test_a_full_row_asks_to_say_why(qtbot, view, page):
    with qtbot.assertNotEmitted(view.book_requested), qtbot.waitSignal(view.refused) as told:
        touch_button(qtbot, page, number(page, MockType.SITUATIONAL_JUDGMENT))
    assert told.args[1:] == [Code.EXAM_FULL, False]


def test_a_row_that_filled_up_meanwhile_says_so(qtbot, view, page, campus):
    """A50."""
    at = number(page, MockType.CLINICAL_SKILLS)
    key = rows(page)[at].session_id
    touch_head(qtbot, page, Column.DATE)
    touch_head(qtbot, page, Column.DATE)
    page.model.index(at, Column.ACTION).data()
    campus.put(replace(campus.facts[key], total_bookings=12))
    with qtbot.assertNotEmitted(view.book_requested), qtbot.waitSignal(view.refused) as told:
        touch_button(qtbot, page, at)
    assert told.args[1] is Code.EXAM_FULL


@pytest.mark.parametrize(
    ("column", "key"),
    [
        (Column.TIME, lambda r: r.starts_at.astimezone().time()),
        (Column.SESSION, lambda r: r.mock_type.value),
        (Column.LOCATION, lambda r: r.location),
        (Column.SEATS, lambda r: r.left),
    ],
)
def test_a_touch_on_the_head_sorts_and_another_turns_round(qtbot, page, column, key):
    """A44."""
    touch_head(qtbot, page, column)
    values = [key(row) for row in rows(page)]
    assert values == sorted(values)
    touch_head(qtbot, page, column)
    values = [key(row) for row in rows(page)]
    assert values == sorted(values, reverse=True)
    assert page.head.buttons[int(column)].accessibleName().endswith("descending")


def test_the_head_is_in_reach_of_the_keyboard(qtbot, page):
    button = page.head.buttons[int(Column.SEATS)]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert page.model.sorted_by == (Column.SEATS, False)
    assert button.accessibleName() == "Sorted by Seats, ascending"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_arrows_of_the_head_stand_beside_their_words(page, language):
    speaking.speak(language)
    settle()
    for button in page.head.buttons.values():
        image = button.grab().toImage()
        ground = image.pixel(0, 0)
        drawn = [
            x
            for x in range(image.width())
            if any(image.pixel(x, y) != ground for y in range(image.height()))
        ]
        gaps = [after - before for before, after in pairwise(drawn)]
        assert max(gaps) < theme.current().px("label"), button.text()
        assert button.width() >= theme.current().px("controlSm")


def test_no_arrow_of_the_head_stands_beside_the_word_of_the_next_column(qtbot, view, page):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk", 1.25))
    speaking.speak("fr")
    view.window().resize(1080, 1920)
    settle()
    shown = [button for button in page.head.buttons.values() if button.isVisible()]
    assert any(button.icon().isNull() for button in shown), "it is narrow enough to tell"
    touch_head(qtbot, page, Column.TIME)
    for button, after in pairwise(sorted(shown, key=lambda one: one.x())):
        room = after.x() - button.geometry().right()
        sorts = button is page.head.buttons[int(Column.TIME)]
        assert room >= 0
        assert button.icon().isNull() or room >= 10 or sorts, button.text()
    assert not page.head.buttons[int(Column.TIME)].icon().isNull(), "how it is sorted is seen"


def test_a_letter_paints_nothing_that_stands_under_the_list(page, view):
    under, field = Counted(view), Counted(page.search)
    page.search.insert("o")
    settle()
    assert field.count > 0
    assert under.count == 0


def test_search_asks_once_typing_pauses(qtbot, page):
    qtbot.keyClicks(page.search, "n210")
    qtbot.waitUntil(lambda: page.model.rowCount() < 38)
    assert {row.room for row in rows(page)} == {"Room N210"}
    qtbot.mouseClick(page.search._cross, LEFT)
    assert page.model.rowCount() == 38
    assert QApplication.focusWidget() is page.search


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("7", november.TODAY, november.TODAY + timedelta(days=6)),
        ("30", november.TODAY, november.TODAY + timedelta(days=29)),
        ("weekend", date(2026, 11, 21), date(2026, 11, 22)),
    ],
)
def test_presets_narrow_to_their_days(qtbot, page, preset, first, last):
    qtbot.mouseClick(page.presets.button(preset), LEFT)
    days = {row.exam_date for row in rows(page)}
    assert min(days) >= first
    assert max(days) <= last


@pytest.mark.parametrize(
    ("today", "span"),
    [
        (date(2026, 11, 20), (date(2026, 11, 21), date(2026, 11, 22))),
        (date(2026, 11, 21), (date(2026, 11, 21), date(2026, 11, 22))),
        (date(2026, 11, 22), (date(2026, 11, 22), date(2026, 11, 22))),
        (date(2026, 11, 23), (date(2026, 11, 28), date(2026, 11, 29))),
    ],
)
def test_this_weekend_begins_today_at_the_latest_on_sunday(today, span):
    assert span_of("weekend", today) == span


def test_one_filter_serves_both_views(qtbot, view, page):
    """A45."""
    qtbot.mouseClick(view.filters.campus.button("Mississauga"), LEFT)
    assert {row.campus for row in rows(page)} == {"Mississauga"}
    qtbot.mouseClick(view.filters.mode.button("calendar"), LEFT)
    cells = [view.month.model.cell(view.month.model.index(w, d)) for w in (3, 4) for d in range(7)]
    assert {row.campus for cell in cells for row in cell.rows} == {"Mississauga"}


def test_an_empty_list_says_what_was_searched_and_how_to_go_on(qtbot, view, page):
    qtbot.mouseClick(view.filters.campus.button("Mississauga"), LEFT)
    qtbot.mouseClick(page.presets.button("weekend"), LEFT)
    page.search.setFocus()
    qtbot.keyClicks(page.search, "evening")
    qtbot.waitUntil(page._empty.isVisible)
    assert "“evening” · Mississauga · Sat,\xa0Nov\xa021 to Sun,\xa0Nov\xa022" in page._empty.words
    assert "Mini-mock, Sat,\xa0Nov\xa028" in page._empty.words
    qtbot.mouseClick(page._clear, LEFT)
    assert page.model.rowCount() == 38
    assert view.filters.campus.current == ""
    assert page.presets.current == "all"


@pytest.mark.parametrize("width", [1920, 1024])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_comes_next_never_breaks_inside_its_day_or_hour(qtbot, view, page, width, language):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk", 1.5))
    speaking.speak(language)
    view.window().resize(width, 1080)
    qtbot.keyClicks(page.search, "violin")
    qtbot.waitUntil(page._empty.isVisible)
    settle()
    after = page._empty._after
    for line in after.text().splitlines():
        assert after.fontMetrics().horizontalAdvance(line) <= after.width()


def test_the_way_on_from_an_empty_list_shows_the_next_day(qtbot, view, page):
    qtbot.mouseClick(view.filters.campus.button("Mississauga"), LEFT)
    page.search.setFocus()
    qtbot.keyClicks(page.search, "evening")
    qtbot.waitUntil(page._empty.isVisible)
    assert page._show_next.text() == "Show Sat,\xa0Nov\xa028"
    qtbot.mouseClick(page._show_next, LEFT)
    assert (view.filters.mode.current, view.month.day) == ("calendar", date(2026, 11, 28))


def test_each_cause_of_an_empty_list_has_its_own_words(qtbot, tmp_path, open_view):
    """A48: none at all, none here, none that fits, offline without data."""
    campus = Campus(tmp_path, [])
    view = open_view(campus, link=LinkState.OFFLINE)
    view.show_mode("list")
    said = [view.list_page._empty.words]
    here = november.sessions()[-1]
    campus.put(replace(here, exam_date="2026-11-19", starts_at="2026-11-19T15:00:00.000Z"))
    campus.visit.handle(events.SessionsChanged(None))
    said.append(view.list_page._empty.words)
    campus.put(here, replace(here, session_id="else", location="Downtown – Room 1"))
    campus.visit.handle(events.SessionsChanged(None))
    qtbot.mouseClick(view.filters.campus.button("Downtown"), LEFT)
    campus.put(gone=("else",))
    campus.visit.handle(events.SessionsChanged(None))
    said.append(view.list_page._empty.words)
    view.filters.set_filter(None, MockType.CLINICAL_SKILLS)
    view._ask()
    said.append(view.list_page._empty.words)
    starts = ["No sessions on this kiosk", "No sessions are planned", "No sessions at Downtown"]
    for text, start in zip(said, [*starts, "No sessions match"], strict=True):
        assert text.startswith(start)
    campus.close()


def test_offline_rows_offer_a_request(page, campus):
    at = number(page, MockType.CLINICAL_SKILLS)
    campus.link(LinkState.OFFLINE)
    assert page.model.index(at, Column.ACTION).data().startswith("Request Clinical Skills")


def test_what_was_typed_survives_another_language(qtbot, qapp, page, monkeypatch):
    qtbot.keyClicks(page.search, "room")
    monkeypatch.setattr(texts._Current, "texts", texts.catalogue("fr"))
    monkeypatch.setattr(texts._Current, "language", "fr")
    QApplication.sendEvent(qapp, QEvent(QEvent.Type.LanguageChange))
    at = number(page, MockType.CLINICAL_SKILLS)
    qtbot.waitUntil(lambda: page.model.index(at, Column.DATE).data() == "mar.\xa024\xa0nov.")
    assert page.search.text() == "room"


@pytest.mark.parametrize(("width", "narrow"), [(767, True), (768, False)])
def test_below_768_pixels_rows_are_cards(qtbot, open_view, campus, width, narrow):
    """A51: on a real resize of the table."""
    view = open_view(campus, size=(1080, 1696))
    view.show_mode("list")
    page = view.list_page
    view.resize(view.width() - page.table.viewport().width() + width, 1400)
    assert page.table.viewport().width() == width
    assert page.table.narrow is narrow
    assert page.sort_menu.isVisible() is narrow
    assert page.head.isVisible() is not narrow


def test_cards_sort_by_a_menu_and_book(qtbot, open_view, campus):
    view = open_view(campus, size=(700, 1200))
    view.show_mode("list")
    page = view.list_page
    qtbot.waitUntil(lambda: page.sort_menu.isVisible() and page.sort_menu.x() > 0)
    qtbot.mouseClick(page.sort_menu, LEFT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert page.model.sorted_by == (Column.SEATS, True)
    with qtbot.waitSignal(view.book_requested) as asked:
        touch(qtbot, page.table.viewport(), page.table.button_rect(0).center())
    assert asked.args[0] == rows(page)[0]
