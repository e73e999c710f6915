-- The truth (docs/DELIVERY.md): what was decided, how far everybody has read, and what they know.

CREATE TABLE schema_version (
    version     bigint PRIMARY KEY,
    description text NOT NULL,
    checksum    text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ledger (
    stream    text NOT NULL,
    seq       bigint NOT NULL CHECK (seq > 0),
    ts        timestamptz NOT NULL,
    cause     text,
    trace     text,
    -- json, not jsonb: it keeps the exact bytes, and the hash is over them.
    payload   json NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (stream, seq)
);
-- Long payloads (an account with many positions) compress fast where the server can do it.
DO $$
BEGIN
    ALTER TABLE ledger ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this server has no lz4; payloads are compressed with pglz';
END
$$;

-- These two are written with every commit: room in each page lets a new version stay beside the old one,
-- without a new entry in the index.
CREATE TABLE consumer_offset (
    consumer text NOT NULL,
    stream   text NOT NULL,
    seq      bigint NOT NULL,
    PRIMARY KEY (consumer, stream)
) WITH (fillfactor = 50);
CREATE INDEX consumer_offset_by_stream ON consumer_offset (stream);

CREATE TABLE service_state (
    service text NOT NULL,
    key     text NOT NULL,
    version bigint NOT NULL,
    state   json NOT NULL,
    PRIMARY KEY (service, key)
) WITH (fillfactor = 50);

-- What could not be read, kept with its reason; text, because it may be anything.
CREATE TABLE dead_letters (
    consumer  text NOT NULL,
    stream    text NOT NULL,
    seq       bigint NOT NULL,
    reason    text NOT NULL,
    payload   text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, stream, seq)
);
