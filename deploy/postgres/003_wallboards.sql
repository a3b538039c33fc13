-- What wallboards show beside counts: what is breached, escalated, handed off and ringing. Null, which counts as nothing, until the case's next write
-- and where a node of an earlier version writes. Only what a deadline changes is in an index, so that a ring moves no entry of one.
-- `flags` is a sum: 1 handed off, 2 of these with the duty manager answerable, 4 rings.
ALTER TABLE cases
    ADD COLUMN breached_since bigint,
    ADD COLUMN clock_start bigint,
    ADD COLUMN clock_milestone smallint,
    ADD COLUMN flags smallint,
    ADD COLUMN escalations smallint,
    ADD COLUMN untaken smallint;

-- The order in which wallboards show open cases: the breached first, then by deadline.
CREATE INDEX case_urgent ON cases ((breached_since IS NULL), (coalesce(breached_since, next_deadline)), case_severity, number) WHERE open;

-- What has happened in each quarter of an hour, counted from 1970. One row for each connection that writes (its slot), so that nodes do not wait
-- for each other; their sum counts. Rows older than eight days are removed now and then.
CREATE TABLE tallies (
    quarter bigint NOT NULL,
    slot integer NOT NULL,
    opened integer NOT NULL,
    closed integer NOT NULL,
    met integer NOT NULL,
    missed integer NOT NULL,
    region text COLLATE "C" NOT NULL,
    PRIMARY KEY (quarter, region, slot)
) WITH (fillfactor = 50);

INSERT INTO store_version (version) VALUES (3);
