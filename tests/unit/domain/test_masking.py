"""Masked names and addresses: whatever they are, only first letters are in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.masking import masked, masked_email


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Priya Raman", "P••••• R•••••"),
        ("li", "L•••••"),
        ("  Noor  el Haddad ", "N••••• E••••• H•••••"),
        ("ßeta", "S•••••"),
        ("", ""),
    ],
)
def test_names(name, shown):
    assert masked(name) == shown


@given(st.text())
def test_nothing_but_a_first_letter_of_each_word_is_ever_in_it(name):
    words = masked(name).split(" ") if masked(name) else []
    assert len(words) == len(name.split())
    assert all(len(word) == 6 and word.endswith("•" * 5) for word in words)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana@example.org", "a•••••@e•••••.org"),
        ("P.Raman+x@mail.campus.example.ca", "P•••••@m•••••.ca"),
        ('"a@b"@x.io', '"•••••@x•••••.io'),
    ],
)
def test_addresses(address, shown):
    assert masked_email(address) == shown
