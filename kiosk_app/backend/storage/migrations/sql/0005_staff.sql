-- Staff, their sign-ins and the log of who did what (0.7, K7, K25, K26, K29).

-- `email` is kept the way it is compared: NFKC, folded case.
CREATE TABLE users (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    locale text,
    time_zone text,
    contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    password_set_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT users_role_check CHECK (
        role IN ('front_desk', 'instructor', 'mentor', 'professional_mentor', 'admin')
    ),
    CONSTRAINT users_locale_check CHECK (locale IN ('en', 'fr'))
);

CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- One row per pair of tokens, both kept as hashes; a refresh adds a row to its family. A family is
-- one sign-in at one device and ends `refresh_until`, however often it was refreshed.
CREATE TABLE staff_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    family uuid NOT NULL,
    user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    device_id uuid NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    access_hash bytea NOT NULL CONSTRAINT staff_sessions_access_hash_key UNIQUE,
    refresh_hash bytea NOT NULL CONSTRAINT staff_sessions_refresh_hash_key UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    access_until timestamptz NOT NULL,
    refresh_until timestamptz NOT NULL,
    -- The refresh token was traded in; a second time ends the family.
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX staff_sessions_family ON staff_sessions (family);
CREATE INDEX staff_sessions_user ON staff_sessions (user_id);
CREATE INDEX staff_sessions_device ON staff_sessions (device_id);

ALTER TABLE devices
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN client_version text;
-- A code for a device that is there already gives it a new token under its old id (R13).
ALTER TABLE enrolment_codes
    ADD COLUMN device_id uuid REFERENCES devices (id) ON DELETE CASCADE;
-- What makes an entry by hand safe to repeat; bookings have their own key.
ALTER TABLE ledger
    ADD COLUMN entry_key text CONSTRAINT ledger_entry_key_key UNIQUE;

-- Who did what to whom. Rows are added with the change they tell of and never changed; `before` and
-- `after` hold nothing personal. No foreign keys: the log outlives what it names.
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL,
    -- A user's number, or the id of a contact or a device; null for the system.
    actor_id text,
    subject_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id text NOT NULL,
    reason text,
    before jsonb,
    after jsonb,
    device_id uuid,
    request_id text,
    CONSTRAINT audit_log_actor_check CHECK (actor_kind IN ('user', 'student', 'device', 'system'))
);
CREATE INDEX audit_log_subject ON audit_log (subject_id, id) WHERE subject_id IS NOT NULL;

CREATE FUNCTION refuse_audit_rewrite() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is added to, never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER audit_log_is_append_only
    BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_rewrite();

-- Names the actor for the rest of the transaction and hands `p_id` on: as an argument of the function
-- that writes, it is evaluated before that function runs, in one statement.
CREATE FUNCTION act_as(p_actor jsonb, p_id uuid) RETURNS uuid
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kiosk.actor', p_actor::text, true);
    RETURN p_id;
END
$$;

CREATE FUNCTION audit_booking() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    -- Empty after an earlier transaction of the connection; where nobody is named it is the system.
    actor jsonb := coalesce(nullif(current_setting('kiosk.actor', true), ''),
                            '{"kind": "system"}')::jsonb;
BEGIN
    INSERT INTO audit_log (actor_kind, actor_id, subject_id, action, entity, entity_id, reason,
                           before, after, device_id, request_id)
    VALUES (
        actor ->> 'kind', actor ->> 'id', NEW.contact_id,
        CASE TG_OP WHEN 'INSERT' THEN 'booking.created'
                   ELSE 'booking.' || lower(NEW.is_active) END,
        'booking', NEW.id::text,
        CASE NEW.is_active WHEN 'Cancelled' THEN NEW.cancel_reason END,
        CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_object('state', OLD.is_active) END,
        jsonb_build_object('state', NEW.is_active, 'session', NEW.session_id,
                           'credit_field', NEW.credit_field),
        (actor ->> 'device')::uuid, actor ->> 'request');
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_audit_made
    AFTER INSERT ON bookings
    FOR EACH ROW EXECUTE FUNCTION audit_booking();

CREATE TRIGGER bookings_audit_changed
    AFTER UPDATE OF is_active ON bookings
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION audit_booking();
