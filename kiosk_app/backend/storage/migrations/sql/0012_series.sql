-- Sessions as staff make and change them: series, a version for each, a capacity that falls when seats
-- come free, and the days on which a place is closed (A77).

-- What was asked for when a series was made; the dates themselves are sessions. A series that was
-- changed from one date on is split there, and the later part remembers where it came from.
CREATE TABLE session_series (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    plan jsonb NOT NULL,
    split_from uuid REFERENCES session_series (id),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Both days belong to it; without a location it is every place's.
CREATE TABLE closures (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    first_day date NOT NULL,
    last_day date NOT NULL,
    location text,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT closures_days_check CHECK (first_day <= last_day)
);
CREATE INDEX closures_days ON closures (last_day, first_day);

ALTER TABLE mock_sessions
    ADD COLUMN series_id uuid REFERENCES session_series (id),
    -- Where the capacity is to fall as seats come free; null when it stands where it should.
    ADD COLUMN target_capacity integer,
    -- What whoever changes a session has seen of it.
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT mock_sessions_target_check CHECK (
        0 <= target_capacity AND target_capacity < capacity
    );
CREATE INDEX mock_sessions_series ON mock_sessions (series_id, starts_at)
    WHERE series_id IS NOT NULL;

-- Whoever writes makes a new version, also an import; bookings do not. More seats end what was to fall.
CREATE FUNCTION note_session_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    IF NEW.capacity > OLD.capacity AND NEW.target_capacity IS NOT DISTINCT FROM OLD.target_capacity
    THEN
        NEW.target_capacity := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER mock_sessions_edited
    BEFORE UPDATE ON mock_sessions
    FOR EACH ROW WHEN (
        (OLD.mock_type, OLD.exam_date, OLD.starts_at, OLD.ends_at, OLD.time_zone, OLD.capacity,
         OLD.target_capacity, OLD.location, OLD.is_active, OLD.delivery_format, OLD.title,
         OLD.instructor_name, OLD.topics)
        IS DISTINCT FROM
        (NEW.mock_type, NEW.exam_date, NEW.starts_at, NEW.ends_at, NEW.time_zone, NEW.capacity,
         NEW.target_capacity, NEW.location, NEW.is_active, NEW.delivery_format, NEW.title,
         NEW.instructor_name, NEW.topics))
    EXECUTE FUNCTION note_session_version();

-- A seat that comes free leaves the session while its capacity is to fall. At the end of the
-- transaction, so that whoever lets go of a leased or held seat may book it, and by its name before the
-- trigger that keeps freed seats for the waitlist: what is to go is offered to nobody.
CREATE FUNCTION let_capacity_fall() RETURNS trigger
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

CREATE CONSTRAINT TRIGGER mock_sessions_fall
    AFTER UPDATE ON mock_sessions
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.target_capacity IS NOT NULL)
    EXECUTE FUNCTION let_capacity_fall();
