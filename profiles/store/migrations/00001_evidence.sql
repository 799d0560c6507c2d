-- Times are microseconds since 1970 in UTC, 0 for never; durations are
-- nanoseconds; JSON is text; truth values are 0 and 1.

-- +goose Up
CREATE TABLE blobs (
    sha256     TEXT    NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
    bytes      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    data       BLOB    NOT NULL
);

CREATE TABLE comparisons (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    title            TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled', 'interrupted')),
    spec             TEXT    NOT NULL,
    base             TEXT    NOT NULL,
    cells            TEXT    NOT NULL,
    host             TEXT    NOT NULL,
    attempt          INTEGER NOT NULL DEFAULT 0,
    done             INTEGER NOT NULL DEFAULT 0,
    total            INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER NOT NULL DEFAULT 0,
    finished_at      INTEGER NOT NULL DEFAULT 0,
    interrupted_at   INTEGER NOT NULL DEFAULT 0,
    seen_at          INTEGER NOT NULL DEFAULT 0, -- when its worker last reported something that was stored
    failure          TEXT    NOT NULL DEFAULT '',
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    fingerprint      TEXT    NOT NULL DEFAULT '',
    sources          TEXT    REFERENCES blobs (sha256)
);
CREATE INDEX comparisons_by_state ON comparisons (state, id);
CREATE INDEX comparisons_by_sources ON comparisons (sources);

CREATE TABLE runs (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    comparison       INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
    round            INTEGER NOT NULL CHECK (round >= 1),
    cell             INTEGER NOT NULL CHECK (cell >= 0),
    attempt          INTEGER NOT NULL,
    position         INTEGER NOT NULL,
    started_at       INTEGER NOT NULL,
    elapsed          INTEGER NOT NULL,
    metrics          TEXT    NOT NULL,
    counters         TEXT    NOT NULL,
    curve            TEXT    NOT NULL,
    warnings         TEXT    NOT NULL,
    profiling_effect DOUBLE PRECISION NOT NULL,
    histogram        TEXT    REFERENCES blobs (sha256),
    UNIQUE (comparison, round, cell)
);
CREATE INDEX runs_by_histogram ON runs (histogram);

CREATE TABLE profiles (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    comparison   INTEGER REFERENCES comparisons (id) ON DELETE CASCADE,
    run          INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    cell         INTEGER NOT NULL,
    round        INTEGER NOT NULL,
    side         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    sha256       TEXT    NOT NULL REFERENCES blobs (sha256),
    bytes        INTEGER NOT NULL,
    ops          INTEGER NOT NULL,
    samples      INTEGER NOT NULL,
    duration     INTEGER NOT NULL,
    sample_types TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    sources      TEXT    REFERENCES blobs (sha256)
);
CREATE INDEX profiles_by_comparison ON profiles (comparison, id);
CREATE UNIQUE INDEX profiles_by_run ON profiles (run, side, kind) WHERE run IS NOT NULL;
CREATE UNIQUE INDEX profiles_merged ON profiles (comparison, cell, side, kind) WHERE run IS NULL AND comparison IS NOT NULL;
CREATE INDEX profiles_recent ON profiles (id) WHERE run IS NULL;
CREATE INDEX profiles_by_sha256 ON profiles (sha256);
CREATE INDEX profiles_by_sources ON profiles (sources);

CREATE TABLE shares (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    token_sha256 TEXT    NOT NULL UNIQUE,
    path         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER NOT NULL DEFAULT 0
);
