DROP TRIGGER mock_sessions_fall ON mock_sessions;
DROP FUNCTION let_capacity_fall;
DROP TRIGGER mock_sessions_edited ON mock_sessions;
DROP FUNCTION note_session_version;
DROP INDEX mock_sessions_series;
ALTER TABLE mock_sessions
    DROP CONSTRAINT mock_sessions_target_check,
    DROP COLUMN version,
    DROP COLUMN target_capacity,
    DROP COLUMN series_id;
DROP TABLE closures;
DROP TABLE session_series;
