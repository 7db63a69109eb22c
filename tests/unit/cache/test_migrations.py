"""Older files are brought up with everything in them (F32)."""

import pytest
import sqlcipher3

from kiosk_app.cache import journal
from kiosk_app.cache.files import QUEUE, transaction
from kiosk_app.domain.listing import SessionFilter, SessionOrder
from tests.helpers.files import opened, reads
from tests.helpers.older_files import older, put, request, third_mirror
from tests.helpers.samples import NOW, session_facts


def test_what_waited_in_a_file_of_the_first_version_waits_on(tmp_path):
    connection = older(tmp_path, 1)
    put(connection, request("r1", "queued", 2, None, None))
    connection.close()
    files = opened(tmp_path)
    (found,) = files.queue.waiting()
    assert (found.id, found.attempts, found.unanswered, found.seat) == ("r1", 2, True, None)
    assert files.queue.slots.installation()[0]
    files.close()


def test_what_was_taken_over_before_anybody_kept_from_where_is_known_as_that(tmp_path):
    connection = older(tmp_path, 3)
    put(connection, request("r1", "queued", 0, None, None))
    put(connection, request("r2", "queued", 0, None, None))
    with transaction(connection, tmp_path / QUEUE) as run:
        journal.append(run, 7, "saved", "r1", kind="create")
        journal.append(run, 7, "taken over", "r2", body="x")
    connection.close()
    files = opened(tmp_path)
    assert [(one.id, one.origin) for one in files.queue.all()] == [("r1", None), ("r2", "")]
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


def test_what_the_third_mirror_held_is_found_by_a_search(tmp_path):
    third_mirror(tmp_path, "mini-mock\nroom 5", "mini-mock\ndr. élodie", "mini-mock\nroom 6")
    opened(tmp_path).close()
    reading = reads(tmp_path)
    found = {
        word: {row.session_id for row in page_of(reading, word)}
        for word in ("room", "mini 5", "dr", "nobody")
    }
    reading.close()
    assert found == {
        "room": {"of mini-mock\nroom 5", "of mini-mock\nroom 6"},
        "mini 5": {"of mini-mock\nroom 5"},
        "dr": {"of mini-mock\ndr. élodie"},
        "nobody": set(),
    }


def test_a_mirror_that_was_brought_up_has_the_indexes_of_a_new_one(tmp_path):
    def indexes(folder):
        files = opened(folder)
        found = files.mirror._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
        ).fetchall()
        files.close()
        return found

    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    third_mirror(old)
    assert indexes(old) == indexes(new)


def page_of(reading, search):
    wanted = SessionFilter(search=search)
    return reading.page(wanted, SessionOrder.DATE, descending=False, offset=0, limit=9)


def test_a_text_that_nothing_reads_any_more_goes_with_the_next_snapshot(files):
    def snapshot(*sessions):
        files.mirror.begin_snapshot()
        files.mirror.add_to_snapshot(sessions)
        files.mirror.finish_snapshot(None, NOW)

    def wordings():
        return {row[0] for row in files.mirror._connection.execute("SELECT text FROM wordings")}

    snapshot(session_facts("a", title="Ethics"), session_facts("b", title="Autonomy"))
    assert any("ethics" in text for text in wordings())
    snapshot(session_facts("b", title="Autonomy"))
    (left,) = wordings()
    assert "autonomy" in left
