"""Staff at a window: the engine's part of *Needs attention*, against the real backend over HTTP."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from kiosk_app.i18n import texts
from kiosk_app.sync.attending import Attending
from kiosk_app.sync.events import AttentionListed, FaultRaised, HelpRead, ItemSettled, LettersRead
from kiosk_app.sync.intents import (
    LookAtAttention,
    LookAtHelp,
    ReadLetters,
    Settle,
    StaffSignIn,
    StaffSignOut,
)
from tests.helpers.attending import STAFF, add_staff, broken_promise
from tests.helpers.backend import PASSWORD, add_device, query
from tests.helpers.device import TestClock, at_bench
from tests.helpers.files import handing
from tests.helpers.lossy_line import LossyLine
from tests.helpers.samples import new_request, session_facts


@pytest.fixture
def url(running_backend):
    add_staff(running_backend.database)
    return running_backend.database


@pytest.fixture
def line(running_backend):
    with LossyLine(int(running_backend.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture
async def desk(tmp_path, line, url):
    token, clock = add_device(url, "Front desk", "desk"), TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, line.url, token=token, clock=clock) as device:
        await device.connect()
        device.attending = Attending(device.station, device.replay, handing(tmp_path))
        yield device


async def ask(desk, intent):
    await desk.attending.serve(intent)
    return desk.told(AttentionListed)[-1]


async def test_a_sign_in_shows_the_servers_items_and_ends_with_them(desk, url):
    item, other = broken_promise(url)
    wrong = await ask(desk, StaffSignIn(STAFF, "not the password"))
    assert (wrong.user, wrong.server, wrong.code) == ("", None, "SIGN_IN_REFUSED")
    listed = await ask(desk, StaffSignIn(STAFF, PASSWORD))
    assert (listed.user, listed.code) == ("Sam Desk", None)
    (found,) = listed.server
    assert (found.ref, found.choices[0].session.session_id) == (item, other)
    await ask(desk, ReadLetters(item, "write_student"))
    (read,) = desk.told(LettersRead)
    assert "Ana" in read.letters[0].text
    wish = Settle(ref=item, way="book_other", session_id=other, note="agreed by phone")
    listed = await ask(desk, wish)
    assert desk.told(ItemSettled) == [ItemSettled(ref=item)]
    assert listed.server == ()
    assert query(url, "SELECT session_id::text FROM bookings") == [(other,)]
    out = await ask(desk, StaffSignOut())
    assert (out.user, out.server, out.as_of) == ("", None, None)
    assert query(url, "SELECT count(*) FROM staff_sessions WHERE revoked_at IS NULL") == [(0,)]


async def test_words_of_ones_own_go_with_the_mail_as_they_were_shown(desk, url, post):
    item, _other = broken_promise(url)
    await ask(desk, StaffSignIn(STAFF, PASSWORD))
    await ask(desk, ReadLetters(item, "write_student"))
    shown = {one.language: one for one in desk.told(LettersRead)[-1].letters}
    words = "Ring <b>416 555 0143</b> & ask for {name}"
    assert "{words}" not in shown["en"].text
    wish = Settle(ref=item, way="write_student", note="no answer by phone", words=words)
    await ask(desk, replace(wish, words="no text \0"))
    assert desk.told(ItemSettled)[-1].code == "VALIDATION_ERROR"
    await ask(desk, wish)
    assert desk.told(ItemSettled)[-1].code is None
    await post.send()
    (mail,) = post.inbox.mails
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    goes = shown["en"].with_words.replace("{words}", words)
    assert plain.strip().splitlines() == goes.strip().splitlines()
    assert "Ring &lt;b&gt;416 555 0143&lt;/b&gt; &amp; ask" in html
    assert "{words}" in shown["fr"].with_words


async def test_without_a_line_what_was_heard_keeps_its_time(desk, url, line):
    broken_promise(url)
    listed = await ask(desk, StaffSignIn(STAFF, PASSWORD))
    heard = listed.as_of
    line.change(refused=True)
    line.drop_all()
    desk.clock.pass_by(minutes=5)
    silent = await ask(desk, LookAtAttention())
    assert (silent.server, silent.as_of) == (listed.server, heard)
    assert silent.code == "ATTENTION_OFFLINE"
    wish = Settle(ref=listed.server[0].ref, way="call_student", note="called them")
    await ask(desk, wish)
    assert desk.told(ItemSettled)[-1].code == "ATTENTION_OFFLINE"
    line.change()
    await ask(desk, wish)
    assert desk.told(ItemSettled)[-1].code is None


async def read_help(desk):
    await desk.attending.serve(LookAtHelp())
    return desk.told(HelpRead)[-1]


async def test_a101_the_help_is_kept_while_somebody_is_signed_in(desk, line):
    assert await read_help(desk) == HelpRead(code="STAFF_SIGNED_OUT")
    await ask(desk, StaffSignIn(STAFF, PASSWORD))
    texts.use("fr")
    try:
        french = await read_help(desk)
    finally:
        texts.use("en")
    heard = await read_help(desk)
    assert (heard.as_of, heard.code) == (desk.clock.now(), None)
    assert [one.code for one in heard.help.troubles] == [one.code for one in french.help.troubles]
    assert heard.help.troubles[0].title != french.help.troubles[0].title
    line.change(refused=True)
    line.drop_all()
    desk.clock.pass_by(minutes=5)
    assert await read_help(desk) == replace(heard, code="ATTENTION_OFFLINE")
    await ask(desk, StaffSignOut())
    line.change()
    assert await read_help(desk) == HelpRead(code="STAFF_SIGNED_OUT")


async def test_an_access_token_that_lapsed_is_renewed_and_a_revoked_user_is_out(desk, url):
    broken_promise(url)
    await ask(desk, StaffSignIn(STAFF, PASSWORD))
    query(url, "UPDATE staff_sessions SET access_until = now() - interval '1 minute'")
    assert (await ask(desk, LookAtAttention())).user == "Sam Desk"
    query(url, "UPDATE users SET disabled_at = now()")
    gone = await ask(desk, LookAtAttention())
    assert (gone.user, gone.server, gone.code) == ("", None, "STAFF_SIGNED_OUT")
    assert desk.told(FaultRaised) == [], "the device itself is as good as before"


async def test_its_own_items_are_settled_without_anybody_signed_in(desk, line):
    queue, now = desk.station.queue, desk.clock.now()
    bad = queue.save(new_request(session_facts("s1"), body="not json"), now)
    await desk.replay.drain()
    (item,) = (await ask(desk, LookAtAttention())).own
    assert (item.ref, item.kind) == (bad.id, "quarantined")
    await ask(desk, Settle(ref=bad.id, way="retry"))
    assert desk.told(ItemSettled)[-1].code == "NOT_SENT"
    listed = await ask(desk, Settle(ref=bad.id, way="discard"))
    assert desk.told(ItemSettled)[-1].code is None
    assert listed.own == ()
    await ask(desk, Settle(ref="nothing", way="told"))
    assert desk.told(ItemSettled)[-1].code == "NOT_FOUND"
