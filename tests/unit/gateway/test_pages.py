"""A page that is read row by row is what a decoder makes of it in one go, and so is a broken one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.devices import ChangePage, SnapshotPage
from kiosk_app.gateway.answers import read_yes
from kiosk_app.gateway.outcomes import Trouble, Unreachable
from kiosk_app.gateway.pages import PageDecoder
from tests.helpers.samples import session_facts

JSON = {"content-type": "application/json"}
NOW = "2026-11-24T12:00:00.000Z"
SNAPSHOT = {"epoch": "e", "cursor": "c", "after": None, "now": NOW}
CHANGES = {"epoch": "e", "cursor": "c", "more": True, "now": NOW, "deleted": ["s9"]}
WHOLE = [(SnapshotPage, SNAPSHOT), (ChangePage, CHANGES)]


def told(page, **more):
    return msgspec.json.encode(page | more)


@given(
    numbers=st.lists(st.integers(0, 50), max_size=8),
    names=st.text(max_size=12),
    shape=st.sampled_from(WHOLE),
)
def test_row_by_row_is_the_same_page(numbers, names, shape):
    kind, page = shape
    rows = [session_facts(f"s{n}", capacity=n, instructor_name=names) for n in numbers]
    body = told(page, sessions=rows)
    assert PageDecoder(kind).decode(body) == msgspec.json.decode(body, type=kind)


@pytest.mark.parametrize(("kind", "page"), WHOLE)
def test_a_page_without_sessions_is_one(kind, page):
    assert PageDecoder(kind).decode(told(page)) == msgspec.json.decode(told(page), type=kind)


@pytest.mark.parametrize("sessions", ["none", None, {}, [1], [{}], [{"session_id": 7}]], ids=repr)
@pytest.mark.parametrize(("kind", "page"), WHOLE)
def test_what_is_no_page_is_no_verdict(kind, page, sessions):
    body = told(page, sessions=sessions)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=kind)
    assert read_yes(JSON, body, PageDecoder(kind)).trouble is Trouble.WRONG_SERVER


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"sessions":[}', b"\xff"])
@pytest.mark.parametrize("kind", [SnapshotPage, ChangePage])
def test_what_is_broken_is_called_that_as_anywhere(kind, body):
    whole = read_yes(JSON, body, msgspec.json.Decoder(kind))
    outcome = read_yes(JSON, body, PageDecoder(kind))
    assert isinstance(outcome, Unreachable)
    assert outcome.trouble is whole.trouble
