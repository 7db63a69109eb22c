"""What must be true of seats, tokens and bookings after every commit, as plain SQL (M1-M6, M9, M11, M12).

Written from the requirements and not from the product: nothing here calls its queries, functions or
views, but for the one law that compares what it shows with what its entries say. Each law selects what
breaks it. M7, M8, M10 and M14 speak of mentors, money and the client's files, M16 of routes; M13 and
M15 need what was before and are checked by the world that makes the steps.
"""

from collections.abc import Sequence
from datetime import datetime

import psycopg

_LIVE = "is_active IN ('Active', 'Completed')"
_OWN = """CASE {0} WHEN 'Situational Judgment' THEN 'sj_credits' WHEN 'Clinical Skills' THEN 'cs_credits'
          WHEN 'Mini-mock' THEN 'sjmini_credits' ELSE 'mock_discussion_token' END"""

LAWS: dict[str, str] = {
    "M1 the type alone says which tokens may pay": f"""
        SELECT id::text FROM bookings
        WHERE credit_field <> {_OWN.format("mock_type")}
          AND NOT (credit_field = 'shared_mock_credits' AND mock_type <> 'Mock Discussion')""",
    "M1 a live booking is paid by one entry, of the balance that it names": f"""
        SELECT b.id::text FROM bookings b
        WHERE b.{_LIVE} AND 1 <> (
            SELECT count(*) FROM ledger d
            WHERE d.booking_id = b.id AND d.kind = 'booking' AND d.amount = -1
              AND d.contact_id = b.contact_id AND d.credit_field = b.credit_field
              AND (b.is_active = 'Completed'
                   OR NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = d.id)))""",
    "M2 no balance is below nothing": """
        SELECT contact_id || credit_field FROM ledger
        GROUP BY contact_id, credit_field HAVING sum(amount) < 0""",
    "M2 what bookings took is what they hold": f"""
        SELECT coalesce(h.contact_id, t.contact_id) || ' ' || coalesce(h.credit_field, t.credit_field)
        FROM (
            SELECT contact_id, credit_field, sum(n) AS n FROM (
                SELECT contact_id, credit_field, -1 AS n FROM bookings
                WHERE {_LIVE} OR cancelled_late
                UNION ALL
                SELECT b.contact_id, a.after ->> 'refunded', 1
                FROM audit_log a JOIN bookings b ON b.id::text = a.entity_id
                WHERE a.action = 'booking.refunded'
            ) AS one GROUP BY 1, 2
        ) AS h FULL JOIN (
            SELECT contact_id, credit_field, sum(amount) AS n FROM ledger
            WHERE booking_id IS NOT NULL GROUP BY 1, 2
        ) AS t ON t.contact_id = h.contact_id AND t.credit_field = h.credit_field
        WHERE coalesce(h.n, 0) <> coalesce(t.n, 0)""",
    "M2 the balance that is shown is the sum of its entries": """
        SELECT contact_id || credit_field FROM ledger GROUP BY contact_id, credit_field
        HAVING sum(amount) <> (contact_balances(contact_id) ->> credit_field)::integer""",
    "M3 the counter is the number of live bookings": f"""
        SELECT s.id::text FROM mock_sessions s
        WHERE s.total_bookings <> (
            SELECT count(*) FROM bookings b WHERE b.session_id = s.id AND b.{_LIVE})""",
    "M3 nobody is booked, or offered a seat, beyond the capacity": f"""
        SELECT s.id::text FROM mock_sessions s
        WHERE s.capacity < s.leased_seats
            + (SELECT count(*) FROM bookings b WHERE b.session_id = s.id AND b.{_LIVE})
            + (SELECT count(*) FROM waitlist_entries w
               WHERE w.session_id = s.id AND w.state = 'offered')""",
    "M3 every offer has its seat": """
        SELECT s.id::text FROM mock_sessions s
        WHERE s.held_seats < (SELECT count(*) FROM waitlist_entries w
                              WHERE w.session_id = s.id AND w.state = 'offered')""",
    "M4 one booking of a type and day": """
        SELECT contact_id || mock_type FROM bookings WHERE is_active NOT IN ('Cancelled', 'Failed')
        GROUP BY contact_id, mock_type, exam_date HAVING count(*) > 1""",
    "M4 nobody sits in two places": f"""
        SELECT a.id::text FROM bookings a
        JOIN bookings b ON b.contact_id = a.contact_id AND b.id > a.id
        JOIN mock_sessions s ON s.id = a.session_id JOIN mock_sessions t ON t.id = b.session_id
        WHERE a.{_LIVE} AND b.{_LIVE} AND s.starts_at < t.ends_at AND t.starts_at < s.ends_at""",
    "M5 a key is used once": """
        SELECT key FROM (SELECT idempotency_key AS key FROM bookings
                         UNION ALL SELECT idempotency_key FROM booking_moves) AS every
        GROUP BY key HAVING count(*) > 1""",
    "M5 of a key's family one booking lives": f"""
        SELECT key_root FROM bookings WHERE {_LIVE} GROUP BY key_root HAVING count(*) > 1""",
    "M6 readable ids are unique among what lives, codes always": f"""
        SELECT booking_id FROM bookings WHERE {_LIVE} GROUP BY booking_id HAVING count(*) > 1
        UNION ALL SELECT booking_code FROM bookings GROUP BY booking_code HAVING count(*) > 1""",
    "M6 a readable id says type, student and day": f"""
        SELECT b.booking_id FROM bookings b JOIN contacts c ON c.id = b.contact_id
        WHERE b.{_LIVE} AND b.booking_id <> b.mock_type || '-' || c.student_id || '-'
            || to_char(b.exam_date, 'FMMonth FMDD, YYYY')""",
    "M9 a day is that of the session's own zone": """
        SELECT s.id::text FROM mock_sessions s
        WHERE s.exam_date <> (s.starts_at AT TIME ZONE s.time_zone)::date
        UNION ALL
        SELECT b.id::text FROM bookings b JOIN mock_sessions s ON s.id = b.session_id
        WHERE b.exam_date <> s.exam_date OR b.mock_type <> s.mock_type""",
    # A move to another kind is the only other way to a debit; what the session was then says the move.
    "M11 a shared token pays only when the type's own are spent": f"""
        SELECT d.id::text FROM ledger d JOIN bookings b ON b.id = d.booking_id
        LEFT JOIN booking_moves v ON v.debit_id = d.id
        LEFT JOIN mock_sessions s ON s.id = coalesce(v.to_session_id, (
            SELECT f.from_session_id FROM booking_moves f WHERE f.booking_id = b.id
            ORDER BY f.moved_at, f.id LIMIT 1), b.session_id)
        WHERE d.kind = 'booking' AND d.credit_field = 'shared_mock_credits' AND 0 < (
            SELECT coalesce(sum(o.amount), 0) FROM ledger o
            WHERE o.contact_id = d.contact_id AND o.id < d.id
              AND o.credit_field = {_OWN.format("s.mock_type")})""",
    "M12 a token goes back to the balance that paid": """
        SELECT r.id::text FROM ledger r LEFT JOIN ledger d ON d.id = r.reverses
        WHERE r.kind = 'refund' AND (
            d.id IS NULL OR d.kind <> 'booking' OR d.contact_id <> r.contact_id
            OR d.booking_id <> r.booking_id OR d.amount <> -r.amount
            OR (d.credit_field <> r.credit_field AND NOT EXISTS (
                SELECT 1 FROM audit_log a
                WHERE a.action = 'booking.refunded' AND a.entity_id = r.booking_id::text
                  AND a.before ->> 'paid_with' = d.credit_field
                  AND a.after ->> 'refunded' = r.credit_field)))""",
    "M12 and once": """
        SELECT reverses::text FROM ledger WHERE reverses IS NOT NULL
        GROUP BY reverses HAVING count(*) > 1""",
    "M12 what was cancelled in time holds no token": """
        SELECT b.id::text FROM bookings b
        WHERE b.is_active = 'Cancelled' AND NOT b.cancelled_late
          AND 0 <> (SELECT sum(l.amount) FROM ledger l WHERE l.booking_id = b.id)""",
    "one commit: the log tells of every booking, cancel, end and move": """
        SELECT b.id::text FROM bookings b
        WHERE ARRAY[1, (b.is_active = 'Cancelled')::int, (b.is_active = 'Completed')::int,
                    (SELECT count(*) FROM booking_moves v WHERE v.booking_id = b.id)::int]
            <> (SELECT ARRAY[
                    count(*) FILTER (WHERE a.action = 'booking.created'),
                    count(*) FILTER (WHERE a.action = 'booking.cancelled'),
                    count(*) FILTER (WHERE a.action = 'booking.completed'),
                    count(*) FILTER (WHERE a.action = 'booking.moved')]::int[]
                FROM audit_log a WHERE a.entity = 'booking' AND a.entity_id = b.id::text)""",
    "one commit: the student is written to of every booking and cancel": """
        SELECT b.id::text FROM bookings b
        WHERE ARRAY[1, (b.is_active = 'Cancelled')::int]
            <> (SELECT ARRAY[count(*) FILTER (WHERE o.kind = 'confirm'),
                             count(*) FILTER (WHERE o.kind = 'cancel')]::int[]
                FROM mail_outbox o WHERE o.booking_id = b.id)""",
}
_EVERY = " UNION ALL ".join(
    f"SELECT {number} AS law, broken.* FROM ({law}) AS broken (what)"
    for number, law in enumerate(LAWS.values())
)
_NAMES = list(LAWS)


def broken_laws(connection: psycopg.Connection) -> Sequence[str]:
    """Return each law that does not hold, with what breaks it."""
    rows = connection.execute(_EVERY, prepare=True).fetchall()
    return [f"{_NAMES[law]}: {what}" for law, what in rows]


_MAY_BOOK = """
SELECT s.is_active AND s.starts_at > %(now)s
    AND s.capacity > s.total_bookings + s.leased_seats + s.held_seats
    AND NOT EXISTS (
        SELECT 1 FROM bookings b JOIN mock_sessions t ON t.id = b.session_id
        WHERE b.contact_id = %(who)s AND b.is_active IN ('Active', 'Completed')
          AND ((t.mock_type, t.exam_date) = (s.mock_type, s.exam_date)
               OR (t.starts_at < s.ends_at AND s.starts_at < t.ends_at)))
    AND 0 < (
        SELECT coalesce(sum(l.amount), 0) FROM ledger l
        WHERE l.contact_id = %(who)s AND l.credit_field IN (
            {own}, CASE WHEN s.mock_type <> 'Mock Discussion' THEN 'shared_mock_credits' END))
FROM mock_sessions s WHERE s.id = %(room)s
""".format(own=_OWN.format("s.mock_type"))


def may_book(connection: psycopg.Connection, who: object, room: object, now: datetime) -> bool:
    """Say whether a student gets a seat of a session, were they alone (A27)."""
    values = {"now": now, "who": who, "room": room}
    ((fits,),) = connection.execute(_MAY_BOOK, values, prepare=True).fetchall()
    return fits
