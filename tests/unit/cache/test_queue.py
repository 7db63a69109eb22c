"""The outbox and its journal."""

import shutil
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.cache import journal
from kiosk_app.cache.files import QUEUE, connect
from kiosk_app.cache.request import State, new_number
from tests.helpers.files import KEYS, opened
from tests.helpers.samples import EMAIL, NOW, STUDENT, new_request


def test_a_request_comes_back_as_it_was_saved(files):
    new = new_request(email=EMAIL)
    saved = files.queue.save(new, NOW)
    assert (saved.state, saved.attempts, saved.created_at) == (State.QUEUED, 0, NOW)
    assert {name: getattr(saved, name) for name in new.__struct_fields__} == {
        name: getattr(new, name) for name in new.__struct_fields__
    }
    assert files.queue.get(saved.number.lower()) == saved


def test_no_booking_copies_the_log_and_tidying_does(tmp_path):
    """Many more pages than SQLite's own limit stay in the log; the file alone has them afterwards."""

    def in_the_file_alone():
        shutil.copy(tmp_path / QUEUE, tmp_path / "alone.db")
        alone = connect(tmp_path / "alone.db", KEYS.queue, durable=True)
        (count,) = alone.execute("SELECT count(*) FROM requests").fetchone()
        alone.close()
        return count

    files = opened(tmp_path)
    files.queue.tidy()
    for _ in range(200):
        files.queue.save(new_request(body="x" * 30_000), NOW)
    assert in_the_file_alone() == 0
    files.queue.tidy()
    assert in_the_file_alone() == 200
    files.close()


def test_the_same_id_or_key_is_the_same_request(files):
    saved = files.queue.save(new_request(), NOW)
    again = new_request(idempotency_key=saved.idempotency_key)
    assert files.queue.save(again, NOW) == saved
    assert files.queue.save(new_request(id=saved.id), NOW) == saved
    assert len(files.queue.all()) == 1


def test_what_waits_comes_out_in_the_order_it_went_in(files):
    saved = [files.queue.save(new_request(), NOW) for _ in range(5)]
    files.queue.confirm(saved[1], NOW, "{}", "b")
    files.queue.refuse(saved[3], NOW, "EXAM_FULL")
    assert [r.id for r in files.queue.waiting(STUDENT)] == [saved[n].id for n in (0, 2, 4)]


def test_a_crash_returns_what_was_being_sent_and_counts_the_try(tmp_path):
    files = opened(tmp_path)
    request = files.queue.sending(files.queue.save(new_request(), NOW), NOW)
    files.close()
    files = opened(tmp_path)
    assert files.queue.recover(NOW) == 1
    found = files.queue.get(request.id)
    assert (found.state, found.attempts) == (State.QUEUED, 1)
    files.close()


def test_after_a_day_an_answered_request_holds_nothing_personal(files):
    done = files.queue.confirm(
        files.queue.save(new_request(email=EMAIL), NOW), NOW, '{"name": "Ana"}', "b"
    )
    waits = files.queue.save(new_request(email=EMAIL), NOW)
    unseen = files.queue.refuse(files.queue.save(new_request(), NOW), NOW, "EXAM_FULL")
    assert files.queue.forget(NOW + timedelta(hours=23)) == 0
    assert files.queue.forget(NOW + timedelta(hours=25)) == 1
    found = files.queue.get(done.id)
    assert (found.body, found.student_ref, found.email, found.result) == ("", "", "", None)
    assert (found.number, found.state) == (done.number, State.CONFIRMED)
    assert files.queue.get(waits.id) == waits
    assert files.queue.get(unseen.id) == unseen


def test_nobody_deletes_requests_or_rewrites_the_journal(files):
    files.queue.save(new_request(), NOW)
    run = files.queue._connection.execute
    for statement in (
        "DELETE FROM requests",
        "DELETE FROM journal",
        "UPDATE journal SET event = 'nothing'",
    ):
        with pytest.raises(Exception, match=r"append-only|never deleted"):
            run(statement)


def test_every_change_is_a_line_of_the_journal_without_anything_personal(files):
    request = files.queue.save(new_request(email=EMAIL), NOW)
    request = files.queue.sending(request, NOW)
    request = files.queue.later(request, NOW, NOW, "LINK")
    files.queue.refuse(files.queue.sending(request, NOW), NOW, "EXAM_FULL")
    files.queue.see(STUDENT, NOW)
    lines = files.queue.journal()
    assert [line.event for line in lines] == [
        *("saved", "sending", "later", "sending", "refused", "seen")
    ]
    assert journal.first_broken(lines) is None
    text = msgspec.json.encode(lines).decode()
    assert EMAIL not in text
    assert STUDENT not in text


@pytest.mark.parametrize("field", ["at", "event", "request_id", "payload", "previous", "hash"])
def test_a_changed_line_breaks_the_chain_where_it_is(files, field):
    for _ in range(4):
        files.queue.save(new_request(), NOW)
    lines = files.queue.journal()
    value = 1 if field == "at" else "0" * 64
    lines[2] = msgspec.structs.replace(lines[2], **{field: value})
    assert journal.first_broken(lines) == 3


def test_a_missing_line_breaks_the_chain(files):
    for _ in range(4):
        files.queue.save(new_request(), NOW)
    lines = files.queue.journal()
    assert journal.first_broken(lines[:1] + lines[2:]) == 2
    assert journal.first_broken(lines[1:]) == 1
    assert journal.first_broken([]) is None


def test_saved_means_synced_to_the_disk(tmp_path, files):
    run = files.queue._connection.execute
    assert run("PRAGMA synchronous").fetchone() == (2,)
    assert run("PRAGMA journal_mode").fetchone() == ("wal",)
    files.queue.save(new_request(), NOW)
    # Another connection sees it at once: it was committed, not only written.
    other = connect(tmp_path / QUEUE, KEYS.queue, durable=True)
    assert other.execute("SELECT count(*) FROM requests").fetchone() == (1,)
    other.close()


def test_numbers_are_random_short_and_easy_to_read():
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(len(number) == 10 and not set(number) & set("01ILOU") for number in numbers)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_roster_opens_only_with_both_values(first, second):
    from kiosk_app.cache.roster import proof  # noqa: PLC0415

    salt = b"salt" * 4
    same = proof(first, second, salt) == proof("QX4417", EMAIL, salt)
    assert same == (
        first.strip().upper() == "QX4417" and second.strip().casefold() == EMAIL.casefold()
    )
