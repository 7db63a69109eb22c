DROP INDEX mock_sessions_instructor;
ALTER TABLE mock_sessions DROP COLUMN instructor_user;
DELETE FROM mail_outbox WHERE kind = 'announcement';
ALTER TABLE mail_outbox
    DROP CONSTRAINT mail_outbox_kind_check,
    DROP CONSTRAINT mail_outbox_about_check,
    ADD CONSTRAINT mail_outbox_kind_check CHECK (
        kind IN ('confirm', 'change', 'cancel', 'reminder', 'rejected', 'offer', 'passed')
    ),
    ADD CONSTRAINT mail_outbox_about_check CHECK (
        (kind IN ('rejected', 'offer', 'passed')) = (booking_id IS NULL)
    );
DROP TABLE announcements;
DROP INDEX audit_log_actor;
ALTER TABLE users DROP COLUMN password_until;
DROP INDEX bookings_exam_date;
DROP INDEX bookings_made;
