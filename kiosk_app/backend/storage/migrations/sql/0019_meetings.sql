-- Where a session meets online; shown to those who are booked, shortly before the start (A38, A81).
ALTER TABLE mock_sessions
    ADD COLUMN meeting_url text CONSTRAINT mock_sessions_meeting_check CHECK (meeting_url ~ '^https://');
