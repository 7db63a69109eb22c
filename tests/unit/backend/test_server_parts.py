"""The small parts of the server that need no request."""

import json
import logging
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import given

from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.server.journal import JsonLines
from kiosk_app.backend.server.language import accepted
from kiosk_app.backend.server.limits import RateLimiter


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.4, fr;q=0.5", "fr"),
        ("de, es", "en"),
        ("fr;q=0", "en"),
        ("fr;q=much", "en"),
        ("*", "en"),
    ],
)
def test_the_best_language_that_we_speak(header, language):
    assert accepted(header) == language


@given(header=st.text())
def test_no_header_is_too_strange(header):
    assert accepted(header) in {"en", "fr"}


@given(gaps=st.lists(st.integers(0, 40), max_size=60), limit=st.integers(1, 5))
def test_never_more_than_the_limit_in_any_minute(gaps, limit):
    now = 0
    limiter = RateLimiter(lambda: now)
    passed = []
    for gap in gaps:
        now += gap
        standing = limiter.count("kind", "me", limit)
        if not standing.refused:
            passed.append(now)
            continue
        assert 1 <= standing.seconds <= 60
        now += standing.seconds
        assert not limiter.count("kind", "me", limit).refused, "waiting as told is enough"
        passed.append(now)
    for moment in passed:
        assert sum(moment - 60 < other <= moment for other in passed) <= limit


def test_callers_and_kinds_do_not_share():
    limiter = RateLimiter(lambda: 0.0)
    assert not limiter.count("a", "me", 1).refused
    assert limiter.count("a", "me", 1).refused
    assert not limiter.count("a", "you", 1).refused
    assert not limiter.count("b", "me", 1).refused


def test_a_listing_read_while_somebody_booked_is_not_kept():
    shelf, now = Shelf(), utc_now()
    began = shelf.generation
    shelf.clear()
    shelf.keep("key", ["old"], now, began)
    assert shelf.find("key", now) is None
    shelf.keep("key", ["new"], now, shelf.generation)
    assert shelf.find("key", now).value == ["new"]
    for n in range(1000):
        shelf.keep(n, [], now, shelf.generation)
    assert shelf.find("key", now) is None, "filters are free text, entries are not free"


def test_a_fault_in_the_log_says_where_but_not_with_what():
    def inner():
        raise ValueError("ana@example.org")

    def outer():
        try:
            inner()
        except ValueError as fault:
            raise KeyError("QX4417") from fault

    try:
        outer()
    except KeyError:
        record = logging.LogRecord("r", logging.ERROR, "f", 1, "fault", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "KeyError" in line
    assert "ValueError" in line
    assert "test_server_parts.py" in line
    assert "ana@" not in line
    assert "QX4417" not in line


def test_a_log_line_is_one_json_object():
    record = logging.LogRecord("room", logging.INFO, "f", 1, "two\n%s", ("lines",), None)
    record.device = "d1"
    line = JsonLines().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["event"], told["device"], told["level"]) == ("two\nlines", "d1", "info")
