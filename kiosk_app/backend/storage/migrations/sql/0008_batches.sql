-- A change of a booking is news too: a visitor at a kiosk and the desk are told to look again.

CREATE FUNCTION record_booking_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, op) VALUES ('booking', NEW.id, lower(TG_OP));
    RETURN NULL;
END
$$;

CREATE TRIGGER bookings_added
    AFTER INSERT ON bookings
    FOR EACH ROW EXECUTE FUNCTION record_booking_change();

CREATE TRIGGER bookings_changed
    AFTER UPDATE ON bookings
    FOR EACH ROW WHEN ((OLD.is_active, OLD.session_id) IS DISTINCT FROM (NEW.is_active, NEW.session_id))
    EXECUTE FUNCTION record_booking_change();
