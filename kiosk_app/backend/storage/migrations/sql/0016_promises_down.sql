CREATE OR REPLACE FUNCTION create_bookings_atomic(p_new jsonb, p_actors jsonb) RETURNS jsonb
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

CREATE OR REPLACE FUNCTION let_capacity_fall() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    UPDATE mock_sessions m
    SET capacity = fallen.seats,
        target_capacity = CASE WHEN fallen.seats > m.target_capacity THEN m.target_capacity END
    FROM (
        SELECT s.id, greatest(s.target_capacity,
                              s.total_bookings + s.leased_seats + s.held_seats) AS seats
        FROM mock_sessions s WHERE s.id = NEW.id
    ) AS fallen
    WHERE m.id = fallen.id AND m.target_capacity IS NOT NULL AND fallen.seats < m.capacity;
    RETURN NULL;
END
$$;
