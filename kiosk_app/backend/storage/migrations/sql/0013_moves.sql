-- A booking moves to another session and stays the same booking: id, code, calendar UID, and its token
-- where the same one pays.

-- A move to another kind gives one token back and takes another. A booking has one first debit; each
-- further one takes the place of a debit that was given back, so at most one is ever open.
ALTER TABLE ledger
    ADD COLUMN replaces bigint,
    ADD CONSTRAINT ledger_replaces_key UNIQUE (replaces),
    ADD CONSTRAINT ledger_replaces_fkey FOREIGN KEY (replaces) REFERENCES ledger (reverses),
    ADD CONSTRAINT ledger_replaces_check CHECK (replaces IS NULL OR kind = 'booking');
DROP INDEX ledger_one_debit;
CREATE UNIQUE INDEX ledger_one_debit ON ledger (booking_id)
    WHERE kind = 'booking' AND replaces IS NULL;
CREATE INDEX ledger_debits ON ledger (booking_id, id) WHERE kind = 'booking';

-- One row per move: what a repeated request is answered from. `debit_id` is the entry that pays since,
-- if another token does.
CREATE TABLE booking_moves (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    from_session_id uuid NOT NULL REFERENCES mock_sessions (id) ON DELETE CASCADE,
    to_session_id uuid NOT NULL REFERENCES mock_sessions (id) ON DELETE CASCADE,
    idempotency_key text NOT NULL CONSTRAINT booking_moves_idempotency_key_key UNIQUE,
    request_hash text NOT NULL,
    debit_id bigint REFERENCES ledger (id),
    moved_at timestamptz NOT NULL,
    CONSTRAINT booking_moves_elsewhere_check CHECK (from_session_id <> to_session_id)
);
CREATE INDEX booking_moves_booking ON booking_moves (booking_id);

-- Moves one booking, or says why an invariant forbids it and writes nothing. Locks the student, then
-- both sessions in the order of their ids, then the booking (B21): two moves cannot wait for each
-- other in a circle. `p_from` is the session that the decision was made for.
CREATE FUNCTION move_booking_atomic(
    p_booking uuid, p_from uuid, p_to uuid, p_booking_id text,
    p_credit_field text, p_token_used text,
    p_idempotency_key text, p_request_hash text, p_exam_details jsonb,
    p_discussion_format text, p_topic_preference text,
    p_attending_location text, p_dominant_hand text, p_at timestamptz,
    OUT outcome text
)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    b bookings%ROWTYPE;
    s mock_sessions%ROWTYPE;
    debit ledger%ROWTYPE;
    tokens integer;
    paid bigint;
BEGIN
    PERFORM 1 FROM contacts c
    WHERE c.id = (SELECT k.contact_id FROM bookings k WHERE k.id = p_booking) FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'booking_gone';
        RETURN;
    END IF;
    IF EXISTS (SELECT 1 FROM booking_moves v WHERE v.idempotency_key = p_idempotency_key) THEN
        outcome := 'key_known';
        RETURN;
    END IF;
    PERFORM 1 FROM mock_sessions m WHERE m.id IN (p_from, p_to) ORDER BY m.id FOR NO KEY UPDATE;
    SELECT * INTO b FROM bookings k WHERE k.id = p_booking FOR NO KEY UPDATE;
    SELECT * INTO s FROM mock_sessions m WHERE m.id = p_to;
    SELECT * INTO debit FROM ledger l WHERE l.booking_id = p_booking AND l.kind = 'booking'
    ORDER BY l.id DESC LIMIT 1;
    SELECT coalesce(sum(l.amount), 0) INTO tokens FROM ledger l
    WHERE l.contact_id = b.contact_id AND l.credit_field = p_credit_field;
    outcome := CASE
        WHEN EXISTS (SELECT 1 FROM bookings k WHERE k.idempotency_key = p_idempotency_key)
            THEN 'key_used'
        -- Who was checked in has used the seat.
        WHEN b.is_active <> 'Active' OR b.attendance IS NOT NULL THEN 'bad_state'
        WHEN b.session_id <> p_from THEN 'elsewhere'
        WHEN s.id IS NULL THEN 'session_gone'
        WHEN p_from = p_to THEN 'same_session'
        WHEN NOT s.is_active THEN 'inactive'
        WHEN EXISTS (
            SELECT 1 FROM bookings k
            WHERE k.contact_id = b.contact_id AND k.id <> p_booking AND k.mock_type = s.mock_type
              AND k.exam_date = s.exam_date AND k.is_active IN ('Active', 'Completed')
        ) THEN 'duplicate'
        WHEN EXISTS (
            SELECT 1 FROM bookings k JOIN mock_sessions m ON m.id = k.session_id
            WHERE k.contact_id = b.contact_id AND k.id <> p_booking
              AND k.is_active IN ('Active', 'Completed')
              AND k.exam_date BETWEEN s.exam_date - 2 AND s.exam_date + 2
              AND m.starts_at < s.ends_at AND s.starts_at < m.ends_at
        ) THEN 'overlap'
        WHEN s.total_bookings + s.leased_seats + s.held_seats >= s.capacity THEN 'full'
        WHEN p_credit_field IS DISTINCT FROM debit.credit_field AND tokens < 1 THEN 'no_token'
        ELSE 'moved'
    END;
    IF outcome <> 'moved' THEN
        RETURN;
    END IF;
    IF p_credit_field IS DISTINCT FROM debit.credit_field THEN
        IF debit.id IS NOT NULL THEN
            INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, reverses)
            VALUES (b.contact_id, debit.credit_field, -debit.amount, 'refund', p_booking, debit.id);
        END IF;
        INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, replaces)
        VALUES (b.contact_id, p_credit_field, -1, 'booking', p_booking, debit.id)
        RETURNING ledger.id INTO paid;
    END IF;
    UPDATE bookings k
    SET session_id = s.id, mock_type = s.mock_type, exam_date = s.exam_date,
        booking_id = p_booking_id, exam_details = p_exam_details,
        credit_field = p_credit_field, token_used = p_token_used,
        tokens_before = CASE WHEN paid IS NULL THEN k.tokens_before ELSE tokens END,
        -- Also what tells the CRM, whose trigger watches these two.
        discussion_format = p_discussion_format, topic_preference = p_topic_preference,
        attending_location = p_attending_location, dominant_hand = p_dominant_hand,
        -- A leased seat was one of the session it left.
        slot = NULL, slot_generation = NULL, updated_at = now()
    WHERE k.id = p_booking;
    UPDATE mock_sessions m SET total_bookings = m.total_bookings - 1 WHERE m.id = p_from;
    UPDATE mock_sessions m SET total_bookings = m.total_bookings + 1 WHERE m.id = p_to;
    INSERT INTO booking_moves
        (booking_id, from_session_id, to_session_id, idempotency_key, request_hash, debit_id,
         moved_at)
    VALUES (p_booking, p_from, p_to, p_idempotency_key, p_request_hash, paid, p_at);
END
$$;

-- The limits hold for a booking that comes from another session, too; itself it does not count.
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
      AND b.id <> NEW.id AND b.exam_date BETWEEN monday AND monday + 6;
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

-- A session that moves takes its bookings along without this; only a booking that changes sessions asks.
CREATE TRIGGER bookings_limits_moved
    BEFORE UPDATE OF session_id ON bookings
    FOR EACH ROW WHEN (
        OLD.session_id <> NEW.session_id
        AND nullif(current_setting('kiosk.actor', true), '')::jsonb ->> 'limits' IS NOT NULL)
    EXECUTE FUNCTION refuse_beyond_limits();

CREATE FUNCTION audit_booking_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := coalesce(nullif(current_setting('kiosk.actor', true), ''),
                            '{"kind": "system"}')::jsonb;
BEGIN
    INSERT INTO audit_log (actor_kind, actor_id, subject_id, action, entity, entity_id, reason,
                           before, after, device_id, request_id)
    VALUES (
        actor ->> 'kind', actor ->> 'id', NEW.contact_id, 'booking.moved', 'booking', NEW.id::text,
        actor ->> 'override',
        jsonb_build_object('session', OLD.session_id, 'credit_field', OLD.credit_field),
        jsonb_build_object('session', NEW.session_id, 'credit_field', NEW.credit_field)
            || CASE WHEN actor ->> 'override' IS NULL THEN '{}'::jsonb ELSE '{"override": true}' END,
        (actor ->> 'device')::uuid, actor ->> 'request');
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_audit_moved
    AFTER UPDATE OF session_id ON bookings
    FOR EACH ROW WHEN (OLD.session_id <> NEW.session_id) EXECUTE FUNCTION audit_booking_moved();

-- Tells the student: old and new, one SEQUENCE on, and a reminder of the new start. A change mail that
-- nobody has begun to send tells of this one, too; what it tells as `before` is what they knew.
CREATE FUNCTION mail_booking_moved() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    before jsonb;
    starts timestamptz;
    changes integer;
BEGIN
    SELECT jsonb_build_object(
        'mock_type', m.mock_type, 'starts_at', m.starts_at, 'ends_at', m.ends_at,
        'time_zone', m.time_zone, 'location', m.location,
        'delivery_format', coalesce(OLD.discussion_format, m.delivery_format),
        'token_used', OLD.token_used)
    INTO before FROM mock_sessions m WHERE m.id = OLD.session_id;
    SELECT m.starts_at INTO starts FROM mock_sessions m WHERE m.id = NEW.session_id;
    PERFORM void_reminders(NEW.id);
    PERFORM set_reminder(NEW.id, starts, now());
    UPDATE mail_outbox SET details = before || details
    WHERE booking_id = NEW.id AND kind = 'change' AND state = 'waiting' AND attempts = 0;
    IF NOT FOUND THEN
        SELECT count(*) INTO changes FROM mail_outbox WHERE booking_id = NEW.id AND kind = 'change';
        PERFORM queue_mail('change', NEW.id, NEW.contact_id,
            'change:' || NEW.id || ':' || changes + 1, changes + 1, before);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_mail_moved
    AFTER UPDATE OF session_id ON bookings
    FOR EACH ROW WHEN (OLD.session_id <> NEW.session_id) EXECUTE FUNCTION mail_booking_moved();

-- A cancel that comes late frees the seat and keeps the token, where a rule says so (domain/rules.py).
ALTER TABLE bookings
    ADD COLUMN cancelled_late boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT bookings_late_check CHECK (NOT cancelled_late OR is_active = 'Cancelled');

DROP FUNCTION cancel_booking_atomic;
-- Cancels one booking: state, seat and token in one transaction (B7), once (M12). `returned` says
-- whether its token is back, now or since an earlier time; a booking that took none has nothing to lose.
CREATE FUNCTION cancel_booking_atomic(
    p_booking uuid, p_reason text, p_at timestamptz, p_late boolean DEFAULT false,
    OUT outcome text, OUT credit_field text, OUT new_balance integer, OUT returned boolean
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
    -- It may have moved until now; from now on it does not.
    SELECT * INTO b FROM bookings k WHERE k.id = p_booking;
    PERFORM 1 FROM mock_sessions m WHERE m.id = b.session_id FOR NO KEY UPDATE;
    SELECT * INTO b FROM bookings k WHERE k.id = p_booking FOR NO KEY UPDATE;
    SELECT * INTO debit FROM ledger l WHERE l.booking_id = p_booking AND l.kind = 'booking'
    ORDER BY l.id DESC LIMIT 1;
    credit_field := debit.credit_field;
    outcome := CASE b.is_active
        WHEN 'Active' THEN 'cancelled' WHEN 'Cancelled' THEN 'already' ELSE 'bad_state'
    END;
    IF outcome = 'cancelled' THEN
        UPDATE bookings k
        SET is_active = 'Cancelled', cancelled_at = p_at, cancel_reason = p_reason,
            cancelled_late = p_late, updated_at = now()
        WHERE k.id = p_booking;
        UPDATE mock_sessions m SET total_bookings = m.total_bookings - 1
        WHERE m.id = b.session_id AND m.total_bookings > 0;
        IF debit.id IS NOT NULL AND NOT p_late THEN
            INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, reverses)
            VALUES (b.contact_id, debit.credit_field, -debit.amount, 'refund', p_booking, debit.id);
        END IF;
    END IF;
    returned := debit.id IS NULL
        OR EXISTS (SELECT 1 FROM ledger l WHERE l.reverses = debit.id);
    SELECT coalesce(sum(l.amount), 0) INTO new_balance FROM ledger l
    WHERE l.contact_id = b.contact_id AND l.credit_field = debit.credit_field;
END
$$;

-- Somebody was let in without a network, and their booking had been cancelled.
ALTER TABLE attention
    DROP CONSTRAINT attention_kind_check,
    ADD CONSTRAINT attention_kind_check CHECK (
        kind IN ('rehouse', 'debt', 'duplicate_freed', 'clone_alarm', 'unknown_lease',
                 'cancelled_check_in')
    );
