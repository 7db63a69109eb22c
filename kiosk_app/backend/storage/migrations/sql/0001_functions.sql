-- The write path. `enable_seqscan = off`: a connection that first meets empty tables would keep a
-- sequential plan for the look-ups and slow down as they fill.

-- The newest booking of a key's family (A28, B8), or null.
CREATE FUNCTION check_idempotency_key(p_key text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
AS $$
DECLARE
    root text;
    answer jsonb;
BEGIN
    IF p_key IS NULL OR p_key = '' THEN
        RETURN NULL;
    END IF;
    SELECT key_root INTO root FROM bookings WHERE idempotency_key = p_key;
    SELECT jsonb_build_object(
        'id', b.id, 'booking_id', b.booking_id, 'booking_code', b.booking_code,
        'contact_id', b.contact_id, 'session_id', b.session_id, 'state', b.is_active,
        'idempotency_key', b.idempotency_key, 'key_root', b.key_root,
        'request_hash', b.request_hash, 'exam_details', b.exam_details,
        'tokens_before', b.tokens_before, 'credit_field', b.credit_field)
    INTO answer
    FROM bookings b WHERE b.key_root = coalesce(root, p_key)
    ORDER BY b.created_at DESC, length(b.idempotency_key) DESC, b.idempotency_key DESC LIMIT 1;
    RETURN answer;
END
$$;

-- Everything a create is decided by, from one snapshot (A27). References are UUIDs or CRM numbers.
CREATE FUNCTION booking_facts(p_session text, p_contact text, p_key text) RETURNS text
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
AS $$
DECLARE
    uuid_form CONSTANT text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
    s mock_sessions%ROWTYPE;
    c contacts%ROWTYPE;
    held jsonb;
BEGIN
    IF p_session ~ uuid_form THEN
        SELECT * INTO s FROM mock_sessions WHERE id = p_session::uuid;
    ELSIF p_session ~ '^[0-9]+$' THEN
        SELECT * INTO s FROM mock_sessions WHERE hubspot_id = p_session;
    END IF;
    IF p_contact ~ uuid_form THEN
        SELECT * INTO c FROM contacts WHERE id = p_contact::uuid;
    ELSIF p_contact ~ '^[0-9]+$' THEN
        SELECT * INTO c FROM contacts WHERE hubspot_id = p_contact;
    END IF;
    SELECT jsonb_agg(jsonb_build_object(
        'mock_type', m.mock_type, 'exam_date', m.exam_date,
        'starts_at', m.starts_at, 'ends_at', m.ends_at)) INTO held
    FROM bookings b JOIN mock_sessions m ON m.id = b.session_id
    WHERE b.contact_id = c.id AND b.is_active IN ('Active', 'Completed')
      AND b.exam_date BETWEEN s.exam_date - 2 AND s.exam_date + 2;
    RETURN jsonb_build_object(
        'session', CASE WHEN s.id IS NULL THEN NULL ELSE to_jsonb(s) END,
        'contact', CASE WHEN c.id IS NULL THEN NULL ELSE to_jsonb(c) END,
        'balances', contact_balances(c.id),
        'held', coalesce(held, '[]'),
        'known', check_idempotency_key(p_key))::text;
END
$$;

-- Cancels one booking: state, seat and token in one transaction (B7), once (M12).
CREATE FUNCTION cancel_booking_atomic(
    p_booking uuid, p_reason text, p_at timestamptz,
    OUT outcome text, OUT credit_field text, OUT new_balance integer
)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    b bookings%ROWTYPE;
    debit ledger%ROWTYPE;
BEGIN
    SELECT * INTO b FROM bookings k WHERE k.id = p_booking;
    IF NOT FOUND THEN
        outcome := 'not_found';
        RETURN;
    END IF;
    PERFORM 1 FROM contacts c WHERE c.id = b.contact_id FOR NO KEY UPDATE;
    PERFORM 1 FROM mock_sessions m WHERE m.id = b.session_id FOR NO KEY UPDATE;
    SELECT * INTO b FROM bookings k WHERE k.id = p_booking FOR NO KEY UPDATE;
    SELECT * INTO debit FROM ledger l WHERE l.booking_id = p_booking AND l.kind = 'booking';
    credit_field := debit.credit_field;
    outcome := CASE b.is_active
        WHEN 'Active' THEN 'cancelled' WHEN 'Cancelled' THEN 'already' ELSE 'bad_state'
    END;
    IF outcome = 'cancelled' THEN
        UPDATE bookings k
        SET is_active = 'Cancelled', cancelled_at = p_at, cancel_reason = p_reason, updated_at = now()
        WHERE k.id = p_booking;
        UPDATE mock_sessions m SET total_bookings = m.total_bookings - 1
        WHERE m.id = b.session_id AND m.total_bookings > 0;
        IF debit.id IS NOT NULL THEN
            INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, reverses)
            VALUES (b.contact_id, debit.credit_field, -debit.amount, 'refund', p_booking, debit.id);
        END IF;
    END IF;
    SELECT coalesce(sum(l.amount), 0) INTO new_balance FROM ledger l
    WHERE l.contact_id = b.contact_id AND l.credit_field = debit.credit_field;
END
$$;

-- Counts the seats of these sessions again under their locks (A12); returns how many were wrong.
CREATE FUNCTION recount_sessions(p_sessions uuid[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    one uuid;
    live integer;
    stored integer;
    wrong integer := 0;
BEGIN
    FOR one IN SELECT DISTINCT u FROM unnest(p_sessions) AS u ORDER BY u LOOP
        SELECT total_bookings INTO stored FROM mock_sessions WHERE id = one FOR NO KEY UPDATE;
        CONTINUE WHEN NOT FOUND;
        -- A statement of its own, so that it sees what was committed before the lock was granted.
        SELECT count(*) INTO live FROM bookings
        WHERE session_id = one AND is_active IN ('Active', 'Completed');
        IF live <> stored THEN
            UPDATE mock_sessions SET total_bookings = live WHERE id = one;
            wrong := wrong + 1;
        END IF;
    END LOOP;
    RETURN wrong;
END
$$;
