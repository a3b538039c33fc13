-- Version 1 of the store. Applied as a whole, in one transaction, by the server or `supportctl schema`; by hand: psql -1 -f 001_store.sql.
-- Never changed once released: the next version is the next file.
--
-- Instants are ticks of 100 ns since 1970. Keys and everything that is only compared are in collation "C": ordered by their bytes,
-- whatever the database's locale is.

CREATE TABLE store_version (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- The order in which aggregates were recorded. Several nodes draw from it, so it is not the order of their commits.
CREATE SEQUENCE aggregate_seq;

-- What a command changes always. Only two indexes, because an update that moves `due` adds an entry to each of them; `seq` is followed
-- from here to the other tables, never back. `was_armed` is set by each update to what it replaces, so that the same statement can
-- count the difference, even when it had to wait for another node's.
CREATE TABLE aggregates (
    seq bigint NOT NULL,
    version bigint NOT NULL,
    hash bigint NOT NULL,
    due bigint,
    severity smallint NOT NULL,
    was_armed boolean NOT NULL DEFAULT false,
    type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    state json COMPRESSION lz4 NOT NULL,
    PRIMARY KEY (type, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX aggregate_wake ON aggregates (severity, due, hash) WHERE due IS NOT NULL;

-- The directory of cases: a thin table of its own, so that lists read little and commands that change nothing of it leave its indexes
-- alone. `was` is what an update replaced: null nothing, 0 closed, 1 open, 2 open with severity 1.
CREATE TABLE cases (
    seq bigint PRIMARY KEY,
    opened_at bigint NOT NULL,
    next_deadline bigint,
    case_severity smallint NOT NULL,
    was smallint,
    open boolean NOT NULL,
    priority_call boolean NOT NULL,
    number text COLLATE "C" NOT NULL,
    support_id text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    queue text COLLATE "C" NOT NULL,
    product text COLLATE "C" NOT NULL,
    offer text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    owner text COLLATE "C",
    language text COLLATE "C" NOT NULL,
    source_key text COLLATE "C",
    title text NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE UNIQUE INDEX case_source_key ON cases (source_key) WHERE source_key IS NOT NULL;
CREATE INDEX case_support_id ON cases (support_id, seq);
CREATE INDEX case_queue ON cases (queue, seq);
CREATE INDEX case_product ON cases (product, seq);
CREATE INDEX case_owner ON cases (owner, seq) WHERE owner IS NOT NULL;
CREATE INDEX case_status ON cases (status, seq);
CREATE INDEX case_open ON cases (seq) WHERE open;
CREATE INDEX case_waiting ON cases (queue) WHERE open AND owner IS NULL;

-- The searchable text of cases, written only when it changes.
CREATE TABLE case_text (
    seq bigint PRIMARY KEY,
    words tsvector COMPRESSION lz4 NOT NULL
);

CREATE INDEX case_words ON case_text USING gin (words);

-- Append-only: the record of everything that happened.
CREATE TABLE events (
    seq bigint NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    fingerprint bigint NOT NULL,
    request_id uuid,
    json json COMPRESSION lz4 NOT NULL,
    PRIMARY KEY (seq, version)
);

-- Counts, kept because counting a million rows takes seconds. One row for each connection that writes (its slot), so that nodes
-- do not wait for each other; their sum counts.
CREATE TABLE figures (
    slot integer PRIMARY KEY,
    cases bigint NOT NULL DEFAULT 0,
    open_cases bigint NOT NULL DEFAULT 0,
    open_severity1 bigint NOT NULL DEFAULT 0,
    events bigint NOT NULL DEFAULT 0,
    armed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

INSERT INTO store_version (version) VALUES (1);
