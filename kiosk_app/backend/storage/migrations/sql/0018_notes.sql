-- One note per booking on the student's timeline: what was booked, when, and the token before and after
-- (A34). It is written in the transaction that books, and the CRM hears of it with the next sync.
CREATE TABLE timeline_notes (
    -- The booking that it tells of.
    id uuid PRIMARY KEY REFERENCES bookings (id) ON DELETE CASCADE,
    -- As things were when it happened: a booking may move.
    mock_type text NOT NULL,
    exam_date date NOT NULL,
    token_used text NOT NULL,
    tokens_before integer NOT NULL,
    tokens_after integer NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    hubspot_id text CONSTRAINT timeline_notes_hubspot_id_key UNIQUE
);

-- A note that cannot be written costs nobody a seat: the booking stands, and `kiosk.unnoted` names it
-- until the transaction ends, so that the answer can say so (A33).
CREATE FUNCTION write_note() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO timeline_notes (id, mock_type, exam_date, token_used, tokens_before, tokens_after)
    VALUES (NEW.id, NEW.mock_type, NEW.exam_date, NEW.token_used, NEW.tokens_before,
            NEW.tokens_before - 1);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'no note of booking %: %', NEW.id, SQLSTATE;
    PERFORM set_config('kiosk.unnoted',
        concat_ws(',', nullif(current_setting('kiosk.unnoted', true), ''), NEW.id), true);
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_note
    AFTER INSERT ON bookings
    FOR EACH ROW WHEN (NEW.is_active <> 'Failed') EXECUTE FUNCTION write_note();

ALTER TABLE crm_queue DROP CONSTRAINT crm_queue_entity_check;
ALTER TABLE crm_queue ADD CONSTRAINT crm_queue_entity_check
    CHECK (entity IN ('contact', 'session', 'booking', 'note'));
ALTER TABLE crm_sync_log ADD COLUMN notes integer NOT NULL DEFAULT 0;

CREATE TRIGGER timeline_notes_crm
    AFTER INSERT ON timeline_notes
    FOR EACH ROW EXECUTE FUNCTION queue_row_for_crm('note');
-- Awake where the CRM is already set up.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = 'bookings'::regclass
               AND t.tgname = 'bookings_crm' AND t.tgenabled = 'D') THEN
        ALTER TABLE timeline_notes DISABLE TRIGGER timeline_notes_crm;
    END IF;
END
$$;

-- As before, with the notes: wakes the triggers and queues everything that is there, or puts them to sleep and forgets the
-- queue. Says whether anything changed; without a change it takes no lock.
CREATE OR REPLACE FUNCTION crm_switch(p_on boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    action CONSTANT text := CASE WHEN p_on THEN 'ENABLE' ELSE 'DISABLE' END;
    one record;
    changed boolean := false;
BEGIN
    FOR one IN
        SELECT t.tgname, t.tgrelid::regclass AS owner FROM pg_trigger t
        WHERE t.tgrelid IN ('contacts'::regclass, 'ledger'::regclass, 'mock_sessions'::regclass,
                            'bookings'::regclass, 'timeline_notes'::regclass)
          AND t.tgname = t.tgrelid::regclass::text || '_crm' AND (t.tgenabled <> 'D') <> p_on
        -- The order in which a booking writes, so that the two never wait for each other in a circle.
        ORDER BY array_position(
            ARRAY['contacts_crm', 'bookings_crm', 'timeline_notes_crm', 'ledger_crm',
                  'mock_sessions_crm'], t.tgname::text)
    LOOP
        EXECUTE format('ALTER TABLE %s %s TRIGGER %I', one.owner, action, one.tgname);
        changed := true;
    END LOOP;
    IF changed AND p_on THEN
        INSERT INTO crm_queue (entity, entity_id)
        SELECT 'contact', id FROM contacts
        UNION ALL SELECT 'session', id FROM mock_sessions
        UNION ALL SELECT 'booking', id FROM bookings
        UNION ALL SELECT 'note', id FROM timeline_notes
        ON CONFLICT DO NOTHING;
    ELSIF changed THEN
        DELETE FROM crm_queue;
    END IF;
    RETURN changed;
END
$$;
