DROP TRIGGER mock_sessions_hold_freed ON mock_sessions;
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
            m.capacity - m.total_bookings - m.leased_seats - m.held_seats,
            unserved + offered - m.held_seats)
        WHERE m.id = NEW.id AND m.is_active
          AND m.capacity > m.total_bookings + m.leased_seats + m.held_seats
          AND unserved + offered > m.held_seats;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER mock_sessions_hold_freed
    AFTER UPDATE ON mock_sessions
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        NEW.capacity - NEW.total_bookings - NEW.leased_seats - NEW.held_seats
            > OLD.capacity - OLD.total_bookings - OLD.leased_seats - OLD.held_seats)
    EXECUTE FUNCTION hold_freed_seats();
DROP TRIGGER mock_sessions_grace_check ON mock_sessions;
DROP FUNCTION refuse_grace_seat;
DROP INDEX mock_sessions_in_grace;
ALTER TABLE mock_sessions DROP COLUMN grace_seats;
DROP TABLE restores;
