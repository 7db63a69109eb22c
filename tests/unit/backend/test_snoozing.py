"""Items of the desk's list that are put off, and what brings them back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from kiosk_app.backend.core.attention import list_attention, settle
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.snoozing import snooze, wake
from kiosk_app.contract.attention import AttentionKind, SettleAttention, SnoozeAttention, Way
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import wire_instant
from tests.helpers.attending import broken_promise, owed_token, silent_device
from tests.helpers.backend import query
from tests.helpers.leased import a_caller, a_user

REASON = "the student calls back"


@pytest.fixture
def user(database_url):
    return a_user(database_url, a_caller(database_url), role="front_desk")


class SetClock:
    """The server's clock, as a test sets it."""

    def __init__(self):
        self.instant = datetime.now(UTC)

    def __call__(self, instant=None):
        self.instant = instant or self.instant
        return self.instant


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def core(core, clock):
    """The usual one, by that clock."""
    return replace(core, clock=clock)


async def put_off(core, user, item, **until):
    body = SnoozeAttention(until=wire_instant(core.clock() + timedelta(**until)), reason=REASON)
    return await snooze(core, user, UUID(item), body)


async def listed(core):
    found = await list_attention(core)
    return [one.id for one in found.items], [one.id for one in found.snoozed]


async def test_it_leaves_the_list_and_is_back_at_its_time(core, database_url, user, clock):
    item, other = owed_token(database_url), broken_promise(database_url)[0]
    said = await put_off(core, user, item, hours=2)
    assert await listed(core) == ([other], [item])
    (shown,) = (await list_attention(core)).snoozed
    assert shown.snoozed == said
    assert (said.by, said.reason) == ("Una", REASON)
    clock(core.clock() + timedelta(hours=2))
    assert await listed(core) == ([item, other], [])


async def test_each_step_stands_in_the_log_with_who_and_whose(core, database_url, user, clock):
    item = owed_token(database_url)
    said = await put_off(core, user, item, hours=2)
    await wake(core, user, UUID(item))
    await wake(core, user, UUID(item))
    assert await listed(core) == ([item], [])
    rows = query(
        database_url,
        "SELECT a.action, a.actor_id, a.reason, a.after, c.student_id FROM audit_log a"
        " JOIN contacts c ON c.id = a.subject_id WHERE a.entity_id = %s ORDER BY a.id",
        item,
    )
    me = str(user.require_user().id)
    assert rows == [
        ("attention.snoozed", me, REASON, {"until": said.until}, "RB2001"),
        ("attention.woken", me, None, None, "RB2001"),
    ]


async def test_it_is_back_an_hour_before_its_session(core, database_url, user, clock):
    item = owed_token(database_url)
    ((starts,),) = query(database_url, "SELECT starts_at FROM mock_sessions")
    clock(starts - timedelta(hours=5))
    said = await put_off(core, user, item, hours=4, minutes=30)
    assert said.until == wire_instant(starts - timedelta(hours=1))
    clock(starts - timedelta(hours=1))
    assert await listed(core) == ([item], [])
    await put_off(core, user, item, minutes=30)
    assert await listed(core) == ([], [item]), "whoever knows that it is near may still"


async def test_never_beyond_the_start_nor_backwards(core, database_url, user, clock):
    item = owed_token(database_url)
    for until, code in (
        ({"days": 4000}, Code.SNOOZE_PAST_START),
        ({"days": 15}, Code.SNOOZE_TIME),
        ({"minutes": -1}, Code.SNOOZE_TIME),
    ):
        with pytest.raises(Refusal) as refused:
            await put_off(core, user, item, **until)
        assert refused.value.code is code
    assert await listed(core) == ([item], [])
    assert query(database_url, "SELECT count(*) FROM audit_log WHERE entity_id = %s", item) == [
        (0,)
    ]


async def test_what_changes_meanwhile_wakes_it(core, database_url, user, clock):
    item = owed_token(database_url)
    await put_off(core, user, item, hours=2)
    query(database_url, "UPDATE mock_sessions SET is_active = false")
    assert await listed(core) == ([item], [])


async def test_stranded_seats_sleep_until_the_device_speaks_again(core, database_url, user, clock):
    _session, device = silent_device(database_url)
    ((item,), _none) = await listed(core)
    await put_off(core, user, item, hours=2)
    assert await listed(core) == ([], [item])
    query(
        database_url,
        "UPDATE lease_slots SET renewed_at = now() - interval '1 day' WHERE device_id = %s",
        device,
    )
    assert await listed(core) == ([item], []), "it was heard, and is silent again"


async def test_an_alarm_sleeps_too(core, database_url, user, clock):
    query(database_url, "INSERT INTO restores (epoch, noticed_at) VALUES ('x', now())")
    (alarm,) = (await list_attention(core)).items
    assert alarm.kind is AttentionKind.RESTORE_NOTICED
    await put_off(core, user, alarm.id, minutes=30)
    assert await listed(core) == ([], [alarm.id])


async def test_what_is_settled_is_put_off_no_longer(core, database_url, user, clock):
    item = owed_token(database_url)
    await put_off(core, user, item, hours=2)
    words = SettleAttention(way=Way.CALL_STUDENT, reason="paid in cash")
    await settle(core, user, UUID(item), words)
    assert await listed(core) == ([], [])
    assert query(database_url, "SELECT count(*) FROM attention_snoozes") == [(0,)]
    for again in (put_off(core, user, item, hours=1), wake(core, user, UUID(item))):
        with pytest.raises(Refusal) as refused:
            await again
        assert refused.value.code is Code.NOT_FOUND


async def test_nobody_puts_off_what_is_not_there(core, user):
    with pytest.raises(Refusal) as refused:
        await put_off(core, user, str(uuid4()), hours=1)
    assert refused.value.code is Code.NOT_FOUND
