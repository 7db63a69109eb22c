DROP FUNCTION webhook_switch(boolean);
DROP TRIGGER mock_sessions_webhook ON mock_sessions;
DROP TRIGGER bookings_webhook ON bookings;
DROP FUNCTION tell_moved_bookings();
DROP FUNCTION tell_booking();
DROP FUNCTION queue_webhook(text, bookings, jsonb);
DROP FUNCTION wire_instant(timestamptz);
DROP TABLE webhook_outbox;
