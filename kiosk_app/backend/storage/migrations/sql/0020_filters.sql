-- What a student likes to see; goes with the student (A79).
CREATE TABLE user_preferences (
    contact_id uuid PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
    filters jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
