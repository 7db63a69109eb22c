"""What people type to sign in: tidied, checked by the wire's own shapes, and a hint for a slip."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.sign_in import (
    KNOWN_DOMAINS,
    better_email,
    is_email,
    is_student_id,
    tidy_student_id,
)


@pytest.mark.parametrize("typed", ["2604817", "qx4417", "  Qx4417 "])
def test_any_case_and_space_is_a_student_id(typed):
    assert is_student_id(tidy_student_id(typed))


@pytest.mark.parametrize("typed", ["", "26-04", "é1", "2604817\n", "A" * 65, "12 34"])
def test_what_is_no_student_id(typed):
    assert not is_student_id(typed)


@pytest.mark.parametrize("typed", ["a@b.ca", "priya.raman@student.campus.example"])
def test_an_email(typed):
    assert is_email(typed)


@pytest.mark.parametrize("typed", ["", "priya", "priya@", "@b.ca", "a@b", "a b@c.ca", "a@b.ca\n"])
def test_what_is_no_email(typed):
    assert not is_email(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("priya.raman@gmial.com", "priya.raman@gmail.com"),
        ("a@gmal.com", "a@gmail.com"),
        ("a@gmaill.com", "a@gmail.com"),
        ("a@gnail.com", "a@gmail.com"),
        ("a@Outlok.com", "a@outlook.com"),
        ("a@student.campus.exmple", "a@student.campus.example"),
    ],
)
def test_one_slip_in_a_known_domain_gets_a_hint(typed, meant):
    assert better_email(typed, ("student.campus.example",)) == meant


@pytest.mark.parametrize(
    "typed", ["a@gmail.com", "a@mail.com", "a@b.ca", "gmial.com", "", "@gmial.com"]
)
def test_no_hint_where_nothing_is_known_to_be_wrong(typed):
    assert better_email(typed) is None


@given(
    st.text(string.ascii_lowercase, min_size=1, max_size=12),
    st.text(string.ascii_lowercase + "@", min_size=1, max_size=12),
    st.sampled_from(["gmial.com", "campus.ca", "gmail.com", "hotmial.com", "x.org"]),
)
def test_a_hint_never_depends_on_or_changes_the_name(one, other, domain):
    hints = [better_email(f"{name}@{domain}") for name in (one, other)]
    ends = {hint.rpartition("@")[2] if hint else None for hint in hints}
    assert len(ends) == 1
    assert all(
        h is None or h.rpartition("@")[0] == n for h, n in zip(hints, (one, other), strict=True)
    )


@given(st.sampled_from(KNOWN_DOMAINS))
def test_a_known_domain_never_gets_a_hint(domain):
    assert better_email(f"someone@{domain}") is None
