-- A database that came back from a backup has forgotten leases that devices may have confirmed against
-- since. `restores` says that it happened: told by the operator (then a grace runs from `began_at` to
-- `ends_at`), or noticed because a device knew more than the database (then `began_at` is null).
CREATE TABLE restores (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    -- What the feed was called from then on, or when it was noticed.
    epoch text NOT NULL,
    noticed_at timestamptz NOT NULL,
    device_id uuid REFERENCES devices (id) ON DELETE SET NULL,
    began_at timestamptz,
    ends_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    CONSTRAINT restores_grace_check CHECK ((began_at IS NULL) = (ends_at IS NULL)),
    CONSTRAINT restores_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CONSTRAINT restores_ended_by_check CHECK (ended_by IN ('heard', 'time', 'staff'))
);
-- One grace, and one alarm, at a time.
CREATE UNIQUE INDEX restores_open ON restores ((began_at IS NULL)) WHERE ended_at IS NULL;

-- While the grace runs: so many seats of the session, those that are leased among them, may have been
-- promised by devices that have not been heard since. Nobody but a promise takes one of them.
ALTER TABLE mock_sessions
    ADD COLUMN grace_seats integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT mock_sessions_grace_seats_check CHECK (grace_seats >= 0);
CREATE INDEX mock_sessions_in_grace ON mock_sessions (id) WHERE grace_seats > 0;

-- Whichever way a seat is sold. A seat that was promised, by a lease or by an offer of the waitlist,
-- is counted already; whoever books it says so with the actor.
CREATE FUNCTION refuse_grace_seat() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.total_bookings + NEW.held_seats + greatest(NEW.leased_seats, NEW.grace_seats)
           > NEW.capacity
       AND NOT coalesce((nullif(current_setting('kiosk.actor', true), '')::jsonb
                         ->> 'promised')::boolean, false) THEN
        RAISE EXCEPTION 'this seat may be promised by a device that was not heard since the restore'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mock_sessions_grace_check',
                  TABLE = 'mock_sessions';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER mock_sessions_grace_check
    BEFORE UPDATE OF total_bookings ON mock_sessions
    FOR EACH ROW WHEN (NEW.grace_seats > 0 AND NEW.total_bookings > OLD.total_bookings)
    EXECUTE FUNCTION refuse_grace_seat();

-- As before, but what may be promised is not free for the waitlist either.
CREATE OR REPLACE FUNCTION hold_freed_seats() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    unserved integer;
    offered integer;
BEGIN
    SELECT count(*) FILTER (WHERE w.state = 'waiting' AND w.passed_over IS NULL),
           count(*) FILTER (WHERE w.state = 'offered')
    INTO unserved, offered
    FROM waitlist_entries w
    WHERE w.session_id = NEW.id AND w.state IN ('waiting', 'offered');
    IF unserved > 0 THEN
        UPDATE mock_sessions m
        SET held_seats = m.held_seats + least(
            m.capacity - m.total_bookings - m.held_seats - greatest(m.leased_seats, m.grace_seats),
            unserved + offered - m.held_seats)
        WHERE m.id = NEW.id AND m.is_active
          AND m.capacity > m.total_bookings + m.held_seats + greatest(m.leased_seats, m.grace_seats)
          AND unserved + offered > m.held_seats;
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER mock_sessions_hold_freed ON mock_sessions;
CREATE CONSTRAINT TRIGGER mock_sessions_hold_freed
    AFTER UPDATE ON mock_sessions
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        NEW.capacity - NEW.total_bookings - NEW.held_seats
            - greatest(NEW.leased_seats, NEW.grace_seats)
            > OLD.capacity - OLD.total_bookings - OLD.held_seats
            - greatest(OLD.leased_seats, OLD.grace_seats))
    EXECUTE FUNCTION hold_freed_seats();
