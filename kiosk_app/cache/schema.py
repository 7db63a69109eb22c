"""Tables of the two files and the views that lay one over the other. Text only: imports nothing."""

QUEUE_VERSION = 6
MIRROR_VERSION = 6
"""`PRAGMA user_version`; a file with a higher one is refused, never converted back."""

QUEUE_1 = """
CREATE TABLE requests (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('create', 'cancel')),
    system TEXT NOT NULL CHECK (system IN ('discussions', 'exams')),
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    student_ref TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    booking_ref TEXT,
    follows TEXT REFERENCES requests (id),
    unchecked INTEGER NOT NULL DEFAULT 0,
    session_id TEXT NOT NULL,
    mock_type TEXT NOT NULL,
    exam_date TEXT NOT NULL,
    session_start INTEGER NOT NULL,
    session_end INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    location TEXT NOT NULL,
    delivery_format TEXT,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'confirmed', 'refused', 'discarded')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    last_code TEXT,
    result TEXT,
    settled_at INTEGER,
    seen INTEGER NOT NULL DEFAULT 0,
    reported INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX requests_waiting ON requests (student_ref, position)
    WHERE state IN ('queued', 'sending');
CREATE INDEX requests_confirmed ON requests (settled_at) WHERE state = 'confirmed';
CREATE INDEX requests_by_student ON requests (student_ref, state);
CREATE INDEX requests_by_booking ON requests (booking_ref) WHERE booking_ref IS NOT NULL;
CREATE INDEX requests_unreported ON requests (position)
    WHERE kind = 'create' AND state IN ('refused', 'discarded') AND seen = 0 AND reported = 0;
CREATE INDEX requests_following ON requests (follows) WHERE follows IS NOT NULL;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    request_id TEXT,
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER requests_keep BEFORE DELETE ON requests
    BEGIN SELECT RAISE(ABORT, 'requests are never deleted'); END;
"""

QUEUE_2 = """
ALTER TABLE requests ADD COLUMN slot INTEGER;
ALTER TABLE requests ADD COLUMN generation INTEGER;
ALTER TABLE requests ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
CREATE TABLE slots (
    session_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'used', 'returning', 'frozen')),
    grant_id TEXT NOT NULL,
    deadline INTEGER NOT NULL,
    lapsed INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, slot, generation)
);
UPDATE requests SET unanswered = 1 WHERE state IN ('queued', 'sending') AND attempts > 0;
CREATE UNIQUE INDEX requests_by_slot ON requests (session_id, slot, generation)
    WHERE slot IS NOT NULL;
CREATE INDEX slots_free ON slots (session_id) WHERE state = 'free';
CREATE INDEX slots_held ON slots (session_id) WHERE settled = 0;
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    seats INTEGER NOT NULL
);
CREATE TABLE clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    boot_id TEXT NOT NULL,
    boot_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    lease_ms INTEGER NOT NULL,
    high_water_ms INTEGER NOT NULL,
    longest_ms INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    epoch TEXT
);
CREATE TRIGGER slots_keep BEFORE DELETE ON slots
    BEGIN SELECT RAISE(ABORT, 'slots are never forgotten'); END;
CREATE TRIGGER slots_stay BEFORE UPDATE OF session_id, slot, generation ON slots
    BEGIN SELECT RAISE(ABORT, 'a slot keeps its name'); END;
CREATE TRIGGER slots_end BEFORE UPDATE OF state ON slots
    WHEN (old.state = 'returning' AND new.state <> 'returning')
      OR (new.state = 'used' AND old.state NOT IN ('free', 'used'))
    BEGIN SELECT RAISE(ABORT, 'a slot given back or frozen is never used'); END;
"""

QUEUE_3 = """
ALTER TABLE installation ADD COLUMN met TEXT;
UPDATE installation SET met = epoch;
"""
"""`met`: the server's history that everything here was asked for in; `epoch`: the one that its leases
were last heard in, which is behind until the server was told of every slot."""

QUEUE_4 = """
DROP INDEX requests_by_student;
CREATE INDEX requests_answered ON requests (student_ref) WHERE settled_at IS NOT NULL;
DROP INDEX slots_free;
ALTER TABLE journal RENAME TO journal_before;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    request_id TEXT,
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO journal SELECT seq, at, event, request_id, payload, previous, hash FROM journal_before;
DROP TABLE journal_before;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""
"""A confirmation writes three pages fewer: each page is encrypted, signed and synced before the screen
says so. That no hash comes twice follows from the chain; few slots are unsettled at a time."""

QUEUE_5 = """
CREATE TABLE snoozes (
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    until INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL
);
"""

QUEUE_6 = """
ALTER TABLE requests ADD COLUMN origin TEXT;
UPDATE requests SET origin = '' WHERE id IN (
    SELECT request_id FROM journal WHERE event = 'taken over');
"""
"""The device that a request was taken over from; empty where nobody said which, null: this one."""

EMPTY_QUEUE = 5
"""So many statements of `QUEUE_2` make the columns and tables that the views below read."""

_SESSION_COLUMNS = """
    id TEXT PRIMARY KEY,
    mock_type TEXT NOT NULL,
    exam_date TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    location TEXT NOT NULL,
    campus TEXT NOT NULL,
    room TEXT NOT NULL,
    delivery_format TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    title TEXT,
    instructor_name TEXT,
    topics TEXT NOT NULL,
    search TEXT NOT NULL
"""

MIRROR_1 = f"""
CREATE TABLE sessions ({_SESSION_COLUMNS});
CREATE TABLE arriving ({_SESSION_COLUMNS});
CREATE INDEX sessions_by_day ON sessions (exam_date, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_clock ON sessions (clock, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_type ON sessions (mock_type, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_place ON sessions (location, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_format ON sessions (delivery_format, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_seats ON sessions (seats, starts_at, id) WHERE is_active = 1;
CREATE INDEX sessions_by_campus ON sessions (campus, ends_at) WHERE is_active = 1;
CREATE TABLE bookings (
    id TEXT PRIMARY KEY,
    student_id TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    code TEXT NOT NULL,
    session_id TEXT NOT NULL,
    mock_type TEXT NOT NULL,
    exam_date TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    location TEXT NOT NULL,
    delivery_format TEXT,
    state TEXT NOT NULL,
    token_used TEXT,
    can_cancel INTEGER NOT NULL
);
CREATE INDEX bookings_of ON bookings (student_id, session_id);
CREATE TABLE students (
    student_id TEXT PRIMARY KEY,
    balances TEXT NOT NULL,
    balances_at INTEGER NOT NULL,
    bookings_at INTEGER
);
CREATE TABLE roster (
    proof TEXT PRIMARY KEY,
    student TEXT NOT NULL,
    balances TEXT NOT NULL,
    seen_at INTEGER NOT NULL
);
CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""

MIRROR_2 = """
ALTER TABLE bookings ADD COLUMN late_after INTEGER;
ALTER TABLE bookings ADD COLUMN can_move INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN cancelled_late INTEGER NOT NULL DEFAULT 0;
"""

MIRROR_3 = f"""
DROP TABLE arriving;
CREATE TABLE arriving ({_SESSION_COLUMNS.replace("id TEXT PRIMARY KEY", "id TEXT NOT NULL")});
"""
"""Without an index: every commit of a snapshot's part wrote most of its pages anew."""

MIRROR_4 = """
DROP INDEX sessions_by_campus;
CREATE INDEX sessions_by_campus ON sessions (campus, ends_at, starts_at) WHERE is_active = 1;
CREATE TABLE wordings (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
ALTER TABLE sessions ADD COLUMN wording INTEGER NOT NULL DEFAULT 0;
ALTER TABLE arriving ADD COLUMN wording INTEGER NOT NULL DEFAULT 0;
"""
MIRROR_4_FILL = """
UPDATE sessions SET wording = wording_number(search);
INSERT INTO wordings SELECT DISTINCT wording, search FROM sessions;
DELETE FROM arriving;
"""
"""With a function of ours; a file that is made anew has nothing to fill in."""
MIRROR_4_END = """
ALTER TABLE sessions DROP COLUMN search;
ALTER TABLE arriving DROP COLUMN search;
CREATE INDEX sessions_by_wording ON sessions (wording, starts_at) WHERE is_active = 1;
"""
"""Counting needs no session: what a campus has still to come, and what a search finds. A search looks
through a few hundred texts where it looked through every session."""

MIRROR_5 = """
ALTER TABLE bookings ADD COLUMN join_url TEXT;
"""

MIRROR_6 = """
DROP INDEX sessions_by_day;
CREATE INDEX sessions_by_day
    ON sessions (exam_date, starts_at, id, campus, mock_type, delivery_format) WHERE is_active = 1;
"""
"""A month of one place, type or format is counted, and its first of each day found, without a look at
the thousands of sessions themselves. None of these columns changes with a seat."""

MIRROR = (MIRROR_1, MIRROR_2, MIRROR_3, MIRROR_4, MIRROR_4_END, MIRROR_5, MIRROR_6)

OVERLAY = """
CREATE TEMP VIEW fresh AS
    SELECT r.* FROM queue.requests r
    WHERE r.kind = 'create' AND r.state = 'confirmed' AND r.settled_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.id = r.booking_ref)
      AND NOT EXISTS (SELECT 1 FROM queue.requests c WHERE c.booking_ref = r.booking_ref
                      AND c.kind = 'cancel' AND c.state = 'confirmed');
CREATE TEMP VIEW held AS
    SELECT session_id, sum(waits) AS waiting, count(*) AS seats FROM (
        SELECT session_id, 1 AS waits FROM queue.requests
        WHERE kind = 'create' AND slot IS NULL AND state IN ('queued', 'sending')
        UNION ALL
        SELECT session_id, 0 FROM queue.requests
        WHERE kind = 'create' AND slot IS NULL AND state = 'confirmed' AND settled_at >
              coalesce((SELECT value FROM facts WHERE name = 'synced_at'), 0)
    ) GROUP BY session_id;
CREATE TEMP VIEW leased AS
    SELECT session_id, count(*) AS free FROM queue.slots
    WHERE settled = 0 AND state = 'free' AND lapsed = 0 GROUP BY session_id;
CREATE TEMP VIEW own AS
    SELECT b.student_id AS student_id, b.id AS ref, b.code AS code, b.session_id AS session_id,
           b.mock_type AS mock_type, b.exam_date AS exam_date, b.starts_at AS starts_at,
           b.ends_at AS ends_at, b.time_zone AS time_zone, b.location AS location,
           CASE WHEN b.state = 'Cancelled' AND b.cancelled_late = 1 THEN 'cancelled_late'
                WHEN b.state IN ('Cancelled', 'Failed') THEN 'cancelled'
                WHEN b.state = 'Completed' THEN 'completed'
                WHEN EXISTS (SELECT 1 FROM queue.requests c WHERE c.booking_ref = b.id
                             AND c.kind = 'cancel' AND c.state IN ('queued', 'sending'))
                THEN 'cancelling' ELSE 'confirmed' END AS standing,
           b.state AS state, b.delivery_format AS delivery_format, b.token_used AS token_used,
           b.can_cancel AS can_cancel, NULL AS problem,
           (SELECT r.slot FROM queue.requests r WHERE r.booking_ref = b.id
            AND r.kind = 'create' AND r.session_id = b.session_id) AS seat,
           b.late_after AS late_after, b.can_move AS can_move, b.join_url AS join_url
    FROM bookings b
    UNION ALL
    SELECT r.student_ref, r.id, r.number, r.session_id, r.mock_type, r.exam_date,
           r.session_start, r.session_end, r.time_zone, r.location,
           CASE WHEN EXISTS (SELECT 1 FROM queue.requests c WHERE c.follows = r.id
                             AND c.state IN ('queued', 'sending')) THEN 'cancelling'
                WHEN r.slot IS NOT NULL THEN 'guaranteed'
                WHEN r.unanswered = 1 THEN 'unknown'
                ELSE r.state END,
           NULL, r.delivery_format, NULL, 1, NULL, r.slot, NULL, 0, NULL
    FROM queue.requests r WHERE r.kind = 'create' AND r.state IN ('queued', 'sending')
    UNION ALL
    SELECT r.student_ref, r.booking_ref, r.result ->> '$.booking_code', r.session_id,
           r.mock_type, r.exam_date, r.session_start, r.session_end, r.time_zone, r.location,
           CASE WHEN EXISTS (SELECT 1 FROM queue.requests c WHERE c.booking_ref = r.booking_ref
                             AND c.kind = 'cancel' AND c.state IN ('queued', 'sending'))
                THEN 'cancelling' ELSE 'confirmed' END,
           'Active', r.delivery_format, NULL, 1, NULL, r.slot, NULL, 0, NULL
    FROM fresh r WHERE r.settled_at >= coalesce(
        (SELECT bookings_at FROM students s WHERE s.student_id = r.student_ref), 0)
    UNION ALL
    SELECT r.student_ref, r.id, r.number, r.session_id, r.mock_type, r.exam_date,
           r.session_start, r.session_end, r.time_zone, r.location,
           'refused', NULL, r.delivery_format, NULL, 0, r.last_code, NULL, NULL, 0, NULL
    FROM queue.requests r WHERE r.kind = 'create' AND r.state IN ('refused', 'discarded')
      AND r.settled_at IS NOT NULL AND r.seen = 0 AND r.last_code IS NOT NULL;
"""
"""What a person sees: server rows with this device's own requests laid over them (K22).

`held` counts seats that the server's number does not count yet; a confirmed request keeps its seat
until a later sync brings the server's own number, so that a count never jumps back up. A leased seat
is counted by the server from the moment it is lent, so a booking of one changes no number.
"""


def statements(script: str) -> list[str]:
    """Split a script of ours at the semicolons that end a line."""
    return [part for part in script.split(";\n") if part.strip()]
