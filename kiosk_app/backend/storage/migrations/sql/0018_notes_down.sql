DROP TRIGGER bookings_note ON bookings;
DROP FUNCTION write_note();
DROP TABLE timeline_notes;
DELETE FROM crm_queue WHERE entity = 'note';
ALTER TABLE crm_queue DROP CONSTRAINT crm_queue_entity_check;
ALTER TABLE crm_queue ADD CONSTRAINT crm_queue_entity_check
    CHECK (entity IN ('contact', 'session', 'booking'));
ALTER TABLE crm_sync_log DROP COLUMN notes;

-- Wakes the triggers and queues everything that is there, or puts them to sleep and forgets the
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
