"""The text of the CRM: what is written is read back, and nonsense counts as nothing (A66, A67)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.outside.crm import fields
from kiosk_app.backend.outside.crm.words import Booking, Contact, Note, PropertyMissing, Session
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from tests.helpers.crm_records import booking, contact, session

counts = st.integers(0, 10**6)
words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
lines = st.lists(words, min_size=1, max_size=4).map(" ".join)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
balances = st.builds(Balances, **{field.value: counts for field in CreditField})
contacts = st.builds(
    Contact,
    student_id=words,
    email=words,
    name=lines,
    enrollment_id=st.none() | words,
    balances=balances,
)
sessions = st.builds(
    Session,
    mock_type=st.sampled_from(MockType),
    exam_date=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    starts_at=st.none() | instants,
    ends_at=st.none() | instants,
    capacity=counts,
    total_bookings=counts,
    location=lines,
    is_active=st.booleans(),
)
bookings = st.builds(
    Booking,
    booking_id=lines,
    name=lines,
    email=words,
    token_used=lines,
    state=st.sampled_from(BookingState),
    idempotency_key=words,
    discussion_format=st.none() | st.sampled_from(DeliveryFormat),
    topic_preference=st.none() | lines,
)


@given(contacts)
def test_a_contact_is_read_as_it_was_written(record) -> None:
    assert fields.read_contact(fields.write(fields.CONTACT, record)) == record


@given(sessions)
def test_a_session_is_read_as_it_was_written(record) -> None:
    assert fields.read_session(fields.write(fields.SESSION, record)) == record


@given(bookings)
def test_a_booking_is_read_as_it_was_written(record) -> None:
    assert fields.read_booking(fields.write(fields.BOOKING, record)) == record


@given(st.one_of(contacts, sessions, bookings))
def test_every_value_is_text(record) -> None:
    table = {Contact: fields.CONTACT, Session: fields.SESSION, Booking: fields.BOOKING}
    written = fields.write(table[type(record)], record)
    assert all(isinstance(value, str) for value in written.values())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("007", 7), ("", 0), ("0", 0), ("16", 16), (" 3 ", 3), ("3.0", 3), ("-2", -2)),
        *(("two", 0), ("NaN", 0), ("Infinity", 0), ("1e999999999", 0), ("1e3", 1000)),
    ],
)
def test_numbers_are_parsed(text, number) -> None:
    assert fields.read_number(text) == number


@given(st.text())
def test_any_text_is_some_count(text) -> None:
    assert 0 <= fields.read_count(text) < 2**31


@given(counts, st.integers(0, 5))
def test_a_number_survives_leading_zeros(number, zeros) -> None:
    assert fields.read_number("0" * zeros + str(number)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("TRUE", True), ("", False), ("Active", False)],
)
def test_flags_are_the_words_true_and_false(text, value) -> None:
    assert fields.read_flag(text) is value
    assert fields.write_flag(value) in {"true", "false"}


def test_the_objects_and_properties_are_the_documented_ones() -> None:
    assert (*("0-1", "2-50158913", "2-50158943"),) == (
        fields.CONTACT_TYPE,
        fields.SESSION_TYPE,
        fields.BOOKING_TYPE,
    )
    assert set(fields.names(fields.SESSION)) == {
        *("mock_type", "exam_date", "start_time", "end_time", "capacity", "total_bookings"),
        *("location", "is_active"),
    }
    assert set(fields.names(fields.BOOKING)) == {
        *("booking_id", "name", "email", "token_used", "is_active", "idempotency_key"),
        *("discussion_format", "topic_preference"),
    }


def test_a_session_and_a_booking_are_active_in_different_words() -> None:
    assert fields.write(fields.SESSION, session(is_active=False))["is_active"] == "false"
    cancelled = booking(state=BookingState.CANCELLED)
    assert fields.write(fields.BOOKING, cancelled)["is_active"] == "Cancelled"


def test_times_in_milliseconds_are_understood() -> None:
    written = fields.write(fields.SESSION, session())
    older = written | {"exam_date": "1804118400000", "start_time": "1804186800000"}
    assert fields.read_session(older) == session()


def test_an_empty_value_is_a_zero_and_a_missing_property_is_a_fault() -> None:
    written = fields.write(fields.CONTACT, contact())
    empty = fields.read_contact(written | {"mock_discussion_token": None})
    assert empty.balances.mock_discussion_token == 0
    del written["mock_discussion_token"]
    with pytest.raises(PropertyMissing) as fault:
        fields.read_contact(written)
    assert fault.value.name == "mock_discussion_token"


@given(st.sampled_from(["mock_type", "exam_date", "start_time"]), st.text(min_size=1))
def test_a_record_that_makes_no_sense_is_unreadable_and_nothing_worse(name, text) -> None:
    written = fields.write(fields.SESSION, session()) | {name: text}
    try:
        fields.read_session(written)
    except fields.Unreadable as fault:
        assert str(fault) == name  # noqa: PT017 - either outcome is right


def test_the_new_property_is_the_documented_one() -> None:
    assert fields.token_property(CreditField.DISCUSSION) == {
        "name": "mock_discussion_token",
        "label": "Mock Discussion Tokens",
        "type": "number",
        "fieldType": "number",
        "groupName": "contactinformation",
        "description": "Tokens a student can spend on bookings",
        "hasUniqueValue": False,
    }


@given(instants, st.integers(0, 999))
def test_a_note_is_searched_by_the_moment_that_was_written(moment, finer) -> None:
    """What a column holds is finer than what the CRM keeps of it (A34)."""
    at = moment.replace(microsecond=moment.microsecond + finer)
    written = fields.write(fields.NOTE, Note(at=at, text="Booked"))
    read = fields.read_note(written).at
    assert fields.milliseconds(read) == fields.milliseconds(at)
