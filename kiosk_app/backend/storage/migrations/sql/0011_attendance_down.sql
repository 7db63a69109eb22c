DROP INDEX mock_sessions_ends;
DROP TABLE attendance_events;
ALTER TABLE bookings DROP COLUMN attendance;
