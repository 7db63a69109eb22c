DELETE FROM attention WHERE kind = 'cancelled_check_in';
ALTER TABLE attention
    DROP CONSTRAINT attention_kind_check,
    ADD CONSTRAINT attention_kind_check CHECK (
        kind IN ('rehouse', 'debt', 'duplicate_freed', 'clone_alarm', 'unknown_lease')
    );

DROP FUNCTION cancel_booking_atomic;
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

-- The older version knows no cancel without a token: what came late is given back.
INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, reverses)
SELECT d.contact_id, d.credit_field, -d.amount, 'refund', d.booking_id, d.id
FROM bookings b JOIN ledger d ON d.booking_id = b.id AND d.kind = 'booking'
WHERE b.cancelled_late AND NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = d.id);
ALTER TABLE bookings DROP COLUMN cancelled_late;

DROP TRIGGER bookings_mail_moved ON bookings;
DROP FUNCTION mail_booking_moved;
DROP TRIGGER bookings_audit_moved ON bookings;
DROP FUNCTION audit_booking_moved;
DROP TRIGGER bookings_limits_moved ON bookings;
CREATE OR REPLACE FUNCTION refuse_beyond_limits() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    limits jsonb := current_setting('kiosk.actor', true)::jsonb -> 'limits';
    monday date := date_trunc('week', NEW.exam_date)::date;
    a_day integer;
    a_week integer;
    alike integer;
BEGIN
    SELECT count(*) FILTER (WHERE b.exam_date = NEW.exam_date), count(*),
           count(*) FILTER (WHERE b.mock_type = NEW.mock_type)
    INTO a_day, a_week, alike
    FROM bookings b
    WHERE b.contact_id = NEW.contact_id AND b.is_active IN ('Active', 'Completed')
      AND b.exam_date BETWEEN monday AND monday + 6;
    IF a_day >= (limits ->> 'per_day')::integer THEN
        RAISE EXCEPTION 'no more bookings on this day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bookings_daily_limit';
    END IF;
    IF a_week >= (limits ->> 'per_week')::integer
       OR alike >= (limits ->> 'of_type_per_week')::integer THEN
        RAISE EXCEPTION 'no more bookings in this week'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bookings_weekly_limit';
    END IF;
    RETURN NEW;
END
$$;

DROP FUNCTION move_booking_atomic;
DROP TABLE booking_moves;
-- One debit for a booking: an older pair of one that moved becomes a pair by hand, with the same sum.
ALTER TABLE ledger
    DROP COLUMN replaces,
    DISABLE TRIGGER ledger_is_append_only;
UPDATE ledger SET kind = 'adjust', owed = false, booking_id = NULL, reverses = NULL, note = 'moved'
WHERE id IN (
    SELECT unnest(ARRAY[old.id, back.id]) FROM ledger old JOIN ledger back ON back.reverses = old.id
    WHERE old.kind = 'booking' AND EXISTS (
        SELECT 1 FROM ledger newer WHERE newer.booking_id = old.booking_id
          AND newer.kind = 'booking' AND newer.id > old.id));
ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only;
DROP INDEX ledger_debits;
DROP INDEX IF EXISTS ledger_one_debit;
CREATE UNIQUE INDEX ledger_one_debit ON ledger (booking_id) WHERE kind = 'booking';
