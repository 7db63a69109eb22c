"""The list as a window: what it reads, how it sorts, and what a change touches."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.models.sessions import KEPT, ORDER, PAGE, Column, SessionsModel
from kiosk_app.domain.listing import SessionFilter, SessionOrder
from tests.helpers import november
from tests.helpers.browsing import Campus
from tests.helpers.samples import session_facts

ALL = SessionFilter(first_day=november.TODAY)
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Counting:
    """A reading that remembers which windows were asked for."""

    def __init__(self, reading):
        self._reading = reading
        self.offsets = []

    def __getattr__(self, name):
        return getattr(self._reading, name)

    def page(self, *args, **more):
        self.offsets.append(more["offset"])
        return self._reading.page(*args, **more)


def make(campus, wanted=ALL):
    model = SessionsModel(campus.reading, lambda _row: Offer.BOOK)
    model.ask(wanted, november.STUDENT)
    return model


@pytest.fixture
def listed(campus):
    model = make(campus)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    del tester


def ids(model):
    return [model.row(n).session_id for n in range(model.rowCount())]


def truth(campus, wanted=ALL, order=SessionOrder.DATE, *, descending=False):
    rows = campus.reading.page(wanted, order, descending=descending, offset=0, limit=10_000)
    return [row.session_id for row in rows]


def touched(model):
    rows = []
    model.dataChanged.connect(lambda first, last, _roles: rows.append((first.row(), last.row())))
    return rows


def test_only_windows_that_are_looked_at_are_read(tmp_path):
    many = [
        session_facts(f"s{n:05d}", day=november.TODAY + timedelta(days=1 + n // 8), hour=8 + n % 8)
        for n in range(PAGE * 15)
    ]
    campus = Campus(tmp_path, many)
    counting = Counting(campus.reading)
    model = SessionsModel(counting, lambda _row: Offer.BOOK)
    assert (model.rowCount(), counting.offsets) == (PAGE * 15, [])
    model.row(5)
    model.row(PAGE * 7 + 3)
    assert counting.offsets == [0, PAGE * 7]
    for page in range(15):
        model.row(page * PAGE)
    assert len(model._pages) == KEPT
    assert model.row(PAGE * 14).session_id == f"s{PAGE * 14:05d}"
    campus.close()


@pytest.mark.parametrize("column", ORDER)
def test_every_column_sorts_both_ways(listed, campus, column):
    """A44: the query sorts; equal keys keep their order by start and id."""
    listed.sort(column, UP)
    assert ids(listed) == truth(campus, order=ORDER[column])
    listed.sort(column, DOWN)
    assert ids(listed) == truth(campus, order=ORDER[column], descending=True)
    assert listed.sorted_by == (column, True)


def test_the_button_column_does_not_sort(listed):
    before = ids(listed)
    listed.sort(Column.ACTION, DOWN)
    assert (ids(listed), listed.sorted_by) == (before, (Column.DATE, False))


def test_a_change_touches_only_its_row(listed, campus):
    before = ids(listed)
    rows = touched(listed)
    key = november.session_id(date(2026, 11, 24), MockType.CLINICAL_SKILLS)
    campus.put(replace(campus.facts[key], total_bookings=11))
    listed.changed(frozenset({key}))
    at = before.index(key)
    assert rows == [(at, at)]
    assert listed.index(at, Column.SEATS).data() == "1 of 12 left"


def test_a_new_session_grows_the_list_in_its_place(listed, campus):
    ids(listed)
    fresh = replace(
        campus.facts[november.session_id(date(2026, 11, 25), MockType.MINI_MOCK)], session_id="new"
    )
    campus.put(fresh)
    listed.changed(frozenset({"new"}))
    assert ids(listed) == truth(campus)


def test_a_session_that_goes_shrinks_the_list(listed, campus):
    ids(listed)
    gone = november.session_id(date(2026, 11, 21), MockType.CLINICAL_SKILLS)
    campus.put(gone=(gone,))
    listed.changed(frozenset({gone}))
    assert ids(listed) == truth(campus)
    assert gone not in ids(listed)


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "go", "fill", "sort"]), st.integers(0, 30)), max_size=12
)


@settings(max_examples=15)
@given(STEPS)
def test_after_any_changes_the_window_shows_what_the_file_holds(tmp_path_factory, steps):
    campus = Campus(tmp_path_factory.mktemp("files"))
    model = make(campus)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    keys = sorted(campus.facts)
    for step, number in steps:
        key = keys[-number - 1]
        if step == "go":
            campus.put(gone=(key,))
        elif step == "sort":
            model.sort(list(ORDER)[number % len(ORDER)], DOWN if number % 2 else UP)
        else:
            taken = 0 if step == "put" else campus.facts[key].capacity
            campus.put(replace(campus.facts[key], total_bookings=taken))
        model.changed(frozenset({key}))
        column, descending = model.sorted_by
        assert ids(model) == truth(campus, order=ORDER[column], descending=descending)
    del tester
    campus.close()


def test_a_row_reads_well_aloud(listed):
    number = ids(listed).index(november.session_id(date(2026, 11, 24), MockType.CLINICAL_SKILLS))
    spoken = [
        listed.index(number, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in Column
    ]
    assert spoken == [
        "Tue,\xa0Nov\xa024",
        "9:00\xa0am",
        "Clinical Skills",
        "Downtown · Room 204",
        "In-Person",
        "8 of 12 left",
        "Book Clinical Skills, Tue,\xa0Nov\xa024, 9:00\xa0am, 1 token",
    ]
