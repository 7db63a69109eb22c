"""Changes on their way into the mirror: whatever comes in which order, the last word counts."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.cache.mirror import Position
from kiosk_app.cache.rows import SESSION_COLUMNS, session_row
from tests.helpers.files import opened
from tests.helpers.samples import NOW, session_facts

HERE = Position("e", "c")
FACTS = st.builds(
    session_facts,
    st.sampled_from(["s1", "s2", "s3"]),
    hour=st.integers(9, 11),
    total_bookings=st.integers(0, 3),
    capacity=st.integers(3, 5),
    is_active=st.booleans(),
    title=st.sampled_from([None, "Évaluation"]),
    location=st.sampled_from(["North – Room 1", "Online"]),
)
GONE = st.lists(st.sampled_from(["s1", "s2", "s3"]), max_size=1)
PAGES = st.lists(st.tuples(st.lists(FACTS, max_size=4), GONE), max_size=5)


def rows(mirror):
    sql = f"SELECT {', '.join(SESSION_COLUMNS)} FROM sessions"
    return {row[0]: row for row in mirror._connection.execute(sql).fetchall()}


@settings(max_examples=60)
@given(snapshot=st.lists(FACTS, max_size=5), pages=PAGES)
def test_the_mirror_holds_the_last_word_about_every_session(snapshot, pages):
    with tempfile.TemporaryDirectory() as folder:
        files = opened(Path(folder))
        try:
            files.mirror.begin_snapshot()
            files.mirror.add_to_snapshot(snapshot)
            files.mirror.finish_snapshot(HERE, NOW)
            known = {facts.session_id: session_row(facts) for facts in snapshot}
            for changed, gone in pages:
                files.mirror.apply(changed, gone, HERE, NOW)
                known |= {facts.session_id: session_row(facts) for facts in changed}
                for one in gone:
                    known.pop(one, None)
            assert rows(files.mirror) == known
        finally:
            files.close()


def test_what_is_the_same_is_not_written(files):
    connection, facts = files.mirror._connection, session_facts("s1")
    files.mirror.apply([facts], [], HERE, NOW)
    connection.execute("CREATE TEMP TABLE written (id TEXT)")
    connection.execute(
        "CREATE TEMP TRIGGER note AFTER UPDATE ON main.sessions"
        " BEGIN INSERT INTO written VALUES (new.id); END"
    )
    files.mirror.apply([facts], [], HERE, NOW)
    assert connection.execute("SELECT count(*) FROM written").fetchone() == (0,)
    files.mirror.apply([session_facts("s1", total_bookings=6)], [], HERE, NOW)
    assert connection.execute("SELECT * FROM written").fetchall() == [("s1",)]
