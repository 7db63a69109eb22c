-- Books one seat for one token, or says why an invariant forbids it and writes nothing.
-- Locks the student, then the session, always in this order (B21).
CREATE FUNCTION create_booking_atomic(
    p_booking_id text, p_booking_code text, p_contact uuid, p_session uuid,
    p_student_id text, p_student_email text, p_student_name text,
    p_credit_field text, p_token_used text,
    p_idempotency_key text, p_key_root text, p_request_hash text, p_exam_details jsonb,
    p_discussion_format text, p_topic_preference text,
    p_attending_location text, p_dominant_hand text,
    p_device uuid, p_requested_at timestamptz,
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
        WHEN s.total_bookings >= s.capacity THEN 'full'
        WHEN tokens_before < 1 THEN 'no_token'
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
    INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id)
    VALUES (p_contact, p_credit_field, -1, 'booking', id);
    UPDATE mock_sessions m SET total_bookings = m.total_bookings + 1 WHERE m.id = p_session
    RETURNING m.total_bookings INTO total_bookings;
END
$$;
