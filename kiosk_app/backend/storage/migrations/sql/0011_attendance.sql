-- Who came (A76). Events are what was noted, in order; `bookings.attendance` is what they say together
-- and is written with them. An event is taken back, never removed.
ALTER TABLE bookings
    ADD COLUMN attendance text,
    ADD CONSTRAINT bookings_attendance_check CHECK (
        attendance IN ('attended', 'late', 'no_show')
    );

CREATE TABLE attendance_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    kind text NOT NULL,
    mark text,
    -- When it happened by the device's clock, and when we heard of it.
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    device_id uuid REFERENCES devices (id) ON DELETE SET NULL,
    nonce text,
    undone_at timestamptz,
    CONSTRAINT attendance_events_kind_check CHECK (kind IN ('check_in', 'check_out', 'mark')),
    CONSTRAINT attendance_events_mark_check CHECK (
        mark IS NULL OR (kind = 'mark' AND mark IN ('attended', 'late', 'no_show'))
    ),
    -- A reader that bounces and a request that is sent again are one scan.
    CONSTRAINT attendance_events_nonce_key UNIQUE (device_id, nonce)
);
CREATE INDEX attendance_events_booking ON attendance_events (booking_id, id);
CREATE INDEX mock_sessions_ends ON mock_sessions (ends_at);
