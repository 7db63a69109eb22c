DROP FUNCTION create_booking_atomic;
DROP TRIGGER ledger_no_overdraft ON ledger;
CREATE TRIGGER ledger_no_overdraft
    BEFORE INSERT ON ledger
    FOR EACH ROW WHEN (NEW.amount < 0) EXECUTE FUNCTION refuse_overdraft();
ALTER TABLE ledger DROP COLUMN owed;
ALTER TABLE mock_sessions
    DROP CONSTRAINT mock_sessions_seats_check,
    DROP COLUMN leased_seats,
    DROP COLUMN held_seats,
    ADD CONSTRAINT mock_sessions_seats_check CHECK (
        0 <= total_bookings AND total_bookings <= capacity
    );
