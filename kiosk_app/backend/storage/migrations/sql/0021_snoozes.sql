-- What staff put off; an item may stand in no row of `attention` (stranded seats, alarms).
CREATE TABLE attention_snoozes (
    item uuid PRIMARY KEY,
    until timestamptz NOT NULL,
    at timestamptz NOT NULL,
    snoozed_by integer NOT NULL REFERENCES users (id),
    reason text NOT NULL,
    -- What the item was then; another state wakes it.
    state text NOT NULL
);
