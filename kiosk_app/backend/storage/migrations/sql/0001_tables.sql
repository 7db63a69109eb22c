-- The first schema. Times are instants (timestamptz); who may write what is said beside each table.

CREATE TABLE contacts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hubspot_id text CONSTRAINT contacts_hubspot_id_key UNIQUE,
    student_id text NOT NULL CONSTRAINT contacts_student_id_key UNIQUE,
    email text NOT NULL,
    name text NOT NULL,
    enrollment_id text,
    locale text,
    time_zone text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contacts_hubspot_id_check CHECK (hubspot_id ~ '^[0-9]+$'),
    CONSTRAINT contacts_student_id_check CHECK (student_id ~ '^[A-Z0-9]+$'),
    CONSTRAINT contacts_locale_check CHECK (locale IN ('en', 'fr'))
);

CREATE TABLE mock_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hubspot_id text CONSTRAINT mock_sessions_hubspot_id_key UNIQUE,
    external_id text CONSTRAINT mock_sessions_external_id_key UNIQUE,
    mock_type text NOT NULL,
    exam_date date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    time_zone text NOT NULL DEFAULT 'America/Toronto',
    capacity integer NOT NULL,
    total_bookings integer NOT NULL DEFAULT 0,
    location text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    delivery_format text NOT NULL DEFAULT 'In-Person',
    title text,
    instructor_name text,
    topics text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mock_sessions_type_check CHECK (
        mock_type IN ('Situational Judgment', 'Clinical Skills', 'Mini-mock', 'Mock Discussion')
    ),
    CONSTRAINT mock_sessions_format_check CHECK (
        delivery_format IN ('Virtual', 'In-Person', 'Hybrid')
    ),
    CONSTRAINT mock_sessions_hours_check CHECK (starts_at < ends_at),
    CONSTRAINT mock_sessions_seats_check CHECK (0 <= total_bookings AND total_bookings <= capacity),
    -- What a booking copies must follow the session when it changes (see bookings).
    CONSTRAINT mock_sessions_copied_key UNIQUE (id, mock_type, exam_date)
);
CREATE INDEX mock_sessions_listing ON mock_sessions (exam_date, mock_type) WHERE is_active;
CREATE UNIQUE INDEX mock_sessions_natural_key
    ON mock_sessions (exam_date, starts_at, mock_type, location) WHERE external_id IS NULL;

CREATE TABLE devices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_hash bytea NOT NULL CONSTRAINT devices_token_hash_key UNIQUE,
    name text NOT NULL,
    profile text NOT NULL,
    location text,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CONSTRAINT devices_profile_check CHECK (profile IN ('kiosk', 'desk'))
);

CREATE TABLE bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    booking_id text NOT NULL,
    booking_code text NOT NULL CONSTRAINT bookings_booking_code_key UNIQUE,
    hubspot_id text CONSTRAINT bookings_hubspot_id_key UNIQUE,
    contact_id uuid NOT NULL REFERENCES contacts (id),
    session_id uuid NOT NULL,
    mock_type text NOT NULL,
    exam_date date NOT NULL,
    student_id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    is_active text NOT NULL DEFAULT 'Active',
    credit_field text NOT NULL,
    token_used text NOT NULL,
    tokens_before integer NOT NULL,
    idempotency_key text NOT NULL CONSTRAINT bookings_idempotency_key_key UNIQUE,
    -- The key the caller sent first; `-r2`, `-r3` follow it (A28).
    key_root text NOT NULL,
    request_hash text NOT NULL,
    -- The session side of the answer, kept so that a repeat returns it whole (A28).
    exam_details jsonb NOT NULL,
    discussion_format text,
    topic_preference text,
    attending_location text,
    dominant_hand text,
    cancelled_at timestamptz,
    cancel_reason text,
    requested_at timestamptz,
    origin_device_id uuid REFERENCES devices (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bookings_state_check CHECK (
        is_active IN ('Active', 'Completed', 'Cancelled', 'Failed')
    ),
    CONSTRAINT bookings_session_fkey FOREIGN KEY (session_id, mock_type, exam_date)
        REFERENCES mock_sessions (id, mock_type, exam_date) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX bookings_live_type_and_date ON bookings (contact_id, mock_type, exam_date)
    WHERE is_active IN ('Active', 'Completed');
CREATE UNIQUE INDEX bookings_live_booking_id ON bookings (booking_id)
    WHERE is_active IN ('Active', 'Completed');
CREATE INDEX bookings_booking_id ON bookings (booking_id);
CREATE INDEX bookings_key_root ON bookings (key_root, created_at);
CREATE INDEX bookings_contact ON bookings (contact_id, exam_date);
CREATE INDEX bookings_session ON bookings (session_id, is_active);

-- Tokens: balance = sum of amounts. Entries are added, never changed.
CREATE TABLE ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id uuid NOT NULL REFERENCES contacts (id),
    credit_field text NOT NULL,
    amount integer NOT NULL,
    kind text NOT NULL,
    booking_id uuid REFERENCES bookings (id),
    -- The debit that a refund takes back; one refund per debit.
    reverses bigint CONSTRAINT ledger_reverses_key UNIQUE REFERENCES ledger (id),
    note text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_field_check CHECK (
        credit_field IN ('sj_credits', 'cs_credits', 'sjmini_credits', 'shared_mock_credits',
                         'mock_discussion_token')
    ),
    CONSTRAINT ledger_kind_check CHECK (
        CASE kind
            WHEN 'booking' THEN amount < 0 AND booking_id IS NOT NULL AND reverses IS NULL
            WHEN 'refund' THEN amount > 0 AND booking_id IS NOT NULL AND reverses IS NOT NULL
            WHEN 'opening' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
            WHEN 'grant' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
            WHEN 'adjust' THEN amount <> 0 AND booking_id IS NULL AND reverses IS NULL
            ELSE false
        END
    )
);
CREATE INDEX ledger_balance ON ledger (contact_id, credit_field) INCLUDE (amount);
CREATE UNIQUE INDEX ledger_one_debit ON ledger (booking_id) WHERE kind = 'booking';

-- Every change of a session, written by a trigger so that no writer can forget it. A reader goes by
-- (xid, seq) and stays behind the oldest running transaction, see storage/feed.py.
CREATE TABLE changes (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    op text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT changes_pkey PRIMARY KEY (xid, seq),
    CONSTRAINT changes_op_check CHECK (op IN ('insert', 'update', 'delete'))
);
CREATE INDEX changes_at ON changes (at);

-- One row. A cursor at or below the floor has lost changes to pruning.
CREATE TABLE feed (
    id boolean PRIMARY KEY DEFAULT true,
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    floor_xid xid8 NOT NULL DEFAULT '0'::xid8,
    floor_seq bigint NOT NULL DEFAULT 0,
    CONSTRAINT feed_one_row CHECK (id)
);
INSERT INTO feed DEFAULT VALUES;

CREATE TABLE enrolment_codes (
    code_hash bytea PRIMARY KEY,
    name text NOT NULL,
    profile text NOT NULL,
    location text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT enrolment_codes_profile_check CHECK (profile IN ('kiosk', 'desk'))
);

-- One row per try of a sign-in that has not succeeded; `subject` is a hash of what was typed.
CREATE TABLE sign_in_failures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id uuid NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    subject bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_recent ON sign_in_failures (device_id, subject, at);

CREATE TABLE server_secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
