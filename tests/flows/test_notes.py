"""The note on a student's timeline: written with the booking, told to the CRM, in nobody's way (A33, A34)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from kiosk_app.backend.core.answers import created_envelope
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.parts import Core, utc_now
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
)
from tests.helpers.hubspot import CONTACTS, NOTES

NOTE = "SELECT mock_type, exam_date, token_used, tokens_before, tokens_after FROM timeline_notes"

_KEPT = "SELECT student_id, n.hubspot_id FROM timeline_notes n JOIN bookings USING (id)"

NO_PEN = """
CREATE FUNCTION no_pen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no pen'; END $$;
CREATE TRIGGER no_pen BEFORE INSERT ON timeline_notes FOR EACH ROW WHEN ({of}) EXECUTE FUNCTION no_pen();
"""


@contextmanager
def no_pen(url: str, of: str = "true") -> Iterator[None]:
    """Let no note be written, or none of those."""
    query(url, NO_PEN.format(of=of))
    try:
        yield
    finally:
        query(url, "DROP FUNCTION no_pen CASCADE")


def _student(url: str, number: int = 0) -> str:
    return add_student(url, f"QX{number}", email=f"ana{number}@example.org", discussion=4)


def test_a34_the_note_says_what_was_booked_and_the_token_before_and_after(running_backend, api):
    url = running_backend.database
    session, contact = add_session(url), add_student(url, discussion=4)
    assert api.create(discussion_body(session, contact), "idem_disc_note_1").status_code == 201
    assert api.create(discussion_body(session, contact), "idem_disc_note_1").status_code == 200
    note = ("Mock Discussion", far_day(), "Mock Discussion Token", 4, 3)
    assert query(url, NOTE) == [note], "a repeated request is noted once"


async def test_a34_what_was_refused_leaves_no_note(world):
    session = add_session(world.url, capacity=1)
    await world.book(session, _student(world.url))
    with pytest.raises(Refusal):
        await world.book(session, _student(world.url, 1), 1)
    assert query(world.url, "SELECT count(*) FROM timeline_notes") == [(1,)]


async def test_a34_the_crm_has_the_note_on_the_timeline_of_the_student(world):
    await world.on()
    booking = await world.book(add_session(world.url), _student(world.url))
    report = await world.sync()
    assert (report.outcome, report.notes) == ("done", 1)
    text = world.record(NOTES)["hs_note_body"]
    assert booking.booking_code in text
    assert "Mock Discussion Token: 4 before, 3 after" in text
    (number,) = world.there.store.records[NOTES]
    (student,) = world.there.store.records[CONTACTS]
    assert (NOTES, number, CONTACTS, student) in world.there.store.links
    assert query(world.url, "SELECT hubspot_id FROM timeline_notes") == [(number,)]
    assert (await world.sync()).notes == 0
    assert world.there.count(f"{NOTES}/batch/create") == 0


@pytest.mark.parametrize("done_there", [True, False])
async def test_a34_a_lost_answer_never_writes_a_note_twice(world, done_there):
    await world.on()
    await world.book(add_session(world.url), _student(world.url))
    world.there.fail("cut", f"{NOTES}/batch/create", after_work=done_there)
    assert (await world.sync()).outcome == "later"
    assert (await world.sync()).outcome == "done"
    assert len(world.there.store.records[NOTES]) == 1
    assert world.waiting() == {}


@pytest.mark.parametrize("shown", ["{}", '<div dir="auto"><p>{}</p></div>'])
async def test_a34_notes_of_one_moment_that_read_alike_are_told_apart(world, shown):
    """Three book alike in one millisecond and one note is lost: that one is sent, to its student (A34).

    Whether the vendor shows a text as it was sent or as its editor keeps it makes no difference.
    """
    await world.on()
    session = add_session(world.url)
    codes = [(await world.book(session, _student(world.url, n), n)).booking_code for n in range(3)]
    query(world.url, "UPDATE timeline_notes SET written_at = date_trunc('minute', now())")
    world.there.fail("cut", f"{NOTES}/batch/create", after_work=True)
    assert (await world.sync()).outcome == "later"
    there = world.there.store
    lost = next(n for n, one in there.records[NOTES].items() if codes[1] in one["hs_note_body"])
    del there.records[NOTES][lost]
    for one in there.records[NOTES].values():
        one["hs_note_body"] = shown.format(one["hs_note_body"])
    report = await world.sync()
    assert (report.outcome, report.notes) == ("done", 1)
    told = {
        there.records[CONTACTS][student]["student_id"]: note["hs_note_body"]
        for number, note in there.records[NOTES].items()
        for near, one, far, student in there.links
        if (near, one, far) == (NOTES, number, CONTACTS)
    }
    assert len(there.records[NOTES]) == 3
    assert all(code in told[f"QX{n}"] for n, code in enumerate(codes))
    kept = dict(query(world.url, _KEPT))
    assert all(codes[n] in there.records[NOTES][kept[f"QX{n}"]]["hs_note_body"] for n in range(3))


def test_a33_a_note_that_cannot_be_written_is_a_warning_and_the_booking_stands(
    running_backend, api
):
    url = running_backend.database
    session, contact = add_session(url), add_student(url, discussion=4, cs=1)
    exam = add_session(url, mock_type="Clinical Skills", day=far_day(31))
    with no_pen(url):
        made = api.create(discussion_body(session, contact), "idem_disc_note_2")
        assert made.status_code == 201
        links = made.json()["data"]["associations"]
        assert links["warnings"] == [
            "The booking stands, but the note about it could not be written."
        ]
        assert links["critical_success"] is True
        assert len(links["results"]) == 2
        body = exam_body(exam, contact, far_day(31))
        other = api.create(body, "idem_exam_note_2", "/bookings/create").json()["data"]
        assert len(other["associations"]["warnings"]) == 1
    seats = "SELECT total_bookings FROM mock_sessions ORDER BY exam_date"
    assert query(url, seats) == [(1,), (1,)]
    assert query(url, "SELECT count(*) FROM timeline_notes") == [(0,)]
    fine = discussion_body(add_session(url, day=far_day(32)), contact, far_day(32))
    later = api.create(fine, "idem_disc_note_3").json()["data"]
    assert later["associations"]["warnings"] == [], "the next booking has its own warnings"


async def test_a33_many_at_once_are_warned_each_for_itself(world):
    """Creates that share a statement: only those without a note say so."""
    session = add_session(world.url, capacity=20)
    people = [
        add_student(world.url, f"QX{n}", email=f"ana{n}@example.org", discussion=1 + n % 2)
        for n in range(6)
    ]
    core = Core(db=world.db, shelf=Shelf())
    requests = [_request(session, one, f"QX{n}", f"ana{n}") for n, one in enumerate(people)]
    with no_pen(world.url, of="NEW.tokens_before = 2"):
        booking = [create_booking(core, DISCUSSIONS, one, None) for one in requests]
        made = await asyncio.gather(*booking)
    assert [len(one.warnings) for one in made] == [0, 1, 0, 1, 0, 1]


async def test_a33_a_bell_that_fails_after_the_commit_is_a_warning(database_url):
    def broken() -> None:
        raise OSError("no bell")

    contact, session = _student(database_url), add_session(database_url)
    async with Database(database_url, size=2) as db:
        core = Core(db=db, shelf=Shelf(), clock=utc_now, ring=broken)
        request = _request(session, contact, "QX0", "ana0")
        booked = await create_booking(core, DISCUSSIONS, request, None)
    answer = json.loads(msgspec.json.encode(created_envelope(DISCUSSIONS, booked, "en")))
    assert "5 minutes" in answer["data"]["associations"]["warnings"][0]
    assert query(database_url, "SELECT is_active FROM bookings") == [("Active",)]
    quiet = msgspec.structs.replace(booked, warnings=())
    exam = json.loads(msgspec.json.encode(created_envelope(EXAMS, quiet, "en")))
    assert "associations" not in exam["data"]


def _request(session: str, contact: str, student_id: str, mailbox: str) -> BookingRequest:
    return BookingRequest(
        session=session,
        contact=contact,
        student_id=student_id,
        name="Ana Sol",
        email=f"{mailbox}@example.org",
        exam_date=far_day(),
        mock_type=MockType.MOCK_DISCUSSION,
        extras=Extras(discussion_format=DeliveryFormat.VIRTUAL),
        key=f"idem_disc_note_{student_id}",
    )
