"""A sum of rows is equal exactly when the rows are, in whatever order they come."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.sums import Sum, sum_of
from kiosk_app.domain.times import months_between

FIELD = st.one_of(st.integers(-5, 10**13), st.text(max_size=5))
ROWS = st.lists(st.tuples(st.uuids().map(str), FIELD, FIELD), max_size=8, unique_by=lambda r: r[0])


@given(rows=ROWS, data=st.data())
def test_the_order_does_not_matter(rows, data):
    assert sum_of(data.draw(st.permutations(rows))) == sum_of(rows)


@given(one=ROWS, other=ROWS)
def test_other_rows_have_another_sum(one, other):
    def told(rows):
        return {tuple(map(str, row)) for row in rows}

    assert (sum_of(one) == sum_of(other)) == (told(one) == told(other))


@given(rows=ROWS.filter(bool), data=st.data())
def test_one_row_too_few_or_bent_shows(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    less = rows[:place] + rows[place + 1 :]
    bent = [*less, (*rows[place][:2], f"{rows[place][2]}!")]
    assert sum_of(less) != sum_of(rows)
    assert sum_of(bent) != sum_of(rows)


def test_nothing_is_nothing():
    assert sum_of([]) == Sum(0, 0)


def test_months_over_a_new_year():
    assert months_between("2027-11-30", "2028-02-01") == [
        "2027-11",
        "2027-12",
        "2028-01",
        "2028-02",
    ]
    assert months_between("2027-03-04", "2027-03-04") == ["2027-03"]
