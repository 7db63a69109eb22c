"""The two-hourly sync: what is booked here is known there, once, and top-ups come back (B29-B32)."""

import asyncio

import pytest

from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.crm_sync import CrmSync, sync_crm
from kiosk_app.backend.outside.crm.off import NoCrm
from tests.helpers.backend import add_session, add_student, query
from tests.helpers.crm_records import PROPERTIES
from tests.helpers.crm_world import World
from tests.helpers.hubspot import BOOKINGS, CONTACTS, SESSIONS

WRITES = ("batch/create", "batch/update", "associate/default")

SOMEBODY_CANCELS = """
CREATE FUNCTION somebody_cancels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM cancel_booking_atomic(NEW.entity_id, NULL, now()); RETURN NULL; END $$;
CREATE TRIGGER meanwhile AFTER UPDATE OF sent_at ON crm_queue
FOR EACH ROW WHEN (NEW.entity = 'booking' AND NEW.sent_at IS NOT NULL)
EXECUTE FUNCTION somebody_cancels();
"""


def student(world: World, number: int = 0, tokens: int = 3, **columns: object) -> str:
    return add_student(
        world.url,
        f"QX{number}",
        email=f"ana{number}@example.org",
        discussion=tokens,
        **columns,
    )


def many_students(world: World, count: int) -> list[str]:
    statement = """
        WITH made AS (
            INSERT INTO contacts (student_id, email, name)
            SELECT 'QX' || n, 'ana' || n || '@example.org', 'Ana Sol' FROM generate_series(0, %s) n
            RETURNING id, student_id
        ), paid AS (
            INSERT INTO ledger (contact_id, credit_field, amount, kind)
            SELECT id, 'mock_discussion_token', 3, 'opening' FROM made
        )
        SELECT id::text FROM made ORDER BY substr(student_id, 3)::integer
    """
    return [contact for (contact,) in query(world.url, statement, count - 1)]


def student_there(world: World, number: int = 0, tokens: int = 3, **changes: str) -> str:
    given = {
        "student_id": f"QX{number}",
        "email": f"ana{number}@example.org",
        "mock_discussion_token": str(tokens),
    }
    return world.there.store.put(CONTACTS, **(PROPERTIES | {"sj_credits": "0"} | given | changes))


def writes(world: World) -> int:
    return sum(world.there.count(path) for path in WRITES)


async def test_250_bookings_take_three_calls_and_a_second_run_none(world) -> None:
    session = add_session(world.url, capacity=300)
    await world.on()
    for number, contact in enumerate(many_students(world, 250)):
        await world.book(session, contact, number)
    report = await world.sync()
    assert (report.outcome, report.bookings, report.turned) == ("done", 250, 0)
    assert world.there.count(f"{BOOKINGS}/batch/create") == 3
    assert len(world.there.store.records[BOOKINGS]) == 250
    assert world.record(SESSIONS)["total_bookings"] == "250"
    numbers = query(world.url, "SELECT hubspot_id FROM bookings")
    assert {number for (number,) in numbers} == set(world.there.store.records[BOOKINGS])
    again = await world.sync()
    assert (writes(world), again.bookings, world.waiting()) == (0, 0, {})


async def test_a_booking_is_associated_with_student_and_session(world) -> None:
    session, contact = add_session(world.url), student(world)
    booking = await world.book(session, contact)
    await world.sync()
    (there,) = world.there.store.records[BOOKINGS]
    (seat,) = world.there.store.records[SESSIONS]
    (person,) = world.there.store.records[CONTACTS]
    assert {(BOOKINGS, there, CONTACTS, person), (BOOKINGS, there, SESSIONS, seat)} <= (
        world.there.store.links
    )
    record = world.record(BOOKINGS)
    assert record["booking_id"] == booking.booking_id
    assert record["is_active"] == "Active"
    assert record["idempotency_key"] == booking.idempotency_key
    assert world.record(CONTACTS)["mock_discussion_token"] == "2"


async def test_made_and_cancelled_before_the_first_sync_is_sent_once_as_cancelled(world) -> None:
    session, contact = add_session(world.url), student(world)
    await world.on()
    await world.cancel(await world.book(session, contact))
    await world.sync()
    assert world.there.count(f"{BOOKINGS}/batch/create") == 1
    assert world.there.count(f"{BOOKINGS}/batch/update") == 0
    assert world.record(BOOKINGS)["is_active"] == "Cancelled"


async def test_a_later_cancel_changes_the_record_that_is_there(world) -> None:
    session, contact = add_session(world.url), student(world)
    booking = await world.book(session, contact)
    await world.sync()
    await world.cancel(booking)
    assert world.waiting() == {"booking": 1, "contact": 1, "session": 1}
    await world.sync()
    assert world.there.count(f"{BOOKINGS}/batch/create") == 0
    assert world.record(BOOKINGS)["is_active"] == "Cancelled"
    assert world.record(SESSIONS)["total_bookings"] == "0"
    assert world.record(CONTACTS)["mock_discussion_token"] == "3"


async def test_a_queue_row_lives_and_dies_with_its_booking(world) -> None:
    session = add_session(world.url, capacity=1)
    await world.on()
    await world.book(session, student(world))
    await world.sync()
    refused = student(world, 1)
    query(world.url, "DELETE FROM crm_queue")
    with pytest.raises(Exception, match="DISCUSSION_FULL"):
        await world.book(session, refused, 1)
    assert world.waiting() == {}


async def test_a_top_up_over_there_is_added_to_what_was_booked_here(world) -> None:
    number = student_there(world)
    contact = student(world, hubspot_id=number)
    await world.sync()
    await world.book(add_session(world.url), contact)
    world.there.store.records[CONTACTS][number]["mock_discussion_token"] = "6"
    report = await world.sync()
    assert report.tokens_added == 3
    assert world.tokens(contact) == 5
    assert world.record(CONTACTS)["mock_discussion_token"] == "5"
    entries = query(world.url, "SELECT amount FROM ledger WHERE kind = 'crm'")
    assert entries == [(3,)]


async def test_a_top_up_reaches_a_student_who_did_nothing(world) -> None:
    number = student_there(world)
    contact = student(world, hubspot_id=number)
    await world.sync()
    world.there.store.records[CONTACTS][number]["mock_discussion_token"] = "4"
    await world.sync()
    assert (world.tokens(contact), writes(world)) == (4, 0)
    await world.sync()
    assert world.tokens(contact) == 4


async def test_a_balance_lowered_over_there_is_put_right_again(world) -> None:
    number = student_there(world)
    contact = student(world, hubspot_id=number)
    await world.sync()
    world.there.store.records[CONTACTS][number]["mock_discussion_token"] = "0"
    await world.sync()
    assert world.tokens(contact) == 3
    assert world.record(CONTACTS)["mock_discussion_token"] == "3"


@pytest.mark.parametrize("done_there", [True, False])
async def test_a_lost_answer_about_balances_invents_no_token(world, done_there) -> None:
    number = student_there(world)
    contact = student(world, hubspot_id=number)
    await world.sync()
    await world.book(add_session(world.url), contact)
    world.there.fail("cut", f"{CONTACTS}/batch/update", after_work=done_there)
    assert (await world.sync()).outcome == "later"
    assert (await world.sync()).outcome == "done"
    assert world.tokens(contact) == 2
    assert world.record(CONTACTS)["mock_discussion_token"] == "2"


@pytest.mark.parametrize("kind", [CONTACTS, SESSIONS, BOOKINGS])
@pytest.mark.parametrize("done_there", [True, False])
async def test_a_lost_answer_never_makes_a_second_record(world, kind, done_there) -> None:
    await world.book(add_session(world.url), student(world))
    world.there.fail("cut", f"{kind}/batch/create", after_work=done_there)
    assert (await world.sync()).outcome == "later"
    assert (await world.sync()).outcome == "done"
    assert len(world.there.store.records[kind]) == 1
    assert len(world.there.store.links) == 6
    assert world.waiting() == {}


async def test_a_run_goes_on_where_the_last_one_was_stopped(world) -> None:
    session = add_session(world.url, capacity=300)
    await world.on()
    for number, contact in enumerate(many_students(world, 150)):
        await world.book(session, contact, number)
    world.there.fail("503", f"{BOOKINGS}/batch/create", skip=1)
    first = await world.sync()
    assert (first.outcome, first.bookings) == ("later", 100)
    second = await world.sync()
    assert (second.outcome, second.bookings) == ("done", 50)
    assert len(world.there.store.records[BOOKINGS]) == 150


async def test_associations_that_were_not_made_are_made_up_for(world) -> None:
    await world.book(add_session(world.url), student(world))
    world.there.fail("503", f"{SESSIONS}/batch/associate")
    assert (await world.sync()).outcome == "later"
    assert (await world.sync()).outcome == "done"
    assert len(world.there.store.links) == 6
    assert len(world.there.store.records[BOOKINGS]) == 1


async def test_a_used_up_quota_ends_the_run_and_the_next_one_goes_on(world) -> None:
    booking = await world.book(add_session(world.url), student(world))
    world.there.quota, world.there.policy = 2, "TEN_SECONDLY_ROLLING"
    report = await world.sync()
    assert (report.outcome, report.retry_after) == ("later", 10)
    world.there.quota = None
    assert (await world.sync()).outcome == "done"
    assert world.record(BOOKINGS)["booking_id"] == booking.booking_id
    assert len(world.there.store.records[CONTACTS]) == 1
    outcomes = query(world.url, "SELECT outcome, error FROM crm_sync_log ORDER BY id")
    assert outcomes == [("later", "quota TEN_SECONDLY_ROLLING"), ("done", None)]


async def test_a_student_known_there_is_met_not_made_again(world) -> None:
    number = student_there(world, tokens=7, email="ANA0@example.org")
    contact = student(world)
    await world.sync()
    assert world.there.count(f"{CONTACTS}/batch/create") == 0
    assert query(world.url, "SELECT hubspot_id FROM contacts WHERE id = %s", contact) == [(number,)]
    # Met for the first time: nobody can say what of the seven is new, so ours stands.
    assert world.tokens(contact) == 3
    assert world.record(CONTACTS)["mock_discussion_token"] == "3"


async def test_half_a_match_there_is_nobody_and_holds_up_nobody(world) -> None:
    other = student_there(world, email="other@example.org")
    session = add_session(world.url)
    await world.book(session, student(world))
    await world.book(session, student(world, 1), 1)
    report = await world.sync()
    # The student, and the booking and its note that find no student over there.
    assert (report.outcome, report.turned, report.contacts, report.bookings) == ("done", 3, 1, 2)
    told = query(world.url, "SELECT entity, last_error FROM crm_queue ORDER BY entity")
    assert told == [
        ("booking", "UNLINKED"),
        ("contact", "IDENTITY_CONFLICT"),
        ("note", "UNLINKED"),
    ]
    await world.sync()
    assert writes(world) == 0
    world.there.store.records[CONTACTS][other]["student_id"] = "QX9"
    world.impatient()
    await world.sync()
    assert world.waiting() == {}
    assert len(world.there.store.links) == 12


async def test_sessions_that_are_there_already_are_met_once_each(world) -> None:
    first = add_session(world.url)
    await world.sync()
    query(world.url, "UPDATE mock_sessions SET hubspot_id = NULL")
    query(world.url, "INSERT INTO crm_queue (entity, entity_id) VALUES ('session', %s)", first)
    second = add_session(world.url)
    await world.sync()
    assert len(world.there.store.records[SESSIONS]) == 2
    numbers = dict(query(world.url, "SELECT id::text, hubspot_id FROM mock_sessions"))
    assert numbers[first] != numbers[second]


async def test_one_record_the_crm_will_not_have_stops_nothing(world) -> None:
    world.there.store.definitions[SESSIONS]["mock_type"]["options"] = ("Mock Discussion",)
    add_session(world.url, mock_type="Mini-mock")
    await world.book(add_session(world.url), student(world))
    report = await world.sync()
    assert (report.outcome, report.sessions, report.turned) == ("done", 1, 1)
    assert world.waiting() == {"session": 1}
    again = await world.sync()
    assert (again.turned, writes(world)) == (0, 0)


async def test_a_missing_property_ends_the_run_with_its_name(world) -> None:
    student(world)
    del world.there.store.definitions[CONTACTS]["mock_discussion_token"]
    report = await world.sync()
    assert report.outcome == "refused"
    assert "mock_discussion_token" in report.error


async def test_two_runs_at_once_are_one(world) -> None:
    student(world)
    async with world.db.only_one(0x63726D) as mine:
        assert mine
        assert (await world.sync()).outcome == "busy"
    assert world.there.calls == []
    assert (await world.sync()).outcome == "done"


async def test_bookings_made_while_the_crm_is_set_up_are_not_forgotten(world) -> None:
    session = add_session(world.url, capacity=40)
    making = [world.book(session, one, n) for n, one in enumerate(many_students(world, 40))]
    await asyncio.gather(*making[:20], world.on(), *making[20:])
    assert world.waiting() == {"booking": 40, "contact": 40, "note": 40, "session": 1}


async def test_without_a_crm_nothing_is_queued_and_nothing_runs(world) -> None:
    await world.book(add_session(world.url), student(world))
    assert world.waiting() == {}
    assert (await sync_crm(world.db, NoCrm(), utc_now)).outcome == "off"


async def test_what_changes_while_it_is_sent_is_sent_again(world) -> None:
    session = add_session(world.url)
    booking = await world.book(session, student(world))
    await world.on()
    query(world.url, SOMEBODY_CANCELS)
    try:
        await world.sync()
    finally:
        query(world.url, "DROP FUNCTION somebody_cancels CASCADE")
    assert world.waiting()["booking"] == 1
    await world.sync()
    assert world.record(BOOKINGS)["is_active"] == "Cancelled"
    assert world.waiting() == {}
    assert booking.booking_id == world.record(BOOKINGS)["booking_id"]


async def test_the_job_says_how_much_it_did_and_what_is_left(world) -> None:
    await world.book(add_session(world.url), student(world))
    report = await CrmSync(world.db, world.crm).run(utc_now())
    assert (report.done, report.problem) == (4, "")
    world.there.quota = 0
    student(world, 1)
    assert (await CrmSync(world.db, world.crm).run(utc_now())).problem.startswith("quota")
