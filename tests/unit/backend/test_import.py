"""CSV files in, all or nothing, every fault named (docs/import.md)."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from kiosk_app.backend.core.csv_rows import CsvRefusal, CsvRow, read_rows
from kiosk_app.backend.core.import_rows import (
    SESSION_OPTIONAL,
    SESSION_REQUIRED,
    STUDENT_OPTIONAL,
    STUDENT_REQUIRED,
    session_of,
    student_of,
)
from kiosk_app.backend.core.importing import import_file
from tests.helpers.backend import query

STUDENTS = "student_id,email,name,cs_credits,mock_discussion_token\n"
SESSIONS = "external_id,mock_type,exam_date,start_time,end_time,capacity,location\n"
ANA = "QX4417,ana@example.org,Ana Sol,3,2\n"
TALK = "t1,Mock Discussion,2099-03-04,14:00,16:00,10,Downtown – Room 204\n"


async def _students(core, *rows, header=STUDENTS, **options):
    return await import_file(core, "students", (header + "".join(rows)).encode(), **options)


async def _sessions(core, *rows, header=SESSIONS, **options):
    return await import_file(core, "sessions", (header + "".join(rows)).encode(), **options)


def _counts(report):
    return report.added, report.changed, report.unchanged


def _faults(report):
    return [(one.line, one.column) for one in report.errors]


def _ledger(url):
    return query(url, "SELECT credit_field, amount, kind FROM ledger ORDER BY id")


async def test_students_and_their_tokens_as_ledger_entries(core, database_url):
    report = await _students(core, ANA, "DO4900,daniel@example.org,Daniel Osei,,0\n")
    assert (_counts(report), report.errors, report.written) == ((2, 0, 0), [], True)
    assert sorted(_ledger(database_url)) == [
        ("cs_credits", 3, "opening"),
        ("mock_discussion_token", 2, "opening"),
    ]


async def test_the_same_file_again_changes_nothing_even_after_spending(core, database_url):
    await _students(core, ANA)
    contact = query(database_url, "SELECT id FROM contacts")[0][0]
    query(
        database_url,
        "INSERT INTO ledger (contact_id, credit_field, amount, kind) VALUES (%s, %s, -1, 'adjust'),"
        " (%s, %s, 1, 'grant')",
        *(contact, "cs_credits", contact, "cs_credits"),
    )
    before = _ledger(database_url)
    await _students(core, ANA.replace(",3,", ",2,"))
    assert _ledger(database_url) == before, "what an office took and gave is not the file's"
    report = await _students(core, ANA.replace("Ana Sol,3", "Ana Maria Sol,5"))
    assert _counts(report) == (0, 1, 0)
    assert _ledger(database_url)[len(before) :] == [("cs_credits", 3, "adjust")]
    assert _counts(await _students(core, ANA.replace("Ana Sol,3", "Ana Maria Sol,5"))) == (0, 0, 1)


async def test_tokens_cannot_be_taken_below_what_was_spent(core, database_url):
    header = STUDENTS.replace("cs_credits", "sj_credits")
    await _students(core, ANA, header=header)
    contact, room = query(database_url, "SELECT id FROM contacts")[0][0], _room(database_url)
    outcome = query(
        database_url,
        "SELECT outcome FROM create_booking_atomic('b', 'c', %s, %s, 'QX4417', '', '',"
        " 'sj_credits', '', 'key', 'key', '', '{}', NULL, NULL, NULL, NULL, NULL, NULL)",
        *(contact, room),
    )
    assert outcome == [("created",)]
    before = _ledger(database_url)
    report = await _students(core, ANA.replace(",3,", ",0,"), header=header)
    assert (_faults(report), report.written) == ([(2, "tokens")], False)
    assert _ledger(database_url) == before
    assert (await _students(core, ANA.replace(",3,", ",1,"), header=header)).errors == []


def _room(url):
    return query(
        url,
        "INSERT INTO mock_sessions (mock_type, exam_date, starts_at, ends_at, capacity, location)"
        " VALUES ('Situational Judgment', '2099-01-01', '2099-01-01T10:00Z', '2099-01-01T12:00Z',"
        " 5, 'x') RETURNING id",
    )[0][0]


async def test_sessions_by_external_id_and_by_nature(core, database_url):
    assert _counts(await _sessions(core, TALK)) == (1, 0, 0)
    changes = query(database_url, "SELECT count(*) FROM changes")
    assert _counts(await _sessions(core, TALK)) == (0, 0, 1)
    assert query(database_url, "SELECT count(*) FROM changes") == changes
    assert _counts(await _sessions(core, TALK.replace("204", "205"))) == (0, 1, 0)
    nameless = TALK.removeprefix("t1")
    assert _counts(await _sessions(core, nameless)) == (1, 0, 0)
    assert _counts(await _sessions(core, nameless.replace(",10,", ",12,"))) == (0, 1, 0)
    assert query(database_url, "SELECT count(*) FROM mock_sessions") == [(2,)]


async def test_a17_hours_that_nobody_named(core, database_url):
    header = "mock_type;exam_date;capacity;location\n"
    rows = ("Mini-mock;2099-01-15;8;Online\n", "mini-MOCK;2099-07-15;8;Online\n")
    report = await _sessions(core, *rows, header="\ufeff" + header.upper())
    assert report.errors == []
    hours = query(database_url, "SELECT starts_at AT TIME ZONE time_zone FROM mock_sessions")
    assert {one.hour for (one,) in hours} == {14}
    assert (
        len({*query(database_url, "SELECT extract(hour FROM starts_at) FROM mock_sessions")}) == 2
    )


async def test_every_fault_is_named_and_nothing_is_written(core, database_url):
    rows = (
        TALK,
        "t2,Mock Debate,4 March,25:00,16:00,many,\n",
        "t3,Mini-mock,2099-03-04,16:00,14:00,8,Online\n",
        "t4,Mini-mock,2099-03-04,16:00,,8,Online\n",
        "t1,Mini-mock,2099-03-05,10:00,12:00,8,Online\n",
        "t5,Mini-mock,2099-03-05\n",
        "\n",
    )
    report = await _sessions(core, *rows)
    assert _faults(report) == [
        *((3, column) for column in ("exam_date", "start_time", "mock_type", "capacity")),
        (3, "location"),
        (4, "end_time"),
        (5, "end_time"),
        (6, "external_id"),
        (7, "row"),
    ]
    assert not report.written
    assert query(database_url, "SELECT count(*) FROM mock_sessions") == [(0,)]
    report = await _sessions(core, *rows, skip_bad=True)
    assert (report.written, report.added, report.rows) == (True, 1, 6)
    assert query(database_url, "SELECT external_id FROM mock_sessions") == [("t1",)]


async def test_a_dry_run_finds_what_only_the_database_knows(core, database_url):
    await _sessions(core, TALK)
    query(database_url, "UPDATE mock_sessions SET total_bookings = 4")
    smaller = TALK.replace(",10,", ",3,")
    for options in ({"dry_run": True}, {}):
        report = await _sessions(core, smaller, TALK.replace("t1", "t2"), **options)
        assert _faults(report) == [(2, "capacity")]
        assert not report.written
    assert _counts(await _sessions(core, TALK.replace("t1", "t2"), dry_run=True)) == (1, 0, 0)
    assert query(database_url, "SELECT capacity, external_id FROM mock_sessions") == [(10, "t1")]


async def test_a_student_of_somebody_elses_crm_number(core, database_url):
    header = "student_id,email,name,hubspot_id,locale,enrollment_id\n"
    report = await _students(
        core, "QX1,a@b.co,Ana,7,fr,E1\n", "QX2,b@b.co,Bea,7,en,\n", header=header
    )
    assert _faults(report) == [(3, "hubspot_id")]
    report = await _students(core, "QX1,a@b.co,Ana,7,fr,E1\n", header=header)
    await _students(core, "QX1,a@b.co,Ana,,,\n", header=header)
    kept = query(database_url, "SELECT hubspot_id, locale, enrollment_id FROM contacts")
    assert kept == [("7", "fr", "E1")], "an empty cell leaves what is there"


async def test_a_cell_that_looks_like_a_formula_is_text(core, database_url):
    await _students(core, 'QX4417,ana@example.org,"=HYPERLINK(""x"")",3,2\n')
    assert query(database_url, "SELECT name FROM contacts") == [('=HYPERLINK("x")',)]


@pytest.mark.parametrize(
    ("data", "column", "message"),
    [
        (b"", "student_id", "is missing"),
        (b"student_id,email\n", "name", "is missing"),
        (b"student_id,email,name,shoe size\n", "shoe size", "not a known column"),
        (b"student_id,email,name,name\n", "name", "twice"),
        (b"student_id,email,name\nQX1,a@b.co,Andr\xe9\n", "file", "UTF-8"),
        (b"student_id,email,name\nQX1,a@b.co,A\0na\n", "file", "no text"),
        (b'student_id,email,name\nQX1,a@b.co,"' + b"x" * 200_000, "file", "field"),
    ],
)
def test_a_file_that_is_none(data, column, message):
    with pytest.raises(CsvRefusal, match=message) as refused:
        read_rows(data, required=STUDENT_REQUIRED, optional=STUDENT_OPTIONAL)
    assert column in {one.column for one in refused.value.errors}


@given(
    cells=st.dictionaries(
        st.sampled_from(
            [*SESSION_REQUIRED, *SESSION_OPTIONAL, *STUDENT_REQUIRED, *STUDENT_OPTIONAL]
        ),
        st.text(max_size=12) | st.sampled_from(["2027-03-04", "9:00", "10", "true", "Mini-mock"]),
    )
)
def test_no_cell_makes_a_row_crash(cells):
    row = CsvRow(2, {name: text.strip() for name, text in cells.items()})
    for read in (session_of, student_of):
        _, errors = read(row)
        assert all(one.line == 2 for one in errors)


@given(data=st.binary(max_size=300))
def test_no_file_makes_the_reader_crash(data):
    try:
        rows, _ = read_rows(
            b"student_id,email,name\n" + data, required=STUDENT_REQUIRED, optional=STUDENT_OPTIONAL
        )
    except CsvRefusal:
        return
    assert all(set(row.cells) == set(STUDENT_REQUIRED) for row in rows)


def test_the_page_names_every_column():
    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text("utf-8")
    columns = {*SESSION_REQUIRED, *SESSION_OPTIONAL, *STUDENT_REQUIRED, *STUDENT_OPTIONAL}
    assert [name for name in columns if f"`{name}`" not in page] == []
