"""The error catalogue and the wire structs guard themselves."""

import json
from pathlib import Path

import msgspec
import pytest

from kiosk_app.contract import (
    admin,
    admin_bookings,
    admin_users,
    announcements,
    attendance,
    attention,
    audit,
    bookings,
    credits,
    desk,
    devices,
    envelope,
    filters,
    help,
    leases,
    live,
    mailing,
    moves,
    planning,
    problems,
    rosters,
    series,
    sessions,
    staff,
    tallies,
    waitlist,
)
from kiosk_app.contract.problems import STATUS, Code
from kiosk_app.i18n import problems as sentences
from kiosk_app.i18n import texts

SNAPSHOT = Path(__file__).parent / "wire_schema.json"
STRUCTS = [
    struct
    for module in (
        *(admin, admin_bookings, admin_users, announcements, attendance, attention, audit),
        *(
            bookings,
            credits,
            desk,
            devices,
            filters,
            help,
            leases,
            live,
            mailing,
            moves,
            planning,
            problems,
            rosters,
            series,
            sessions,
            staff,
            tallies,
            waitlist,
        ),
    )
    for struct in vars(module).values()
    if isinstance(struct, type)
    and issubclass(struct, msgspec.Struct)
    and struct.__module__ == module.__name__
] + [envelope.Success[bookings.CreatedBooking]]


def test_every_code_has_a_status_and_a_sentence():
    assert set(STATUS) == set(Code) == set(sentences.SENTENCES)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_sentence_in_every_language(code, language):
    sentence = sentences.sentence(code, language)
    assert sentence.endswith((".", "!", "?"))
    assert code not in sentence
    if language != "en":
        assert sentence != sentences.sentence(code, "en")


def test_a_code_of_a_newer_server_still_gets_a_sentence():
    assert sentences.sentence("FLOODED", "en") == sentences.sentence(Code.INTERNAL_ERROR, "en")


def test_the_wire_schema_is_the_committed_one():
    """A field that changes here changes what other software receives: update the file knowingly."""
    _, components = msgspec.json.schema_components(STRUCTS)
    current = json.loads(json.dumps(components, sort_keys=True))
    assert current == json.loads(SNAPSHOT.read_text("utf-8"))


def test_a_success_says_so_on_the_wire():
    encoded = msgspec.json.encode(envelope.Success(data=1, message="ok"))
    assert json.loads(encoded) == {"data": 1, "message": "ok", "success": True}
