-- Seats that nobody has booked and that are still not for everybody: leased to a device (guaranteed
-- offline bookings) or held for a waitlist offer. `total_bookings` stays the number of bookings (M3).
ALTER TABLE mock_sessions
    ADD COLUMN leased_seats integer NOT NULL DEFAULT 0,
    ADD COLUMN held_seats integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT mock_sessions_seats_check,
    ADD CONSTRAINT mock_sessions_seats_check CHECK (
        total_bookings >= 0 AND leased_seats >= 0 AND held_seats >= 0
        AND total_bookings + leased_seats + held_seats <= capacity
    );

-- A debt: a guaranteed seat was given offline against a token that was spent elsewhere meanwhile.
-- The seat is kept, the balance falls below zero, and the desk is told.
ALTER TABLE ledger
    ADD COLUMN owed boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ledger_owed_check CHECK (NOT owed OR kind = 'booking');
CREATE INDEX ledger_debts ON ledger (contact_id) WHERE owed;

DROP TRIGGER ledger_no_overdraft ON ledger;
CREATE TRIGGER ledger_no_overdraft
    BEFORE INSERT ON ledger
    FOR EACH ROW WHEN (NEW.amount < 0 AND NOT NEW.owed) EXECUTE FUNCTION refuse_overdraft();

-- What five sums say about one student; a null contact has none, and a debt shows as no token.
CREATE OR REPLACE FUNCTION contact_balances(p_contact uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
AS $$
DECLARE
    answer jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(credit_field, greatest(total, 0)), '{}') INTO answer
    FROM (
        SELECT credit_field, sum(amount) AS total FROM ledger
        WHERE contact_id = p_contact GROUP BY credit_field
    ) AS sums;
    RETURN answer;
END
$$;

-- Books one seat for one token, or says why an invariant forbids it and writes nothing.
-- Locks the student, then the session, always in this order (B21). Whoever gives a seat that is
-- leased or held lets go of it first, in the same transaction, under the same two locks.
DROP FUNCTION create_booking_atomic;
CREATE FUNCTION create_booking_atomic(
    p_booking_id text, p_booking_code text, p_contact uuid, p_session uuid,
    p_student_id text, p_student_email text, p_student_name text,
    p_credit_field text, p_token_used text,
    p_idempotency_key text, p_key_root text, p_request_hash text, p_exam_details jsonb,
    p_discussion_format text, p_topic_preference text,
    p_attending_location text, p_dominant_hand text,
    p_device uuid, p_requested_at timestamptz, p_may_owe boolean DEFAULT false,
    OUT outcome text, OUT id uuid, OUT tokens_before integer, OUT total_bookings integer
)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    s mock_sessions%ROWTYPE;
BEGIN
    PERFORM 1 FROM contacts c WHERE c.id = p_contact FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'contact_gone';
        RETURN;
    END IF;
    IF EXISTS (SELECT 1 FROM bookings b WHERE b.idempotency_key = p_idempotency_key) THEN
        outcome := 'key_known';
        RETURN;
    END IF;
    SELECT * INTO s FROM mock_sessions m WHERE m.id = p_session FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'session_gone';
        RETURN;
    END IF;
    SELECT coalesce(sum(l.amount), 0) INTO tokens_before FROM ledger l
    WHERE l.contact_id = p_contact AND l.credit_field = p_credit_field;
    outcome := CASE
        WHEN NOT s.is_active THEN 'inactive'
        WHEN EXISTS (
            SELECT 1 FROM bookings b
            WHERE b.contact_id = p_contact AND b.mock_type = s.mock_type
              AND b.exam_date = s.exam_date AND b.is_active IN ('Active', 'Completed')
        ) THEN 'duplicate'
        WHEN EXISTS (
            SELECT 1 FROM bookings b JOIN mock_sessions m ON m.id = b.session_id
            WHERE b.contact_id = p_contact AND b.is_active IN ('Active', 'Completed')
              AND b.exam_date BETWEEN s.exam_date - 2 AND s.exam_date + 2
              AND m.starts_at < s.ends_at AND s.starts_at < m.ends_at
        ) THEN 'overlap'
        WHEN s.total_bookings + s.leased_seats + s.held_seats >= s.capacity THEN 'full'
        WHEN tokens_before < 1 AND NOT p_may_owe THEN 'no_token'
        ELSE 'created'
    END;
    IF outcome <> 'created' THEN
        RETURN;
    END IF;
    INSERT INTO bookings AS b (
        booking_id, booking_code, contact_id, session_id, mock_type, exam_date,
        student_id, name, email, credit_field, token_used, tokens_before,
        idempotency_key, key_root, request_hash, exam_details,
        discussion_format, topic_preference, attending_location, dominant_hand,
        origin_device_id, requested_at)
    VALUES (
        p_booking_id, p_booking_code, p_contact, p_session, s.mock_type, s.exam_date,
        p_student_id, p_student_name, p_student_email, p_credit_field, p_token_used,
        tokens_before, p_idempotency_key, p_key_root, p_request_hash, p_exam_details,
        p_discussion_format, p_topic_preference, p_attending_location, p_dominant_hand,
        p_device, p_requested_at)
    RETURNING b.id INTO id;
    INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, owed)
    VALUES (p_contact, p_credit_field, -1, 'booking', id, tokens_before < 1);
    UPDATE mock_sessions m SET total_bookings = m.total_bookings + 1 WHERE m.id = p_session
    RETURNING m.total_bookings INTO total_bookings;
END
$$;
