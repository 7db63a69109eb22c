ALTER TABLE mock_sessions DROP COLUMN meeting_url;
