-- Who waits for a seat of a full session, in the order of `seq` (A78). An entry is one wait: it ends
-- for good when it is booked, declined, lapsed, left or closed, and whoever wants to wait again joins
-- again, at the end.
CREATE TABLE waitlist_entries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    session_id uuid NOT NULL REFERENCES mock_sessions (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'waiting',
    joined_at timestamptz NOT NULL,
    offered_at timestamptz,
    expires_at timestamptz,
    ended_at timestamptz,
    -- Why the last free seat went to somebody behind; the place is kept.
    passed_over text,
    booking_id uuid REFERENCES bookings (id) ON DELETE SET NULL,
    CONSTRAINT waitlist_entries_state_check CHECK (
        state IN ('waiting', 'offered', 'booked', 'declined', 'lapsed', 'left', 'closed')
    ),
    CONSTRAINT waitlist_entries_ended_check CHECK (
        (state IN ('waiting', 'offered')) = (ended_at IS NULL)
    ),
    CONSTRAINT waitlist_entries_offer_check CHECK (
        (offered_at IS NULL) = (expires_at IS NULL)
        AND (state NOT IN ('offered', 'booked', 'declined', 'lapsed') OR offered_at IS NOT NULL)
        AND (state <> 'waiting' OR offered_at IS NULL)
    )
);
CREATE UNIQUE INDEX waitlist_entries_once ON waitlist_entries (session_id, contact_id)
    WHERE state IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_line ON waitlist_entries (session_id, seq)
    WHERE state IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_contact ON waitlist_entries (contact_id, seq);
CREATE INDEX mock_sessions_held ON mock_sessions (id) WHERE held_seats > 0;

-- What has ended has ended, and an offer is made once.
CREATE FUNCTION refuse_waitlist_revival() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wait that is % does not become %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'waitlist_entries_way_check',
              TABLE = 'waitlist_entries';
END
$$;

CREATE TRIGGER waitlist_entries_way_check
    BEFORE UPDATE OF state ON waitlist_entries
    FOR EACH ROW WHEN (
        OLD.state IS DISTINCT FROM NEW.state
        AND (OLD.state NOT IN ('waiting', 'offered') OR NEW.state = 'waiting'))
    EXECUTE FUNCTION refuse_waitlist_revival();

-- A seat that came free while people wait is kept for them by whatever transaction freed it: a
-- cancellation, a larger room, a device's settlement. At the end of that transaction, so that it may
-- let go of a seat and give it away itself. Who gets it, and until when, is decided afterwards
-- (core/offers.py); until then `held_seats` counts more than there are offers.
CREATE FUNCTION hold_freed_seats() RETURNS trigger
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

-- Gives the seat of a live offer back to the session, for the booking that follows in the same
-- transaction. Locks the student, then the session, like every writer.
CREATE FUNCTION take_offer(p_entry uuid, p_contact uuid, p_session uuid, p_now timestamptz)
RETURNS boolean
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    PERFORM 1 FROM contacts c WHERE c.id = p_contact FOR NO KEY UPDATE;
    PERFORM 1 FROM mock_sessions m WHERE m.id = p_session FOR NO KEY UPDATE;
    UPDATE waitlist_entries w SET state = 'booked', ended_at = p_now
    WHERE w.id = p_entry AND w.contact_id = p_contact AND w.session_id = p_session
      AND w.state = 'offered' AND w.expires_at > p_now;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE mock_sessions m SET held_seats = m.held_seats - 1 WHERE m.id = p_session;
    RETURN true;
END
$$;

-- Mails of the list are about a session, not about a booking.
ALTER TABLE mail_outbox
    DROP CONSTRAINT mail_outbox_kind_check,
    DROP CONSTRAINT mail_outbox_about_check,
    ADD CONSTRAINT mail_outbox_kind_check CHECK (
        kind IN ('confirm', 'change', 'cancel', 'reminder', 'rejected', 'offer', 'passed')
    ),
    ADD CONSTRAINT mail_outbox_about_check CHECK (
        (kind IN ('rejected', 'offer', 'passed')) = (booking_id IS NULL)
    );
