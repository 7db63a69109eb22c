-- All bookings, newest first, and those of some days.
CREATE INDEX bookings_made ON bookings (created_at, id);
CREATE INDEX bookings_exam_date ON bookings (exam_date);

-- A password that an administrator's request made lapses, unless its user chooses another one.
ALTER TABLE users ADD COLUMN password_until timestamptz;

-- What somebody did.
CREATE INDEX audit_log_actor ON audit_log (actor_id, id);

-- What staff told many students at once; each of them has a mail that names it.
CREATE TABLE announcements (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    announcement_key text NOT NULL CONSTRAINT announcements_announcement_key_key UNIQUE,
    request_hash text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    recipients integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE mail_outbox
    DROP CONSTRAINT mail_outbox_kind_check,
    DROP CONSTRAINT mail_outbox_about_check,
    ADD CONSTRAINT mail_outbox_kind_check CHECK (
        kind IN ('confirm', 'change', 'cancel', 'reminder', 'rejected', 'offer', 'passed',
                 'announcement')
    ),
    ADD CONSTRAINT mail_outbox_about_check CHECK (
        (kind IN ('rejected', 'offer', 'passed', 'announcement')) = (booking_id IS NULL)
    );

-- Whose session it is for the program; `instructor_name` stays what students see.
ALTER TABLE mock_sessions
    ADD COLUMN instructor_user integer REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX mock_sessions_instructor ON mock_sessions (instructor_user, starts_at)
    WHERE instructor_user IS NOT NULL;
