"""What any CRM behind the protocol does; HubSpot's adapter, over real HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.outside.crm.off import NoCrm
from kiosk_app.backend.outside.crm.words import (
    Crm,
    Kept,
    Link,
    NotConfigured,
    Outgoing,
    PropertyMissing,
    Turned,
)
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances, CreditField
from tests.helpers.crm_records import PROPERTIES, booking, contact, new, outcomes, session
from tests.helpers.hubspot import BOOKINGS, CONTACTS, SESSIONS, TOKEN, HubSpot, running_hubspot


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
def there(server: HubSpot) -> HubSpot:
    server.forget()
    return server


@pytest.fixture
async def crm(there: HubSpot) -> AsyncIterator[Crm]:
    adapter = HubSpotCrm(HubSpotSettings(token=TOKEN, base=there.url, patience=30))
    yield adapter
    await adapter.close()


async def test_a_contact_is_found_by_id_or_by_e_mail_in_one_search(crm, there) -> None:
    number = there.store.put(CONTACTS, **PROPERTIES)
    for student_id, email in (("QX4417", "other@example.org"), ("QX1", "ANA@example.org")):
        there.calls.clear()
        (found,) = await crm.find_contacts(student_id, email)
        assert found.crm_id == number
        assert there.calls == [f"/crm/v3/objects/{CONTACTS}/search"]
        assert found.record.name == "Ana Sol Reyes"
        assert found.record.balances == Balances(sj_credits=1, mock_discussion_token=2)
    assert await crm.find_contacts("QX1", "nobody@example.org") == []


async def test_records_come_back_as_they_were_stored(crm) -> None:
    kept = await outcomes(crm.save_contacts(new([contact()])))
    (found,) = await crm.read_contacts([kept[0].crm_id])
    assert found.record == contact()
    await outcomes(crm.save_sessions(new([session()])))
    (found,) = await crm.match_sessions([session()])
    assert found.record == session()
    await outcomes(crm.save_bookings(new([booking()])))
    (found,) = await crm.match_bookings([booking().idempotency_key])
    assert found.record == booking()


async def test_ids_are_digits_only(crm) -> None:
    (kept,) = await outcomes(crm.save_bookings(new([booking()])))
    assert kept.crm_id.isdigit()


async def test_250_records_take_three_calls_each_way(crm, there) -> None:
    kept = await outcomes(crm.save_bookings(new([booking(n) for n in range(250)])))
    assert there.calls == [f"/crm/v3/objects/{BOOKINGS}/batch/create"] * 3
    assert len({one.crm_id for one in kept}) == 250
    there.calls.clear()
    changed = [
        Outgoing(one.key, booking(n, state=BookingState.CANCELLED), one.crm_id)
        for n, one in enumerate(kept)
    ]
    assert await outcomes(crm.save_bookings(changed)) == kept
    assert there.calls == [f"/crm/v3/objects/{BOOKINGS}/batch/update"] * 3
    states = {record["is_active"] for record in there.store.records[BOOKINGS].values()}
    assert states == {"Cancelled"}


async def test_everything_travels_as_text(crm, there) -> None:
    await outcomes(crm.save_sessions(new([session(total_bookings=0)])))
    (record,) = there.store.records[SESSIONS].values()
    assert record["capacity"] == "16"
    assert record["total_bookings"] == "0"
    assert record["is_active"] == "true"


async def test_one_bad_record_does_not_stop_the_others(crm, there) -> None:
    there.store.put(CONTACTS, **(PROPERTIES | {"email": "ana1@example.org"}))
    answers = await outcomes(crm.save_contacts(new([contact(n) for n in range(3)])))
    assert answers[1] == Turned("key-1", "CONFLICT")
    assert isinstance(answers[0], Kept)
    assert isinstance(answers[2], Kept)


async def test_one_gone_record_does_not_stop_changes_of_the_others(crm, there) -> None:
    kept = await outcomes(crm.save_sessions(new([session(n) for n in range(4)])))
    there.store.archived.add(kept[2].crm_id)
    changed = [Outgoing(one.key, session(n), one.crm_id) for n, one in enumerate(kept)]
    answers = await outcomes(crm.save_sessions(changed))
    assert answers == [*kept[:2], Turned("key-2", "OBJECT_NOT_FOUND"), kept[3]]


async def test_one_refused_value_does_not_stop_changes_of_the_others(crm, there) -> None:
    there.store.definitions[SESSIONS]["mock_type"]["options"] = ("Mock Discussion",)
    kept = await outcomes(crm.save_sessions(new([session(n) for n in range(7)])))
    changed = [Outgoing(one.key, session(n), one.crm_id) for n, one in enumerate(kept)]
    changed[5] = Outgoing("key-5", session(mock_type="Mini-mock"), kept[5].crm_id)
    answers = await outcomes(crm.save_sessions(changed))
    assert answers[5] == Turned("key-5", "VALIDATION_ERROR")
    assert answers[:5] + answers[6:] == kept[:5] + kept[6:]


async def test_a_change_of_a_contact_writes_balances_only(crm, there) -> None:
    number = there.store.put(CONTACTS, **PROPERTIES)
    change = contact(name="Typed Otherwise", balances=Balances(cs_credits=3))
    assert await outcomes(crm.save_contacts([Outgoing("k", change, number)])) == [Kept("k", number)]
    record = there.store.records[CONTACTS][number]
    assert record["firstname"] == "Ana"
    assert record["cs_credits"] == "3"


async def test_reads_are_batched_and_leave_out_what_is_gone(crm, there) -> None:
    numbers = [there.store.put(CONTACTS, **PROPERTIES) for _ in range(150)]
    there.store.archived.add(numbers[0])
    found = await crm.read_contacts([*numbers, "1"])
    assert {one.crm_id for one in found} == set(numbers[1:])
    assert there.calls == [f"/crm/v3/objects/{CONTACTS}/batch/read"] * 2


async def test_a_search_follows_its_pages(crm, there) -> None:
    there.store.page = 3
    keys = [booking(n).idempotency_key for n in range(10)]
    await outcomes(crm.save_bookings(new([booking(n) for n in range(10)])))
    assert {one.record.idempotency_key for one in await crm.match_bookings(keys)} == set(keys)
    assert there.count("search") == 4


async def test_keys_are_found_whatever_their_case(crm, there) -> None:
    wanted, other = booking(idempotency_key="Idem-ABC"), booking(idempotency_key="idem-abc")
    await outcomes(crm.save_bookings(new([wanted, other])))
    assert [one.record for one in await crm.match_bookings(["Idem-ABC"])] == [wanted]


async def test_many_students_are_matched_in_one_search(crm, there) -> None:
    there.store.put(CONTACTS, **(PROPERTIES | {"student_id": "QX4450"}))
    there.store.put(CONTACTS, **(PROPERTIES | {"email": "ana7@example.org"}))
    there.store.put(CONTACTS, **(PROPERTIES | {"student_id": "QX1", "email": "x@example.org"}))
    found = await crm.match_contacts([contact(n) for n in range(100)])
    assert {one.record.student_id for one in found} == {"QX4450", "QX4417"}
    assert there.count("search") == 1


async def test_bookings_of_sessions_take_two_calls_whatever_their_number(crm, there) -> None:
    seats = [
        k.crm_id for k in await outcomes(crm.save_sessions(new([session(n) for n in range(20)])))
    ]
    held = [
        k.crm_id for k in await outcomes(crm.save_bookings(new([booking(n) for n in range(60)])))
    ]
    links = [Link(one, seats[n % 20]) for n, one in enumerate(held)]
    assert await crm.link_to_sessions(links) == set(links)
    there.store.archived.add(held[0])
    there.calls.clear()
    found = await crm.bookings_of_sessions(seats)
    assert len(there.calls) == 2
    assert [one.crm_id for one in found[seats[0]]] == [held[20], held[40]]
    assert all(len(found[one]) == 3 for one in seats[1:])


async def test_associations_are_read_page_by_page(crm, there) -> None:
    number = there.store.put(CONTACTS, **PROPERTIES)
    held = [
        k.crm_id for k in await outcomes(crm.save_bookings(new([booking(n) for n in range(7)])))
    ]
    await crm.link_to_contacts([Link(one, number) for one in held])
    there.store.page = 3
    assert len((await crm.bookings_of_contacts([number]))[number]) == 7


async def test_links_that_cannot_be_made_are_not_reported(crm, there) -> None:
    number = there.store.put(CONTACTS, **PROPERTIES)
    (kept,) = await outcomes(crm.save_bookings(new([booking()])))
    good, bad = Link(kept.crm_id, number), Link(kept.crm_id, "1")
    assert await crm.link_to_contacts([good, bad]) == {good}


async def test_a_missing_token_property_is_named_and_can_be_made(crm, there) -> None:
    there.store.put(CONTACTS, **PROPERTIES)
    del there.store.definitions[CONTACTS]["mock_discussion_token"]
    assert not await crm.has_token_property(CreditField.DISCUSSION)
    with pytest.raises(PropertyMissing) as reading:
        await crm.find_contacts("QX4417", "ana@example.org")
    with pytest.raises(PropertyMissing) as writing:
        await outcomes(crm.save_contacts(new([contact(1), contact(2)])))
    with pytest.raises(PropertyMissing) as changing:
        await outcomes(crm.save_contacts([Outgoing("k", contact(), "880412337")]))
    named = {reading.value.name, writing.value.name, changing.value.name}
    assert named == {"mock_discussion_token"}
    await crm.add_token_property(CreditField.DISCUSSION)
    assert await crm.has_token_property(CreditField.DISCUSSION)
    assert await crm.find_contacts("QX4417", "ana@example.org")


async def test_without_a_crm_every_question_has_the_same_typed_answer() -> None:
    off: Crm = NoCrm()
    for asking in (
        lambda: off.find_contacts("QX1", "a@example.org"),
        lambda: off.match_contacts([contact()]),
        lambda: off.match_sessions([session()]),
        lambda: off.match_bookings(["k"]),
        lambda: off.read_contacts(["1"]),
        lambda: outcomes(off.save_contacts(new([contact()]))),
        lambda: outcomes(off.save_sessions(new([session()]))),
        lambda: outcomes(off.save_bookings(new([booking()]))),
        lambda: off.link_to_contacts([]),
        lambda: off.link_to_sessions([]),
        lambda: off.bookings_of_contacts(["1"]),
        lambda: off.bookings_of_sessions(["1"]),
        lambda: off.has_token_property(CreditField.SJ),
        lambda: off.add_token_property(CreditField.SJ),
    ):
        with pytest.raises(NotConfigured):
            await asking()
    await off.close()
