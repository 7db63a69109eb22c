-- What devices count for whoever watches; a run tells its whole count each time.
CREATE TABLE device_tallies (
    device_id uuid NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    what text NOT NULL,
    run uuid NOT NULL,
    -- How far this run was told of, and all runs together.
    times bigint NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (device_id, what)
);
