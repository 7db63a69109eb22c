"""A queue that is handed over: what a broken one still gives, and what its journal vouches for."""

from itertools import pairwise

import msgspec
import pytest

from kiosk_app.cache.export import collect, device_of, named, read, unvouched, write
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.files import QUEUE, connect
from tests.helpers.files import KEYS, opened
from tests.helpers.samples import NOW, new_request, session_facts

REQUESTS = 60
PAGE = 4096
A_PAGE_HOLDS = 16
"""Rows at most, for requests of this size."""


@pytest.fixture
def folder(tmp_path):
    files = opened(tmp_path)
    for number in range(REQUESTS):
        files.queue.save(new_request(session_facts(f"s{number}")), NOW)
    files.close()
    return tmp_path


def rows(folder):
    return collect(folder / QUEUE, KEYS.queue)


def change(folder, statement, *values):
    connection = connect(folder / QUEUE, KEYS.queue, durable=True)
    connection.execute(statement, values)
    connection.close()


def test_of_a_broken_queue_only_what_a_broken_page_held_is_lost(folder):
    path = folder / QUEUE
    sound = path.read_bytes()
    broken = read_nothing = 0
    for page in range(1, len(sound) // PAGE):
        torn = bytearray(sound)
        torn[page * PAGE + 100 : page * PAGE + 200] = bytes(100)
        path.write_bytes(torn)
        try:
            found = rows(folder)
        except CacheUnavailable:
            read_nothing += 1  # the page says what tables there are
            continue
        lost = [REQUESTS - len(found.rows[name]) for name in ("requests", "journal")]
        assert min(lost) == 0, "a broken page of one table takes nothing from another"
        broken += not found.whole
        if max(lost) not in {0, REQUESTS}:  # the page that names all others of a table
            assert max(lost) <= A_PAGE_HOLDS
            assert not found.whole
    assert broken > 4
    assert read_nothing < 4


def test_what_was_written_is_read_and_vouched_for(folder, tmp_path):
    queue = opened(folder)
    first, second, *_rest = queue.queue.waiting()
    queue.queue.address(first, NOW, body='{"contact_id": "c-1"}')
    queue.queue.later(second, NOW, None, "LINK", unanswered=True)
    queue.close()
    found = rows(folder)
    out = tmp_path / "out.export"
    write(out, "PASS-PHRASE", found.rows)
    back = read(out, "PASS-PHRASE")
    filled = {table: lines for table, lines in found.rows.items() if lines}
    assert back == msgspec.json.decode(msgspec.json.encode(filled))
    assert unvouched(back) == []


def test_a_request_that_was_changed_or_put_in_is_named(folder):
    numbers = [str(row["number"]) for row in rows(folder).rows["requests"]]
    change(folder, "UPDATE requests SET body = '{}' WHERE number = ?", numbers[3])
    assert unvouched(rows(folder).rows) == [numbers[3]]
    found = rows(folder).rows
    del found["journal"][50]
    assert unvouched(found) == [numbers[3], *numbers[50:]], "the chain ends there"


def test_what_was_taken_over_is_vouched_for_where_it_is(folder, tmp_path):
    (tmp_path / "other").mkdir()
    other = opened(tmp_path / "other")
    other.queue.take_over(rows(folder).rows["requests"], NOW)
    other.close()
    assert unvouched(rows(tmp_path / "other").rows) == []


def test_where_a_request_was_made_goes_with_it_from_hand_to_hand(folder, tmp_path):
    folders = [folder, tmp_path / "second", tmp_path / "third", tmp_path / "unnamed"]
    for one in folders[1:]:
        one.mkdir()
    told = []
    for number, (source, target) in enumerate(pairwise(folders[:3])):
        handed = named(rows(source).rows, f"Kiosk {number}")
        files = opened(target)
        files.queue.take_over(handed["requests"], NOW, device_of(handed))
        told.append({request.origin for request in files.queue.all()})
        files.close()
    assert told == [{"Kiosk 0"}, {"Kiosk 0"}]
    files = opened(folders[3])
    older_file = rows(folder).rows
    files.queue.take_over(older_file["requests"], NOW, device_of(older_file))
    assert {request.origin for request in files.queue.all()} == {""}
    files.close()
    files = opened(folder)
    assert files.queue.take_over(rows(folders[2]).rows["requests"], NOW, "Kiosk 1") == 0
    assert {request.origin for request in files.queue.all()} == {None}, "it was made here"
    files.close()


def test_an_export_that_was_altered_does_not_open(folder, tmp_path):
    out = tmp_path / "out.export"
    write(out, "PASS-PHRASE", rows(folder).rows)
    bytes_ = bytearray(out.read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    out.write_bytes(bytes_)
    with pytest.raises(CacheUnavailable):
        read(out, "PASS-PHRASE")
