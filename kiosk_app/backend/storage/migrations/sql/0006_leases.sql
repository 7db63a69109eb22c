-- Seats leased to a device, so that it can confirm them without a network (architecture §2.6).
--
-- A lease is of a numbered slot with a generation that is never used again. Time never gives a seat
-- back: a row leaves `leased` because its booking arrived, its device gave it back, staff attested
-- that it was not used, or its session was called off.

CREATE SEQUENCE lease_generations;

CREATE TABLE lease_slots (
    session_id uuid NOT NULL REFERENCES mock_sessions (id) ON DELETE CASCADE,
    slot integer NOT NULL,
    generation bigint NOT NULL,
    device_id uuid NOT NULL REFERENCES devices (id),
    installation_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'leased',
    granted_at timestamptz NOT NULL,
    renewed_at timestamptz NOT NULL,
    settled_at timestamptz,
    booking_id uuid REFERENCES bookings (id),
    CONSTRAINT lease_slots_pkey PRIMARY KEY (session_id, slot, generation),
    CONSTRAINT lease_slots_slot_check CHECK (slot > 0),
    CONSTRAINT lease_slots_state_check CHECK (
        state IN ('leased', 'used', 'returned', 'attested', 'void')
    ),
    CONSTRAINT lease_slots_settled_check CHECK ((state = 'leased') = (settled_at IS NULL)),
    CONSTRAINT lease_slots_booking_check CHECK (booking_id IS NULL OR state = 'used')
);
CREATE UNIQUE INDEX lease_slots_open ON lease_slots (session_id, slot) WHERE state = 'leased';
CREATE INDEX lease_slots_device ON lease_slots (device_id) WHERE state = 'leased';
CREATE INDEX lease_slots_grant ON lease_slots (grant_id);

-- Which files speak for a device, and how far their journal had come (a smaller number is a copy).
CREATE TABLE device_installations (
    device_id uuid NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    installation_id uuid NOT NULL,
    counter bigint NOT NULL,
    chain text NOT NULL,
    -- The last positions heard, `counter:chain`: a message that was late is none of a copy.
    heard text[] NOT NULL,
    -- Messages in a row that were behind what had been heard before.
    behind integer NOT NULL DEFAULT 0,
    seen_at timestamptz NOT NULL,
    clock_offset_ms bigint NOT NULL DEFAULT 0,
    CONSTRAINT device_installations_pkey PRIMARY KEY (device_id, installation_id)
);

-- What people must settle. `details` holds nothing personal.
CREATE TABLE attention (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    contact_id uuid REFERENCES contacts (id) ON DELETE CASCADE,
    session_id uuid REFERENCES mock_sessions (id) ON DELETE CASCADE,
    booking_id uuid REFERENCES bookings (id) ON DELETE CASCADE,
    device_id uuid REFERENCES devices (id) ON DELETE CASCADE,
    details jsonb NOT NULL DEFAULT '{}',
    -- What is told twice stands here once.
    dedupe_key text NOT NULL CONSTRAINT attention_dedupe_key_key UNIQUE,
    settled_at timestamptz,
    settled_by integer REFERENCES users (id),
    way text,
    CONSTRAINT attention_kind_check CHECK (
        kind IN ('rehouse', 'debt', 'duplicate_freed', 'clone_alarm', 'unknown_lease')
    ),
    CONSTRAINT attention_settled_check CHECK ((settled_at IS NULL) = (way IS NULL))
);
CREATE INDEX attention_open ON attention (at) WHERE settled_at IS NULL;

ALTER TABLE bookings
    ADD COLUMN slot integer,
    ADD COLUMN slot_generation bigint,
    ADD CONSTRAINT bookings_slot_check CHECK ((slot IS NULL) = (slot_generation IS NULL));
-- A promise is redeemed once, whatever is delivered twice.
CREATE UNIQUE INDEX bookings_leased_seat ON bookings (session_id, slot, slot_generation)
    WHERE slot IS NOT NULL;

-- The session's count follows its rows, so that no writer can forget it.
CREATE FUNCTION count_leased_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    more integer := CASE WHEN TG_OP = 'DELETE' THEN 0 ELSE (NEW.state = 'leased')::integer END
                  - CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE (OLD.state = 'leased')::integer END;
BEGIN
    IF more <> 0 THEN
        UPDATE mock_sessions SET leased_seats = leased_seats + more
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.session_id ELSE NEW.session_id END;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER lease_slots_counted
    AFTER INSERT OR DELETE OR UPDATE OF state ON lease_slots
    FOR EACH ROW EXECUTE FUNCTION count_leased_seats();

-- What was settled stays settled: a seat that was given away again is not taken back.
CREATE FUNCTION refuse_lease_revival() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a settled lease stays settled'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER lease_slots_end_once
    BEFORE UPDATE OF state ON lease_slots
    FOR EACH ROW WHEN (OLD.state <> 'leased' AND OLD.state <> NEW.state
                       AND NOT (OLD.state = 'used' AND OLD.booking_id IS NULL))
    EXECUTE FUNCTION refuse_lease_revival();

CREATE FUNCTION tell_attention(
    p_kind text, p_key text, p_contact uuid, p_session uuid, p_booking uuid, p_device uuid,
    p_details jsonb
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO attention (kind, dedupe_key, contact_id, session_id, booking_id, device_id, details)
    VALUES (p_kind, p_kind || ':' || p_key, p_contact, p_session, p_booking, p_device, p_details)
    ON CONFLICT (dedupe_key) DO NOTHING
$$;

-- Leases up to `p_seats` free slots of a session, the lowest numbers first. The caller holds the
-- session's lock and has decided how many; what does not fit any more is not given.
CREATE FUNCTION grant_slots(
    p_session uuid, p_seats integer, p_device uuid, p_installation uuid, p_grant uuid,
    p_at timestamptz
) RETURNS SETOF lease_slots
LANGUAGE sql
SET enable_seqscan = off
AS $$
    INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id, grant_id,
                             granted_at, renewed_at)
    SELECT p_session, free.slot, nextval('lease_generations'), p_device, p_installation, p_grant,
           p_at, p_at
    FROM (
        SELECT n AS slot
        FROM mock_sessions m, generate_series(1, m.capacity) AS n
        WHERE m.id = p_session
          AND NOT EXISTS (SELECT 1 FROM lease_slots l
                          WHERE l.session_id = p_session AND l.slot = n AND l.state = 'leased')
          AND NOT EXISTS (SELECT 1 FROM bookings b
                          WHERE b.session_id = p_session AND b.slot = n
                            AND b.is_active IN ('Active', 'Completed'))
        ORDER BY n LIMIT p_seats
    ) AS free
    RETURNING *
$$;

-- Books a seat that a device confirmed against its lease. A valid lease is honoured whenever it
-- arrives, and its token may be owed. Whatever becomes of it, the lease has ended: what could not be
-- booked gives its seat back and is told to the desk. Locks the student, then the session (B21).
CREATE FUNCTION create_leased_booking_atomic(
    p_slot integer, p_generation bigint, p_at timestamptz,
    p_booking_id text, p_booking_code text, p_contact uuid, p_session uuid,
    p_student_id text, p_student_email text, p_student_name text,
    p_credit_field text, p_token_used text,
    p_idempotency_key text, p_key_root text, p_request_hash text, p_exam_details jsonb,
    p_discussion_format text, p_topic_preference text,
    p_attending_location text, p_dominant_hand text,
    p_device uuid, p_requested_at timestamptz,
    OUT outcome text, OUT id uuid, OUT tokens_before integer, OUT total_bookings integer
)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    held lease_slots%ROWTYPE;
    ours boolean;
BEGIN
    PERFORM 1 FROM contacts c WHERE c.id = p_contact FOR NO KEY UPDATE;
    PERFORM 1 FROM mock_sessions m WHERE m.id = p_session FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM bookings b WHERE b.idempotency_key = p_idempotency_key) THEN
        outcome := 'key_known';
        RETURN;
    END IF;
    SELECT * INTO held FROM lease_slots l
    WHERE l.session_id = p_session AND l.slot = p_slot AND l.generation = p_generation
      -- A desk redeems what was rescued from a kiosk that is gone.
      AND (l.device_id = p_device
           OR EXISTS (SELECT 1 FROM devices d WHERE d.id = p_device AND d.profile = 'desk'))
    FOR UPDATE;
    ours := held.state = 'leased';
    IF ours THEN
        UPDATE lease_slots l SET state = 'used', settled_at = p_at
        WHERE l.session_id = p_session AND l.slot = p_slot AND l.generation = p_generation;
    END IF;
    SELECT made.outcome, made.id, made.tokens_before, made.total_bookings
    INTO outcome, id, tokens_before, total_bookings
    FROM create_booking_atomic(
        p_booking_id => p_booking_id, p_booking_code => p_booking_code, p_contact => p_contact,
        p_session => p_session, p_student_id => p_student_id, p_student_email => p_student_email,
        p_student_name => p_student_name, p_credit_field => p_credit_field,
        p_token_used => p_token_used, p_idempotency_key => p_idempotency_key,
        p_key_root => p_key_root, p_request_hash => p_request_hash,
        p_exam_details => p_exam_details, p_discussion_format => p_discussion_format,
        p_topic_preference => p_topic_preference, p_attending_location => p_attending_location,
        p_dominant_hand => p_dominant_hand, p_device => p_device,
        p_requested_at => p_requested_at,
        -- Whoever never held the seat was promised nothing.
        p_may_owe => held.session_id IS NOT NULL) AS made;
    IF outcome = 'created' THEN
        IF ours THEN
            UPDATE bookings b SET slot = p_slot, slot_generation = p_generation
            WHERE b.id = create_leased_booking_atomic.id;
            UPDATE lease_slots l SET booking_id = create_leased_booking_atomic.id
            WHERE l.session_id = p_session AND l.slot = p_slot AND l.generation = p_generation;
        END IF;
        IF tokens_before < 1 THEN
            PERFORM tell_attention('debt', p_idempotency_key, p_contact, p_session,
                create_leased_booking_atomic.id, p_device,
                jsonb_build_object('credit_field', p_credit_field));
        END IF;
        RETURN;
    END IF;
    IF ours THEN
        UPDATE lease_slots l SET state = 'returned'
        WHERE l.session_id = p_session AND l.slot = p_slot AND l.generation = p_generation;
    END IF;
    PERFORM tell_attention(
        CASE outcome WHEN 'duplicate' THEN 'duplicate_freed' ELSE 'rehouse' END,
        p_idempotency_key, p_contact, p_session, NULL, p_device,
        jsonb_build_object('outcome', outcome, 'slot', p_slot));
END
$$;

-- A session that is called off takes its leases with it: nothing more can be confirmed in it.
CREATE FUNCTION void_leases() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lease_slots SET state = 'void', settled_at = now()
    WHERE session_id = NEW.id AND state = 'leased';
    RETURN NULL;
END
$$;

CREATE TRIGGER mock_sessions_called_off
    AFTER UPDATE OF is_active ON mock_sessions
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION void_leases();
