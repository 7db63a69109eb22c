-- A change of a booking is news too: a visitor at a kiosk and the desk are told to look again.

CREATE FUNCTION record_booking_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, op) VALUES ('booking', NEW.id, lower(TG_OP));
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_added
    AFTER INSERT ON bookings
    FOR EACH ROW EXECUTE FUNCTION record_booking_change();

CREATE TRIGGER bookings_changed
    AFTER UPDATE ON bookings
    FOR EACH ROW WHEN ((OLD.is_active, OLD.session_id) IS DISTINCT FROM (NEW.is_active, NEW.session_id))
    EXECUTE FUNCTION record_booking_change();

-- What many creates are decided by, from one snapshot; answers in the order of the questions.
CREATE FUNCTION many_booking_facts(p_sessions text[], p_contacts text[], p_keys text[])
RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT '[' || string_agg(booking_facts(session, contact, key), ',' ORDER BY place) || ']'
        FROM unnest(p_sessions, p_contacts, p_keys) WITH ORDINALITY
            AS asked (session, contact, key, place)
    );
END
$$;

-- Books many seats in one transaction, each as if alone: what refuses one leaves the others alone.
-- Takes a list of create_booking_atomic's arguments by name without `p_`, and answers in its order:
-- its outcome, or `busy` (locked by somebody else: nothing written, try again), or `refused_by` and
-- the constraint. `p_actors` names who makes each of them, for the log.
--
-- Students are locked only if they are free, so nobody who holds one and waits for a session is ever
-- waited for; sessions are waited for in the order of their ids, and not for long. Two batches, or a
-- batch and a single booking, can therefore not wait for each other. A list of one has no order to
-- keep and is left to create_booking_atomic, which locks student before session itself.
CREATE FUNCTION create_bookings_atomic(p_new jsonb, p_actors jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET enable_seqscan = off
SET lock_timeout = '100ms'
AS $$
DECLARE
    alone CONSTANT boolean := jsonb_array_length(p_new) = 1;
    free_contacts uuid[];
    free_sessions uuid[];
    wanted uuid[];
    one jsonb;
    actor text;
    made record;
    refused_by text;
    answers jsonb[] := '{}';
BEGIN
    IF NOT alone THEN
        SELECT array_agg((e->>'contact')::uuid) INTO wanted FROM jsonb_array_elements(p_new) e;
        SELECT array_agg(f.id) INTO free_contacts FROM (
            SELECT c.id FROM contacts c WHERE c.id = ANY (wanted) ORDER BY c.id
            FOR NO KEY UPDATE SKIP LOCKED
        ) f;
        SELECT array_agg((e->>'session')::uuid) INTO wanted FROM jsonb_array_elements(p_new) e
        WHERE (e->>'contact')::uuid = ANY (free_contacts);
        BEGIN
            SELECT array_agg(f.id) INTO free_sessions FROM (
                SELECT m.id FROM mock_sessions m WHERE m.id = ANY (wanted) ORDER BY m.id
                FOR NO KEY UPDATE
            ) f;
        EXCEPTION WHEN lock_not_available THEN
            SELECT array_agg(f.id) INTO free_sessions FROM (
                SELECT m.id FROM mock_sessions m WHERE m.id = ANY (wanted) ORDER BY m.id
                FOR NO KEY UPDATE SKIP LOCKED
            ) f;
        END;
    END IF;
    FOR one, actor IN
        SELECT e, p_actors ->> (place - 1)::integer
        FROM jsonb_array_elements(p_new) WITH ORDINALITY AS t (e, place) ORDER BY place
    LOOP
        IF NOT alone AND is_busy(one, free_contacts, free_sessions) THEN
            answers := answers || jsonb_build_object('outcome', 'busy');
            CONTINUE;
        END IF;
        PERFORM set_config('kiosk.actor', actor, true);
        BEGIN
            SELECT * INTO made FROM create_booking_atomic(
                one->>'booking_id', one->>'booking_code',
                (one->>'contact')::uuid, (one->>'session')::uuid,
                one->>'student_id', one->>'student_email', one->>'student_name',
                one->>'credit_field', one->>'token_used',
                one->>'idempotency_key', one->>'key_root', one->>'request_hash', one->'exam_details',
                one->>'discussion_format', one->>'topic_preference',
                one->>'attending_location', one->>'dominant_hand',
                (one->>'device')::uuid, (one->>'requested_at')::timestamptz,
                (one->>'may_owe')::boolean);
            answers := answers || to_jsonb(made);
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                answers := answers || jsonb_build_object('outcome', 'busy');
            WHEN integrity_constraint_violation THEN
                GET STACKED DIAGNOSTICS refused_by = CONSTRAINT_NAME;
                answers := answers || jsonb_build_object(
                    'outcome', 'refused_by', 'constraint', refused_by);
        END;
    END LOOP;
    RETURN to_jsonb(answers);
END
$$;

-- Whether a create would have to wait for somebody; a row that is gone keeps nobody waiting.
CREATE FUNCTION is_busy(p_new jsonb, p_free_contacts uuid[], p_free_sessions uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
AS $$
DECLARE
    contact CONSTANT uuid := p_new->>'contact';
    session CONSTANT uuid := p_new->>'session';
BEGIN
    IF contact = ANY (p_free_contacts) AND session = ANY (p_free_sessions) THEN
        RETURN false;
    END IF;
    IF contact = ANY (p_free_contacts) THEN
        RETURN EXISTS (SELECT 1 FROM mock_sessions m WHERE m.id = session);
    END IF;
    RETURN EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact);
END
$$;
