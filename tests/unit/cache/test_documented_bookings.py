"""Bookings as the documented list tells them, which names no session."""

from msgspec.structs import replace

from kiosk_app.domain.listing import Standing
from tests.helpers.files import fill
from tests.helpers.samples import NOW, STUDENT, booking_record, session_facts


def test_a_booking_whose_session_nobody_names_is_found_by_what_is_said_of_it(files, reading):
    one, other = session_facts("a", hour=9), session_facts("b", hour=14)
    twins = [session_facts(name, hour=18) for name in ("c", "d")]
    fill(files, one, other, *twins)
    told = [
        replace(booking_record(facts, id=f"of-{facts.session_id}"), mock_exam_id="")
        for facts in (one, twins[0])
    ]
    places = files.mirror.set_bookings(STUDENT, told, NOW)
    assert places == {"a"}, "of two sessions that are alike nobody knows which"
    shown = {name: reading.session(name, STUDENT).standing for name in "abcd"}
    assert shown == {"a": Standing.CONFIRMED} | dict.fromkeys("bcd", Standing.NONE)
    assert len(reading.bookings(STUDENT)) == 2
