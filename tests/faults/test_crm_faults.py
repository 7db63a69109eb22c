"""A CRM that is over quota, slow, cut off or not the CRM at all."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.outside.crm.words import Kept, Later, Quota, Refused
from tests.helpers.crm_records import PROPERTIES, booking, new, outcomes
from tests.helpers.hubspot import BOOKINGS, CONTACTS, TOKEN, HubSpot, running_hubspot


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
def there(server: HubSpot) -> HubSpot:
    server.forget()
    server.store.put(CONTACTS, **PROPERTIES)
    return server


@pytest.fixture
async def crm(there: HubSpot) -> AsyncIterator[HubSpotCrm]:
    adapter = HubSpotCrm(HubSpotSettings(token=TOKEN, base=there.url, patience=30))
    yield adapter
    await adapter.close()


def asking(crm: HubSpotCrm):
    return crm.find_contacts("QX4417", "ana@example.org")


@pytest.mark.parametrize(
    ("policy", "seconds"), [("SECONDLY", 1), ("TEN_SECONDLY_ROLLING", 10), ("DAILY", 3600)]
)
async def test_a_used_up_quota_says_how_long_to_wait(crm, there, policy, seconds) -> None:
    there.quota, there.policy = 0, policy
    with pytest.raises(Later) as searching:
        await asking(crm)
    with pytest.raises(Later) as reading:
        await crm.read_contacts(["1"])
    assert searching.value.after == reading.value.after == seconds
    assert crm.quota == Quota(250_000, 0 if policy == "DAILY" else 200_000)


async def test_an_answer_to_a_search_tells_nothing_of_the_quota(crm, there) -> None:
    await asking(crm)
    assert crm.quota is None


@pytest.mark.parametrize("kind", ["cut", "html", "half", "500", "502", "503", "423"])
async def test_what_may_pass_is_later(crm, there, kind) -> None:
    there.fail(kind)
    with pytest.raises(Later) as fault:
        await asking(crm)
    assert fault.value.after > 0
    assert await asking(crm)


async def test_a_slow_answer_is_later(there) -> None:
    adapter = HubSpotCrm(HubSpotSettings(token=TOKEN, base=there.url, timeout=0.2, patience=0.1))
    there.fail("slow", times=2)
    with pytest.raises(Later):
        await asking(adapter)
    with pytest.raises(Later):
        await adapter.read_contacts(["1"])
    await adapter.close()


async def test_the_vendor_may_say_how_long(crm, there) -> None:
    there.fail("477")
    with pytest.raises(Later) as fault:
        await asking(crm)
    assert fault.value.after == 90


async def test_an_address_where_nobody_listens_is_later(there) -> None:
    adapter = HubSpotCrm(HubSpotSettings(token=TOKEN, base="http://127.0.0.1:1"))
    with pytest.raises(Later):
        await asking(adapter)
    await adapter.close()


async def test_wrong_credentials_and_missing_rights_are_refused(crm, there) -> None:
    adapter = HubSpotCrm(HubSpotSettings(token="pat-wrong", base=there.url))
    with pytest.raises(Refused) as fault:
        await asking(adapter)
    assert not isinstance(fault.value, Later)
    await adapter.close()
    there.fail("403")
    with pytest.raises(Refused):
        await asking(crm)


async def test_an_unknown_object_type_is_refused(there) -> None:
    settings = HubSpotSettings(token=TOKEN, base=there.url, booking_type="2-1")
    adapter = HubSpotCrm(settings)
    with pytest.raises(Refused):
        await adapter.match_bookings(["k"])
    await adapter.close()


async def test_what_earlier_batches_stored_is_known_when_a_later_one_fails(crm, there) -> None:
    there.fail("503", "create", skip=1)
    saving = aiter(crm.save_bookings(new([booking(n) for n in range(150)])))
    kept = await anext(saving)
    with pytest.raises(Later):
        await anext(saving)
    assert len(kept) == 100
    assert all(isinstance(one, Kept) for one in kept)


async def test_a_lost_answer_leaves_records_that_can_be_found_again(crm, there) -> None:
    there.fail("cut", "create", after_work=True)
    with pytest.raises(Later):
        await outcomes(crm.save_bookings(new([booking()])))
    (found,) = await crm.match_bookings([booking().idempotency_key])
    assert found.crm_id in there.store.records[BOOKINGS]


async def test_nothing_personal_and_no_secret_is_logged_or_raised(crm, there, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore").setLevel(logging.INFO)
    said = []
    for kind in ("500", "403", "html", "cut"):
        there.fail(kind)
        with pytest.raises(Exception) as fault:  # noqa: PT011 - every kind of fault is meant
            await asking(crm)
        said.append(repr(fault.value))
    said += [repr(vars(record)) for record in caplog.records]
    text = " ".join(said) + repr(HubSpotSettings(token=TOKEN))
    for secret in ("ana@", "QX4417", "Sol", TOKEN):
        assert secret not in text
