DELETE FROM mail_outbox WHERE kind IN ('offer', 'passed');
ALTER TABLE mail_outbox
    DROP CONSTRAINT mail_outbox_kind_check,
    DROP CONSTRAINT mail_outbox_about_check,
    ADD CONSTRAINT mail_outbox_kind_check CHECK (
        kind IN ('confirm', 'change', 'cancel', 'reminder', 'rejected')
    ),
    ADD CONSTRAINT mail_outbox_about_check CHECK ((kind = 'rejected') = (booking_id IS NULL));
DROP FUNCTION take_offer;
DROP TRIGGER mock_sessions_hold_freed ON mock_sessions;
DROP FUNCTION hold_freed_seats;
UPDATE mock_sessions SET held_seats = 0 WHERE held_seats > 0;
DROP INDEX mock_sessions_held;
DROP TABLE waitlist_entries;
DROP FUNCTION refuse_waitlist_revival;
DROP TRIGGER bookings_transition_check ON bookings;
DROP FUNCTION refuse_unknown_transition;
DROP TABLE booking_transitions;
