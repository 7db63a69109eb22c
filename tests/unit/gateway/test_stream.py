"""Events are read alike however the wire cuts them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.gateway.stream import MOST_BYTES, Events, Hint, NotAStreamError

SAMPLE = (
    "retry: 5000\nid: a\n\n:\n\n: beat\n\nid: b\nevent: capacity\ndata: {}\n\n"
    "event:notice\r\ndata: x\r\n\r\nid: é\nevent: booking\nmore\n\n"
).encode()
HINTS = [Hint("", "a"), Hint("capacity", "b"), Hint("notice", ""), Hint("booking", "é")]


@given(st.lists(st.integers(0, len(SAMPLE)), max_size=20))
def test_any_cut_of_the_bytes_gives_the_same_events(cuts):
    events, heard, edges = Events(), [], [0, *sorted(cuts), len(SAMPLE)]
    for begin, end in pairwise(edges):
        heard += events.feed(SAMPLE[begin:end])
    assert heard == HINTS


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_noise_never_raises(pieces):
    events = Events()
    for piece in pieces:
        for hint in events.feed(piece):
            assert hint.topic or hint.id


@pytest.mark.parametrize("piece", [b"x" * 1000, b"data: x\n" * 100])
def test_what_has_no_end_is_no_stream(piece):
    events = Events()
    pieces = [piece] * (MOST_BYTES // len(piece) * 2)
    with pytest.raises(NotAStreamError):
        [list(events.feed(one)) for one in pieces]
