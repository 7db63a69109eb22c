"""Older queue files are brought up with everything in them (F32)."""

import pytest
import sqlcipher3

from kiosk_app.cache import journal
from kiosk_app.cache.files import QUEUE, transaction
from tests.helpers.files import opened
from tests.helpers.older_queue import older, put, request
from tests.helpers.samples import NOW


def test_what_waited_in_a_file_of_the_first_version_waits_on(tmp_path):
    connection = older(tmp_path, 1)
    put(connection, request("r1", "queued", 2, None, None))
    connection.close()
    files = opened(tmp_path)
    (found,) = files.queue.waiting()
    assert (found.id, found.attempts, found.unanswered, found.seat) == ("r1", 2, True, None)
    assert files.queue.slots.installation()[0]
    files.close()


def test_the_journal_of_the_third_version_stays_whole_and_goes_on(tmp_path):
    connection = older(tmp_path, 3)
    put(connection, request("r1", "queued", 0, None, None))
    put(connection, request("r2", "refused", 1, 9, "EXAM_FULL"))
    with transaction(connection, tmp_path / QUEUE) as run:
        for name in ("r1", "r2"):
            journal.append(run, 7, "saved", name, kind="create")
    before = journal.lines(connection)
    connection.close()
    files = opened(tmp_path)
    try:
        queue = files.queue
        assert queue.journal() == before
        queue.see("S", NOW)
        assert [line.event for line in queue.journal()] == ["saved", "saved", "seen"]
        assert journal.first_broken(queue.journal()) is None
        assert [(one.id, one.seen) for one in queue.all()] == [("r1", False), ("r2", True)]
        assert queue.slots.installation()[0] == "this-file"
        for change in ("UPDATE journal SET event = 'x'", "DELETE FROM journal"):
            with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
                queue._connection.execute(change)
    finally:
        files.close()


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("student_ref = 'S' AND settled_at IS NOT NULL AND seen = 0", "requests_answered"),
        ("student_ref = 'S' AND state IN ('queued', 'sending')", "requests_waiting"),
        ("id = 'a' OR idempotency_key = 'b'", "sqlite_autoindex_requests"),
    ],
)
def test_what_a_person_waits_for_is_found_by_an_index(tmp_path, question, index):
    files = opened(tmp_path)
    plan = files.queue._connection.execute(
        f"EXPLAIN QUERY PLAN SELECT * FROM requests WHERE {question}"
    ).fetchall()
    files.close()
    steps = [row[3] for row in plan]
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
