-- The ways between a booking's states (0.6), the same rows as `domain.bookings.TRANSITIONS`; a test
-- compares the two. No writer can leave them (M15).
CREATE TABLE booking_transitions (
    from_state text NOT NULL,
    event text NOT NULL,
    to_state text NOT NULL,
    CONSTRAINT booking_transitions_pkey PRIMARY KEY (from_state, event),
    CONSTRAINT booking_transitions_way_key UNIQUE (from_state, to_state)
);
INSERT INTO booking_transitions (from_state, event, to_state) VALUES
    ('Active', 'cancel', 'Cancelled'),
    ('Active', 'complete', 'Completed');

CREATE FUNCTION refuse_unknown_transition() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM booking_transitions t
                   WHERE t.from_state = OLD.is_active AND t.to_state = NEW.is_active) THEN
        RAISE EXCEPTION 'no way leads from % to %', OLD.is_active, NEW.is_active
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bookings_transition_check',
                  TABLE = 'bookings';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER bookings_transition_check
    BEFORE UPDATE OF is_active ON bookings
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION refuse_unknown_transition();
