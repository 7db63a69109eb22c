-- Mail and the jobs that send it. Rows are written by triggers, in the transaction that books,
-- cancels or moves, so that no writer can forget them and none outlives a booking that failed.
-- No NOTIFY here: it would make every booking's commit wait for the one before (a lock over the
-- whole cluster until the commit is on disk). Whoever booked rings afterwards, see core/parts.py.

CREATE TABLE mail_outbox (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    booking_id uuid REFERENCES bookings (id) ON DELETE CASCADE,
    -- The address is the contact's at the moment of sending; none is kept here.
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    language text NOT NULL,
    dedupe_key text NOT NULL CONSTRAINT mail_outbox_dedupe_key_key UNIQUE,
    -- What a calendar compares (RFC 5545 SEQUENCE).
    sequence integer NOT NULL DEFAULT 0,
    -- The session as it was (change), or what was refused (rejected).
    details jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting',
    due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    -- Who is sending it, and until when nobody else may.
    claim uuid,
    claimed_until timestamptz,
    sent_at timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mail_outbox_kind_check CHECK (
        kind IN ('confirm', 'change', 'cancel', 'reminder', 'rejected')
    ),
    CONSTRAINT mail_outbox_about_check CHECK ((kind = 'rejected') = (booking_id IS NULL)),
    CONSTRAINT mail_outbox_state_check CHECK (state IN ('waiting', 'sent', 'skipped', 'dead')),
    CONSTRAINT mail_outbox_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT mail_outbox_language_check CHECK (language IN ('en', 'fr'))
);
CREATE INDEX mail_outbox_due ON mail_outbox (next_at, seq) WHERE state = 'waiting';
CREATE INDEX mail_outbox_dead ON mail_outbox (seq) WHERE state = 'dead';
CREATE INDEX mail_outbox_booking ON mail_outbox (booking_id);

-- A deadline per booking and start time; a job makes a mail of each that is due.
CREATE TABLE reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    starts_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    settled_at timestamptz,
    CONSTRAINT reminders_once UNIQUE (booking_id, starts_at),
    CONSTRAINT reminders_state_check CHECK (state IN ('waiting', 'queued', 'void', 'missed'))
);
CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'waiting';

-- One row per job: when it may run next, and how it went.
CREATE TABLE job_runs (
    name text PRIMARY KEY,
    next_due timestamptz NOT NULL,
    last_started timestamptz NOT NULL,
    last_finished timestamptz,
    last_ok timestamptz,
    last_error text,
    runs bigint NOT NULL DEFAULT 0
);

-- Puts one mail into the outbox, once per key. A connection with `kiosk.mail = off` writes none:
-- demo data books for people who do not exist.
CREATE FUNCTION queue_mail(
    p_kind text, p_booking uuid, p_contact uuid, p_key text, p_sequence integer, p_details jsonb,
    p_at timestamptz DEFAULT now()
) RETURNS boolean
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    IF current_setting('kiosk.mail', true) = 'off' THEN
        RETURN false;
    END IF;
    INSERT INTO mail_outbox
        (kind, booking_id, contact_id, language, dedupe_key, sequence, details, due_at, next_at)
    SELECT p_kind, p_booking, c.id, coalesce(c.locale, 'en'), p_key, p_sequence, p_details, p_at, p_at
    FROM contacts c WHERE c.id = p_contact
    ON CONFLICT (dedupe_key) DO NOTHING;
    RETURN FOUND;
END
$$;

-- A reminder a day before the start; a booking made later than that gets none.
CREATE FUNCTION set_reminder(p_booking uuid, p_starts_at timestamptz, p_from timestamptz)
RETURNS void
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    IF current_setting('kiosk.mail', true) = 'off'
       OR p_starts_at - interval '24 hours' <= p_from THEN
        RETURN;
    END IF;
    INSERT INTO reminders (booking_id, starts_at, due_at)
    VALUES (p_booking, p_starts_at, p_starts_at - interval '24 hours')
    ON CONFLICT (booking_id, starts_at)
    DO UPDATE SET state = 'waiting', settled_at = NULL WHERE reminders.state = 'void';
END
$$;

CREATE FUNCTION void_reminders(p_booking uuid) RETURNS void
LANGUAGE sql
AS $$
    UPDATE reminders SET state = 'void', settled_at = now()
    WHERE booking_id = p_booking AND state = 'waiting'
$$;

CREATE FUNCTION mail_booking_made() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    starts timestamptz;
BEGIN
    SELECT m.starts_at INTO starts FROM mock_sessions m WHERE m.id = NEW.session_id;
    PERFORM queue_mail('confirm', NEW.id, NEW.contact_id, 'confirm:' || NEW.id, 0, '{}');
    PERFORM set_reminder(NEW.id, starts, NEW.created_at);
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_mail_made
    AFTER INSERT ON bookings
    FOR EACH ROW WHEN (NEW.is_active = 'Active') EXECUTE FUNCTION mail_booking_made();

CREATE FUNCTION mail_booking_cancelled() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    changes integer;
BEGIN
    SELECT count(*) INTO changes FROM mail_outbox WHERE booking_id = NEW.id AND kind = 'change';
    PERFORM void_reminders(NEW.id);
    PERFORM queue_mail('cancel', NEW.id, NEW.contact_id, 'cancel:' || NEW.id, changes + 1, '{}');
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_mail_cancelled
    AFTER UPDATE OF is_active ON bookings
    FOR EACH ROW WHEN (OLD.is_active = 'Active' AND NEW.is_active = 'Cancelled')
    EXECUTE FUNCTION mail_booking_cancelled();

-- Tells everybody who is booked that their session moved. A change mail that nobody has begun to
-- send is left to tell of this change, too: it is written when it is sent.
CREATE FUNCTION mail_session_moved() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    b record;
    changes integer;
    before jsonb := jsonb_build_object(
        'starts_at', OLD.starts_at, 'ends_at', OLD.ends_at,
        'time_zone', OLD.time_zone, 'location', OLD.location);
BEGIN
    FOR b IN SELECT id, contact_id FROM bookings
        WHERE session_id = NEW.id AND is_active = 'Active' ORDER BY id
    LOOP
        IF NEW.starts_at <> OLD.starts_at THEN
            PERFORM void_reminders(b.id);
            PERFORM set_reminder(b.id, NEW.starts_at, now());
        END IF;
        UPDATE mail_outbox SET due_at = due_at
        WHERE booking_id = b.id AND kind = 'change' AND state = 'waiting' AND attempts = 0;
        CONTINUE WHEN FOUND;
        SELECT count(*) INTO changes FROM mail_outbox WHERE booking_id = b.id AND kind = 'change';
        PERFORM queue_mail('change', b.id, b.contact_id,
            'change:' || b.id || ':' || changes + 1, changes + 1, before);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER mock_sessions_mail_moved
    AFTER UPDATE OF starts_at, ends_at, time_zone, location ON mock_sessions
    FOR EACH ROW WHEN (
        (OLD.starts_at, OLD.ends_at, OLD.time_zone, OLD.location)
            IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.time_zone, NEW.location)
        -- What is over is corrected in silence.
        AND greatest(OLD.ends_at, NEW.ends_at) > now())
    EXECUTE FUNCTION mail_session_moved();

-- Bookings that stood before this version get their reminder, too, but no mail about the past.
INSERT INTO reminders (booking_id, starts_at, due_at)
SELECT b.id, m.starts_at, m.starts_at - interval '24 hours'
FROM bookings b JOIN mock_sessions m ON m.id = b.session_id
WHERE b.is_active = 'Active' AND m.starts_at - interval '24 hours' > now();
