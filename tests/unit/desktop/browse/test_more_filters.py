"""Filters by instructor and topic: there where they leave a choice, in both views, and kept (A79)."""

from datetime import date

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.desktop.widgets.drop_list import DropList
from kiosk_app.i18n import texts
from kiosk_app.sync.events import SessionsChanged, VisitEnded
from kiosk_app.sync.intents import KeepFilters
from tests.helpers import november
from tests.helpers.browsing import Campus, touch
from tests.helpers.staging import on_the_glass, settle

RUTH, SAM = "Dr. Ruth Feldman", "Samuel Okonkwo-Abernathy"
MIXED, ETHICS = "Mixed", "Ethics"
TUESDAY = date(2026, 11, 24)


def taught(facts, number):
    """Give every second session another instructor, and every third another topic."""
    topics = [MIXED, ETHICS] if number % 3 else [MIXED]
    return replace(facts, instructor_name=(RUTH, SAM)[number % 2], topics=topics)


@pytest.fixture
def campus(tmp_path):
    made = Campus(tmp_path, [taught(one, n) for n, one in enumerate(november.sessions())])
    made.book(*november.BOOKED)
    yield made
    made.close()


def pick(qtbot, view, button, key):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (opened,) = [one for one in view.findChildren(DropList) if one.isVisible()]
    touch(qtbot, opened.buttons[key])


def rows(view):
    model = view.list_page.model
    return [model.row(n) for n in range(model.rowCount())]


def kept(campus):
    sent = [one for one in campus.sent if isinstance(one, KeepFilters)]
    return sent[-1].filters if sent else None


def to(qtbot, view, mode):
    button = view.filters.mode.button(mode)
    on_the_glass(button)  # a low page can be dragged
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def shown(view):
    return [button for button in view.more.buttons if button.isVisible()]


def test_the_list_of_a_button_has_whole_names(qtbot, view):
    """Two people whose names begin alike are two."""
    person, _subject = view.more.buttons
    to(qtbot, view, "list")
    opened = person.open()
    row = opened.buttons[SAM]
    assert row.text() == SAM
    assert row.width() >= row.sizeHint().width()
    opened.leave()


def test_they_narrow_calendar_and_list_alike_and_combine(qtbot, view):
    person, subject = view.more.buttons
    to(qtbot, view, "list")
    everything = len(rows(view))
    pick(qtbot, view, person, SAM)
    assert person.text() == "Samuel Okonkwo-Ab…"
    assert person.accessibleName() == f"Instructor: {SAM}"
    assert {row.instructor_name for row in rows(view)} == {SAM}
    his = len(rows(view))
    pick(qtbot, view, subject, ETHICS)
    assert all(row.instructor_name == SAM and ETHICS in row.topics for row in rows(view))
    assert 0 < len(rows(view)) < his < everything
    assert len(rows(view)) == view.list_page.model.rowCount()
    to(qtbot, view, "calendar")
    cell = view.month.model.cell(view.month.model.index_of(TUESDAY))
    assert cell.rows
    assert all(row.instructor_name == SAM and ETHICS in row.topics for row in cell.rows)
    view._clear()
    assert (view.filters.wanted.instructor, view.filters.wanted.topic) == (None, None)


def test_beside_the_month_only_what_is_chosen_takes_room(qtbot, view):
    assert shown(view) == []
    to(qtbot, view, "list")
    person, subject = view.more.buttons
    assert shown(view) == [person, subject]
    pick(qtbot, view, subject, ETHICS)
    to(qtbot, view, "calendar")
    assert shown(view) == [subject]
    pick(qtbot, view, subject, "")
    assert shown(view) == []


def test_what_leaves_no_choice_is_not_offered(qtbot, campus, view):
    to(qtbot, view, "list")
    assert shown(view) == list(view.more.buttons)
    one = {key: replace(facts, instructor_name=RUTH) for key, facts in campus.facts.items()}
    campus.put(*one.values())
    view._visit.handle(SessionsChanged(None))
    subject = view.more.buttons[1]
    assert shown(view) == [subject]
    pick(qtbot, view, subject, ETHICS)
    campus.put(*(replace(facts, topics=[]) for facts in campus.facts.values()))
    view._visit.handle(SessionsChanged(None))
    assert shown(view) == [subject], "what is chosen can be taken back"
    pick(qtbot, view, subject, "")
    assert shown(view) == []


def test_sessions_without_both_show_neither(tmp_path, qtbot, open_view):
    bare = Campus(tmp_path)
    view = open_view(bare)
    to(qtbot, view, "list")
    assert shown(view) == []
    view.hide()  # a list reads what it paints
    bare.close()


def test_only_what_is_still_to_come_is_offered(campus):
    first = min(campus.facts.values(), key=lambda facts: facts.starts_at)
    campus.put(replace(first, instructor_name="Nobody any more", topics=["Long ago"]))
    instructors, topics = campus.reading.instructors_and_topics()
    assert (instructors, topics) == ([RUTH, SAM], [ETHICS, MIXED])


def test_a79_they_are_kept_and_come_back_and_go_with_the_visit(qtbot, campus, view):
    person, subject = view.more.buttons
    to(qtbot, view, "list")
    pick(qtbot, view, person, RUTH)
    pick(qtbot, view, subject, ETHICS)
    saved = kept(campus)
    assert saved == SavedFilters(instructor=RUTH, topic=ETHICS)
    campus.visit.handle(VisitEnded())
    assert view.filters.wanted.instructor is None
    campus.sign_in(filters=saved)
    assert (view.filters.wanted.instructor, view.filters.wanted.topic) == (RUTH, ETHICS)
    campus.visit.handle(VisitEnded())
    campus.sign_in(filters=replace(saved, instructor="Somebody who left"))
    assert (view.filters.wanted.instructor, view.filters.wanted.topic) == (None, ETHICS)


@pytest.mark.parametrize("size", [(1024, 672), (1280, 704), (1080, 1824), (1920, 984)])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_bar_fits_every_screen_with_both(qtbot, campus, open_view, size, language):
    texts.use(language)
    view = open_view(campus, size=size)
    to(qtbot, view, "list")
    bar = view.filters
    parts = [bar.campus, bar.types, bar.formats, bar.seats, bar.mode, *view.more.buttons]
    for part in parts:
        at = part.geometry()
        assert part.isVisible()
        assert bar.rect().contains(at), part
        assert at.width() >= part.minimumSizeHint().width()
    for one in parts:
        assert not any(one.geometry().intersects(o.geometry()) for o in parts if o is not one)
