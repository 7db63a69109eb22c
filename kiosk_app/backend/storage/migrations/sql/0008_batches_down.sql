DROP TRIGGER bookings_added ON bookings;
DROP TRIGGER bookings_changed ON bookings;
DROP FUNCTION record_booking_change();
DELETE FROM changes WHERE entity = 'booking';
DROP FUNCTION create_bookings_atomic;
DROP FUNCTION is_busy;
DROP FUNCTION many_booking_facts;
