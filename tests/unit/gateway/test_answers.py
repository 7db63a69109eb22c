"""Only what decodes is a yes, only our error body is a no, and everything else is no verdict."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.devices import Health
from kiosk_app.gateway.answers import read_no, read_yes, retry_after
from kiosk_app.gateway.outcomes import (
    Accepted,
    Later,
    Refused,
    SignInAgain,
    Trouble,
    Unreachable,
)

HEALTH = msgspec.json.Decoder(Health)
JSON = {"content-type": "application/json; charset=utf-8"}
GOOD = b'{"status": "ok", "now": "2027-03-04T19:00:00.000Z", "version": "1"}'
NOW = datetime(2027, 3, 4, 19, tzinfo=UTC)


def no(status, code="DISCUSSION_FULL", **headers):
    body = b'{"success": false, "error": "No.", "code": "%s"}' % code.encode()
    return read_no(status, headers, body)


def test_a_yes_decodes():
    assert isinstance(read_yes(JSON, GOOD, HEALTH), Accepted)


@pytest.mark.parametrize(
    ("headers", "body", "trouble"),
    [
        ({"content-type": "text/html"}, GOOD, Trouble.WRONG_SERVER),
        ({}, GOOD, Trouble.WRONG_SERVER),
        (JSON, b"", Trouble.BROKEN_ANSWER),
        (JSON, GOOD[:-5], Trouble.BROKEN_ANSWER),
        (JSON, b"\xff\xfe", Trouble.BROKEN_ANSWER),
        (JSON, b'{"status": "fine"}', Trouble.WRONG_SERVER),
        (JSON, b"[]", Trouble.WRONG_SERVER),
    ],
)
def test_what_does_not_decode_is_no_yes(headers, body, trouble):
    outcome = read_yes(headers, body, HEALTH)
    assert isinstance(outcome, Unreachable)
    assert outcome.trouble is trouble


@given(st.binary(max_size=80), st.sampled_from([JSON, {"content-type": "text/plain"}, {}]))
def test_noise_is_never_a_verdict(noise, headers):
    assert isinstance(read_yes(headers, noise, HEALTH), Unreachable)
    for status in (400, 404, 409, 500):
        assert isinstance(read_no(status, headers, noise), Unreachable)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422])
def test_our_no_refuses(status):
    assert no(status) == Refused("DISCUSSION_FULL", "No.", status)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_our_not_now_waits(status):
    assert no(status, "LOCK_FAILED", **{"retry-after": "1"}) == Later(1.0, "LOCK_FAILED")


def test_our_401_asks_to_sign_in():
    assert no(401, "TOKEN_EXPIRED") == SignInAgain("TOKEN_EXPIRED")


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (401, {}, Trouble.WRONG_SERVER),
        (404, {}, Trouble.WRONG_SERVER),
        (500, {}, Trouble.WRONG_SERVER),
        (502, {}, Trouble.NO_ANSWER),
        (503, {}, Trouble.NO_ANSWER),
    ],
)
def test_a_proxys_page_is_no_verdict(status, headers, kind):
    outcome = read_no(status, headers, b"<h1>Sorry</h1>")
    assert isinstance(outcome, Unreachable)
    assert outcome.trouble is kind


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3),
        ("999999", 3600),
        ("Thu, 04 Mar 2027 19:00:30 GMT", 30),
        ("Thu, 04 Mar 2027 18:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text, seconds):
    assert retry_after(text, NOW) == seconds
