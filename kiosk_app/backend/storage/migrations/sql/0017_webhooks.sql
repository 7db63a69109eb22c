-- What becomes of bookings, for a program of the operator's (C13, C43). Rows are written by triggers in
-- the transaction that books, moves, cancels or completes, so that none is forgotten and none outlives a
-- change that failed. The triggers sleep until an address is set: `webhook_switch` wakes them.
CREATE TABLE webhook_outbox (
    -- Goes with every try of one event, so that a receiver knows what it has had already.
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    event text NOT NULL,
    booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    -- As things were when it happened; nothing that names a person.
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    -- Who is sending it, and until when nobody else may.
    claim uuid,
    claimed_until timestamptz,
    sent_at timestamptz,
    last_error text,
    CONSTRAINT webhook_outbox_event_check CHECK (
        event IN ('booking.created', 'booking.rescheduled', 'booking.cancelled', 'booking.completed')
    ),
    CONSTRAINT webhook_outbox_state_check CHECK (state IN ('waiting', 'sent', 'dead')),
    CONSTRAINT webhook_outbox_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX webhook_outbox_due ON webhook_outbox (next_at, seq) WHERE state = 'waiting';
CREATE INDEX webhook_outbox_dead ON webhook_outbox (seq) WHERE state = 'dead';
CREATE INDEX webhook_outbox_booking ON webhook_outbox (booking_id);

CREATE FUNCTION wire_instant(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION queue_webhook(p_event text, p_booking bookings, p_metadata jsonb) RETURNS void
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    INSERT INTO webhook_outbox (event, booking_id, data)
    SELECT p_event, p_booking.id, jsonb_build_object(
        'bookingId', p_booking.id, 'bookingCode', p_booking.booking_code,
        'contactId', p_booking.contact_id, 'sessionId', m.id, 'mockType', m.mock_type,
        'dateTime', wire_instant(m.starts_at), 'timeZone', m.time_zone,
        'metadata', jsonb_strip_nulls(p_metadata))
    FROM mock_sessions m WHERE m.id = p_booking.session_id;
END
$$;

CREATE FUNCTION tell_booking() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM queue_webhook('booking.created', NEW, '{}');
    ELSIF OLD.is_active = 'Active' AND NEW.is_active IN ('Cancelled', 'Completed') THEN
        PERFORM queue_webhook('booking.' || lower(NEW.is_active), NEW,
            jsonb_build_object('reason', NEW.cancel_reason));
    ELSIF OLD.session_id <> NEW.session_id THEN
        PERFORM queue_webhook('booking.rescheduled', NEW, (
            SELECT jsonb_build_object('previousSessionId', m.id,
                                      'previousDateTime', wire_instant(m.starts_at))
            FROM mock_sessions m WHERE m.id = OLD.session_id));
    END IF;
    RETURN NULL;
END
$$;

-- A session that moves reschedules everybody who is booked.
CREATE FUNCTION tell_moved_bookings() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    PERFORM queue_webhook('booking.rescheduled', b, jsonb_build_object(
        'previousSessionId', OLD.id, 'previousDateTime', wire_instant(OLD.starts_at)))
    FROM bookings b WHERE b.session_id = NEW.id AND b.is_active = 'Active';
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_webhook
    AFTER INSERT OR UPDATE OF is_active, session_id ON bookings
    FOR EACH ROW WHEN (NEW.is_active <> 'Failed') EXECUTE FUNCTION tell_booking();
CREATE TRIGGER mock_sessions_webhook
    AFTER UPDATE OF starts_at ON mock_sessions
    FOR EACH ROW WHEN (OLD.starts_at <> NEW.starts_at) EXECUTE FUNCTION tell_moved_bookings();
ALTER TABLE bookings DISABLE TRIGGER bookings_webhook;
ALTER TABLE mock_sessions DISABLE TRIGGER mock_sessions_webhook;

-- Wakes the triggers, or puts them to sleep and forgets what waits. Says whether anything changed;
-- without a change it takes no lock.
CREATE FUNCTION webhook_switch(p_on boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    action CONSTANT text := CASE WHEN p_on THEN 'ENABLE' ELSE 'DISABLE' END;
    one record;
    changed boolean := false;
BEGIN
    FOR one IN
        SELECT t.tgname, t.tgrelid::regclass AS owner FROM pg_trigger t
        WHERE t.tgname IN ('bookings_webhook', 'mock_sessions_webhook')
          AND t.tgrelid IN ('bookings'::regclass, 'mock_sessions'::regclass)
          AND (t.tgenabled <> 'D') <> p_on
        ORDER BY t.tgname
    LOOP
        EXECUTE format('ALTER TABLE %s %s TRIGGER %I', one.owner, action, one.tgname);
        changed := true;
    END LOOP;
    IF changed AND NOT p_on THEN
        DELETE FROM webhook_outbox WHERE state = 'waiting';
    END IF;
    RETURN changed;
END
$$;
