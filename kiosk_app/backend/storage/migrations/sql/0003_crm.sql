-- The mirror of students, sessions and bookings in a CRM (B23-B32). Rows of the queue are written by
-- triggers in the transaction that changes something, so that none is forgotten and none outlives a
-- change that failed. The triggers sleep until a CRM is set up: `crm_switch` wakes them.

ALTER TABLE ledger DROP CONSTRAINT ledger_kind_check;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind_check CHECK (
    CASE kind
        WHEN 'booking' THEN amount < 0 AND booking_id IS NOT NULL AND reverses IS NULL
        WHEN 'refund' THEN amount > 0 AND booking_id IS NOT NULL AND reverses IS NOT NULL
        WHEN 'opening' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
        WHEN 'grant' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
        WHEN 'adjust' THEN amount <> 0 AND booking_id IS NULL AND reverses IS NULL
        -- Tokens that people added over there (B31).
        WHEN 'crm' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
        ELSE false
    END
);

-- What the CRM has not heard of yet; one row per thing, however often it changes.
CREATE TABLE crm_queue (
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    -- Rises with every change: only what was sent is settled.
    version bigint NOT NULL DEFAULT 1,
    queued_at timestamptz NOT NULL DEFAULT now(),
    -- A creation is on its way, or its answer was lost: look there before creating again.
    sent_at timestamptz,
    -- The booking is there, but not yet associated with student and session.
    unlinked boolean NOT NULL DEFAULT false,
    next_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    CONSTRAINT crm_queue_pkey PRIMARY KEY (entity, entity_id),
    CONSTRAINT crm_queue_entity_check CHECK (entity IN ('contact', 'session', 'booking'))
);
CREATE INDEX crm_queue_due ON crm_queue (entity, next_at);

-- What we last knew the CRM to hold for a student; a rise since then is a top-up (B31).
CREATE TABLE crm_contacts (
    contact_id uuid PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
    settled jsonb NOT NULL,
    -- Written there, answer still missing.
    sending jsonb,
    synced_at timestamptz NOT NULL
);

CREATE TABLE crm_sync_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    outcome text NOT NULL,
    contacts integer NOT NULL,
    sessions integer NOT NULL,
    bookings integer NOT NULL,
    tokens_added integer NOT NULL,
    turned integer NOT NULL,
    doubtful integer NOT NULL,
    error text,
    CONSTRAINT crm_sync_log_outcome_check CHECK (outcome IN ('done', 'later', 'refused', 'failed'))
);

CREATE FUNCTION queue_for_crm(p_entity text, p_id uuid) RETURNS void
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    INSERT INTO crm_queue AS q (entity, entity_id) VALUES (p_entity, p_id)
    ON CONFLICT (entity, entity_id) DO UPDATE
    SET version = q.version + 1, queued_at = now(), next_at = now(), attempts = 0,
        last_error = NULL;
END
$$;

CREATE FUNCTION queue_row_for_crm() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM queue_for_crm(TG_ARGV[0], NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION queue_owner_for_crm() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM queue_for_crm('contact', NEW.contact_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER contacts_crm
    AFTER INSERT OR UPDATE OF student_id, email, name, enrollment_id ON contacts
    FOR EACH ROW EXECUTE FUNCTION queue_row_for_crm('contact');
CREATE TRIGGER ledger_crm
    AFTER INSERT ON ledger
    FOR EACH ROW WHEN (NEW.kind <> 'crm') EXECUTE FUNCTION queue_owner_for_crm();
CREATE TRIGGER mock_sessions_crm
    AFTER INSERT OR UPDATE OF mock_type, exam_date, starts_at, ends_at, capacity, total_bookings,
        location, is_active ON mock_sessions
    FOR EACH ROW EXECUTE FUNCTION queue_row_for_crm('session');
CREATE TRIGGER bookings_crm
    AFTER INSERT OR UPDATE OF is_active, name, email, discussion_format, topic_preference ON bookings
    FOR EACH ROW EXECUTE FUNCTION queue_row_for_crm('booking');

ALTER TABLE contacts DISABLE TRIGGER contacts_crm;
ALTER TABLE ledger DISABLE TRIGGER ledger_crm;
ALTER TABLE mock_sessions DISABLE TRIGGER mock_sessions_crm;
ALTER TABLE bookings DISABLE TRIGGER bookings_crm;

-- Wakes the triggers and queues everything that is there, or puts them to sleep and forgets the
-- queue. Says whether anything changed; without a change it takes no lock.
CREATE FUNCTION crm_switch(p_on boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    action CONSTANT text := CASE WHEN p_on THEN 'ENABLE' ELSE 'DISABLE' END;
    one record;
    changed boolean := false;
BEGIN
    FOR one IN
        SELECT t.tgname, t.tgrelid::regclass AS owner FROM pg_trigger t
        WHERE t.tgrelid IN ('contacts'::regclass, 'ledger'::regclass, 'mock_sessions'::regclass,
                            'bookings'::regclass)
          AND t.tgname = t.tgrelid::regclass::text || '_crm' AND (t.tgenabled <> 'D') <> p_on
        -- The order in which a booking writes, so that the two never wait for each other in a circle.
        ORDER BY array_position(
            ARRAY['contacts_crm', 'bookings_crm', 'ledger_crm', 'mock_sessions_crm'], t.tgname::text)
    LOOP
        EXECUTE format('ALTER TABLE %s %s TRIGGER %I', one.owner, action, one.tgname);
        changed := true;
    END LOOP;
    IF changed AND p_on THEN
        INSERT INTO crm_queue (entity, entity_id)
        SELECT 'contact', id FROM contacts
        UNION ALL SELECT 'session', id FROM mock_sessions
        UNION ALL SELECT 'booking', id FROM bookings
        ON CONFLICT DO NOTHING;
    ELSIF changed THEN
        DELETE FROM crm_queue;
    END IF;
    RETURN changed;
END
$$;

-- Takes over a student found in the CRM, once however many sign in at the same moment (B24, B26).
-- Returns null when student id or CRM number belong to somebody else already.
CREATE FUNCTION adopt_contact(
    p_crm_id text, p_student_id text, p_email text, p_name text, p_enrollment_id text,
    p_balances jsonb, p_at timestamptz
) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    made uuid;
BEGIN
    INSERT INTO contacts (hubspot_id, student_id, email, name, enrollment_id)
    VALUES (p_crm_id, p_student_id, p_email, p_name, p_enrollment_id)
    ON CONFLICT DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        SELECT id INTO made FROM contacts WHERE student_id = p_student_id;
        RETURN made;
    END IF;
    INSERT INTO ledger (contact_id, credit_field, amount, kind)
    SELECT made, key, value::integer, 'opening' FROM jsonb_each_text(p_balances)
    WHERE value::integer > 0;
    INSERT INTO crm_contacts (contact_id, settled, synced_at) VALUES (made, p_balances, p_at);
    -- The CRM knows all of this: it is where it came from.
    DELETE FROM crm_queue WHERE entity = 'contact' AND entity_id = made;
    RETURN made;
END
$$;
