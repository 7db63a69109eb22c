"""What staff settle: what happened, the ways out with what they would write, and what they do."""

from datetime import time, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from kiosk_app.backend.core.attention import attest, list_attention, read_item, settle
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.ways_out import writes
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.jobs.letters import preview_rejection, write_mail
from kiosk_app.backend.storage.mail import MAIL
from kiosk_app.contract.attention import AttentionKind, Attest, SettleAttention, Way
from kiosk_app.contract.problems import Code
from tests.helpers.backend import add_session, add_student, far_day, query
from tests.helpers.lease_kiosk import LeaseKiosk
from tests.helpers.leased import a_caller, a_request, a_user, exchange, lease_of
from tests.helpers.mails import composer

KEY = "idem_disc_lease1"


@pytest.fixture
def caller(database_url):
    return a_caller(database_url)


@pytest.fixture
def kiosk():
    return LeaseKiosk()


@pytest.fixture
def user(database_url, caller):
    return a_user(database_url, caller, role="front_desk")


async def next_mail(core):
    """Return the next mail as it is written to be sent."""
    mail = await MAIL.claim(core.db, core.clock() + timedelta(seconds=1))
    return await write_mail(core.db, composer(), mail, core.clock())


async def called_off(core, url, caller, kiosk):
    """Let a kiosk promise a seat of a session that is called off; return session and student."""
    session = add_session(url, capacity=20)
    (first, *_) = await lease_of(core, caller, kiosk, session)
    lease, contact = kiosk.confirm(first), add_student(url, discussion=1)
    query(url, "UPDATE mock_sessions SET is_active = false WHERE id = %s", session)
    with pytest.raises(Refusal):
        await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    return session, contact


async def the_item(core, language="en"):
    (item,) = (await list_attention(core, language)).items
    return item


async def test_the_nearest_session_with_a_seat_comes_first(core, database_url, caller, kiosk):
    await called_off(core, database_url, caller, kiosk)
    far = add_session(database_url, day=far_day(50))
    near = add_session(database_url, day=far_day(31))
    add_session(database_url, day=far_day(30), start=time(20), capacity=0)
    item = await the_item(core)
    assert (item.kind, item.student) == (AttentionKind.REHOUSE, "QX4417")
    assert "cannot be had. This session no longer takes bookings." in item.happened
    offered = [one.alternative.session_id for one in item.options if one.way is Way.BOOK_OTHER]
    assert offered == [str(near), str(far)]
    assert [(one.way, one.mails) for one in item.options[2:]] == [
        (Way.WRITE_STUDENT, True),
        (Way.CALL_STUDENT, False),
        (Way.NOTHING_TO_DO, False),
    ]
    assert (await the_item(core, "fr")).happened != item.happened


async def test_the_mail_that_is_shown_is_the_mail_that_goes(core, database_url, caller, kiosk):
    user = a_user(database_url, caller, role="front_desk")
    await called_off(core, database_url, caller, kiosk)
    query(database_url, "UPDATE contacts SET locale = 'fr'")
    add_session(database_url, day=far_day(31))
    item = await the_item(core)
    row = await read_item(core, UUID(item.id))
    shown = await preview_rejection(
        core.db,
        row.contact_id,
        session=item.session_id,
        code=Code.SESSION_CLOSED,
        now=core.clock(),
    )
    assert [one.language for one in shown] == ["fr", "en"]
    words = SettleAttention(way=Way.WRITE_STUDENT, reason="no answer by phone")
    await settle(core, user, UUID(item.id), words)
    sent = await next_mail(core)
    assert (sent.subject, sent.text) == (shown[0].subject, shown[0].text)
    assert not writes(await read_item(core, UUID(item.id)))


async def test_what_the_kiosk_reported_is_not_written_twice(core, database_url, caller, kiosk):
    session, contact = await called_off(core, database_url, caller, kiosk)
    query(
        database_url,
        "SELECT queue_mail('rejected', NULL, %s, %s, 0, %s::jsonb)",
        contact,
        f"rejected:{KEY}",
        msgspec.json.encode({"session": str(session), "code": "SESSION_CLOSED"}).decode(),
    )
    assert Way.WRITE_STUDENT not in [one.way for one in (await the_item(core)).options]


@pytest.mark.parametrize("way", [Way.ADD_TOKEN, Way.WAIVE])
async def test_an_owed_token_is_entered_once(core, database_url, caller, kiosk, way):
    user = a_user(database_url, caller, role="front_desk")
    session = add_session(database_url, capacity=20)
    (first, *_) = await lease_of(core, caller, kiosk, session)
    lease, contact = kiosk.confirm(first), add_student(database_url)
    await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    item = await the_item(core)
    assert item.options[0].way is Way.ADD_TOKEN
    for _ in range(2):
        await settle(core, user, UUID(item.id), SettleAttention(way=way, reason="paid in cash"))
    assert query(database_url, "SELECT sum(amount)::int FROM ledger") == [(0,)]
    log = "SELECT action FROM audit_log WHERE actor_kind = 'user' ORDER BY action"
    assert query(database_url, log) == [("attention.settled",), ("tokens.changed",)]
    assert (await list_attention(core)).items == []


async def test_an_instructor_takes_and_gives_no_tokens(core, database_url, caller):
    ((item,),) = query(
        database_url,
        "INSERT INTO attention (kind, dedupe_key) VALUES ('debt', 'debt:x') RETURNING id",
    )
    teacher = a_user(database_url, caller, role="instructor")
    with pytest.raises(Refusal) as refused:
        await settle(core, teacher, item, SettleAttention(way=Way.ADD_TOKEN, reason="paid"))
    assert refused.value.code is Code.INSUFFICIENT_PERMISSIONS
    assert len((await list_attention(core)).items) == 1, "nothing was closed either"


async def test_stranded_seats_stand_there_until_they_are_attested(
    core, database_url, caller, kiosk
):
    session = add_session(database_url, capacity=20)
    seats = await lease_of(core, caller, kiosk, session)
    assert (await list_attention(core)).items == []
    query(database_url, "UPDATE lease_slots SET renewed_at = now() - interval '13 hours'")
    item = await the_item(core)
    assert (item.kind, item.device) == (AttentionKind.STRANDED, caller.device.name)
    assert [(one.session_id, one.slot, one.generation) for one in item.slots] == seats
    assert item.usable_until == item.at
    assert [one.way for one in item.options] == [
        Way.IMPORT_OUTBOX,
        Way.ATTEST,
        Way.NOTHING_TO_DO,
    ]
    teacher = a_user(database_url, caller, role="instructor")
    words = SettleAttention(way=Way.NOTHING_TO_DO, reason="later")
    with pytest.raises(Refusal) as refused:
        await settle(core, teacher, UUID(item.id), words)
    assert refused.value.code is Code.NOT_FOUND
    await attest(core, teacher, Attest(device_id=item.device_id, reason="printed journal read"))
    assert (await list_attention(core)).items == []


async def test_a_device_that_speaks_again_strands_nothing(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=20)
    await lease_of(core, caller, kiosk, session)
    query(database_url, "UPDATE lease_slots SET renewed_at = now() - interval '13 hours'")
    assert len((await list_attention(core)).items) == 1
    await exchange(core, caller, kiosk)
    assert (await list_attention(core)).items == []


async def test_a_restore_that_was_noticed_is_an_alarm_to_close(
    core, database_url, caller, kiosk, user
):
    session = add_session(database_url, capacity=10)
    await lease_of(core, caller, kiosk, session)
    query(database_url, "UPDATE feed SET epoch = gen_random_uuid()")
    await exchange(core, caller, kiosk)
    item = await the_item(core)
    assert (item.kind, item.options[0].way) == (AttentionKind.RESTORE_NOTICED, Way.KEEP_BACK)
    words = SettleAttention(way=Way.NOTHING_TO_DO, reason="a test of the backup")
    await settle(core, user, UUID(item.id), words)
    assert (await list_attention(core)).items == []


async def test_nobody_settles_what_is_not_there(core, user):
    words = SettleAttention(way=Way.NOTHING_TO_DO, reason="what item")
    with pytest.raises(Refusal):
        await settle(core, user, uuid4(), words)
