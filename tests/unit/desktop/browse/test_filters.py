"""What narrows calendar and list: format, seats, and days a person picks (A45, A79)."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.models.days import Days
from kiosk_app.desktop.views.dates_dialog import DatesDialog
from kiosk_app.desktop.widgets.drop_list import DropList
from kiosk_app.i18n import texts
from kiosk_app.sync.events import VisitEnded
from kiosk_app.sync.intents import KeepFilters
from tests.helpers import november
from tests.helpers.browsing import PRIYA, touch
from tests.helpers.staging import Counted, settle

LEFT = Qt.MouseButton.LeftButton
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def page(qtbot, view):
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    qtbot.waitUntil(lambda: view.list_page.table.height() > 400)
    return view.list_page


def days_of(page):
    return [page.model.row(n).exam_date for n in range(page.model.rowCount())]


def pick(qtbot, page, *days):
    qtbot.mouseClick(page.presets.button("own"), LEFT)
    dialog = page.window().findChild(DatesDialog)
    for day in days:
        qtbot.mouseClick(dialog.grid.button(day), LEFT)
    return dialog


def test_format_and_seats_narrow_calendar_and_list_alike(qtbot, view, page):
    qtbot.mouseClick(view.filters.formats, LEFT)
    touch(qtbot, view.findChild(DropList).buttons[DeliveryFormat.VIRTUAL.value])
    rows = [page.model.row(n) for n in range(page.model.rowCount())]
    assert {row.delivery_format for row in rows} == {DeliveryFormat.VIRTUAL}
    assert any(row.left == 0 for row in rows)
    qtbot.mouseClick(view.filters.seats, LEFT)
    rows = [page.model.row(n) for n in range(page.model.rowCount())]
    assert rows
    assert all(row.left > 0 for row in rows)
    qtbot.mouseClick(view.filters.mode.button("calendar"), LEFT)
    cell = view.month.model.cell(view.month.model.index_of(TUESDAY))
    assert [row.delivery_format for row in cell.rows] == [DeliveryFormat.VIRTUAL]


def test_a_choice_paints_the_bar_once(view):
    """A chip that is on is wider, and what stands behind it moves, before anything is painted."""
    seen, told = Counted(view.filters), []
    view.filters.changed.connect(lambda: told.append(seen.count))
    for key in ("Mississauga", "", "Mississauga"):
        view.filters.campus.button(key).click()
        before = told[-1]
        settle()
        assert seen.count - before == 1


def test_they_last_as_long_as_the_visit(qtbot, view, page):
    qtbot.mouseClick(view.filters.seats, LEFT)
    pick(qtbot, page, TUESDAY, TUESDAY + timedelta(days=2)).show_button.click()
    qtbot.mouseClick(view.filters.mode.button("calendar"), LEFT)
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    assert page.presets.current == "own"
    view.reset()
    assert not view.filters.seats.isChecked()
    assert page.presets.current == "all"
    assert page.presets.button("own").text() == "Pick dates"


def kept(campus):
    """Return what the server was last asked to keep."""
    sent = [one for one in campus.sent if isinstance(one, KeepFilters)]
    return sent[-1].filters if sent else None


def test_a79_what_a_student_chooses_is_kept_and_comes_back(qtbot, campus, view, page):
    qtbot.mouseClick(view.filters.formats, LEFT)
    touch(qtbot, view.findChild(DropList).buttons[DeliveryFormat.VIRTUAL.value])
    qtbot.mouseClick(view.filters.seats, LEFT)
    assert kept(campus) == SavedFilters(delivery_format=DeliveryFormat.VIRTUAL, seats="free")
    pick(qtbot, page, TUESDAY, TUESDAY + timedelta(days=2)).show_button.click()
    saved, shown = kept(campus), days_of(page)
    assert (saved.days, saved.first_day, saved.last_day) == ("own", "2026-11-24", "2026-11-26")
    asked = len(campus.sent)
    campus.visit.handle(VisitEnded())
    assert (view.filters.seats.isChecked(), page.presets.current) == (False, "all")
    campus.sign_in(student=replace(PRIYA, student_id="QX0001"))
    assert (view.filters.seats.isChecked(), page.presets.current) == (False, "all")
    campus.visit.handle(VisitEnded())
    campus.sign_in(filters=saved)
    assert view.filters.seats.isChecked()
    assert view.filters.formats.current == DeliveryFormat.VIRTUAL.value
    qtbot.mouseClick(view.filters.mode.button("list"), LEFT)
    assert (page.presets.current, days_of(page)) == ("own", shown)
    assert len(campus.sent) == asked, "what comes back is not sent again"


def test_a79_clearing_is_kept_too_and_nothing_is_kept_of_nobody(qtbot, campus, open_view):
    view = open_view(campus, signed_in=False)
    qtbot.mouseClick(view.filters.seats, LEFT)
    assert kept(campus) is None
    gone = SavedFilters(campus="Sold", days="own", first_day="2020-01-01", last_day="2020-01-02")
    campus.sign_in(filters=gone)
    assert view.filters.campus.current == ""
    assert view.list_page.presets.current == "all"
    view.list_page.cleared.emit()
    assert kept(campus) == SavedFilters()


def test_two_taps_are_a_range_whichever_comes_first(qtbot, page):
    later = TUESDAY + timedelta(days=2)
    dialog = pick(qtbot, page, later, TUESDAY)
    assert dialog._told.text() == "Tue,\xa0Nov\xa024 to Thu,\xa0Nov\xa026"
    qtbot.mouseClick(dialog.show_button, LEFT)
    assert set(days_of(page)) == {TUESDAY + timedelta(days=n) for n in range(3)}
    assert page.presets.button("own").text() == "Tue,\xa0Nov\xa024 to Thu,\xa0Nov\xa026"
    texts.use("fr")
    QApplication.processEvents()
    assert page.presets.current == "own"


def test_one_tap_is_a_day_and_a_third_begins_anew(qtbot, page):
    qtbot.mouseClick(pick(qtbot, page, TUESDAY).show_button, LEFT)
    assert set(days_of(page)) == {TUESDAY}
    assert Days().tapped(TUESDAY).tapped(TUESDAY).tapped(november.TODAY) == Days(november.TODAY)


def test_who_leaves_the_question_keeps_what_was_shown(qtbot, page):
    qtbot.mouseClick(page.presets.button("7"), LEFT)
    shown = days_of(page)
    dialog = pick(qtbot, page, TUESDAY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.presets.current == "7"
    assert days_of(page) == shown


def test_the_days_are_walked_with_the_keys_and_the_past_is_closed(qtbot, page):
    dialog = pick(qtbot, page)
    grid = dialog.grid
    assert not grid.button(november.TODAY - timedelta(days=1)).isEnabled()
    assert not grid.back.isEnabled()
    grid.button(november.TODAY).setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert QApplication.focusWidget() is grid.button(date(2026, 11, 26))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_PageDown)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert grid.days.first == date(2026, 12, 26)


@pytest.mark.parametrize("size", [(1024, 672), (1280, 704), (1080, 1824), (1920, 984)])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_bar_fits_every_screen(campus, open_view, size, language):
    texts.use(language)
    bar = open_view(campus, size=size).filters
    parts = [bar.campus, bar.types, bar.formats, bar.seats, bar.mode]
    for part in parts:
        at = part.geometry()
        assert bar.rect().contains(at), part
        assert at.width() >= part.minimumSizeHint().width()
    for one in parts:
        assert not any(one.geometry().intersects(o.geometry()) for o in parts if o is not one)
