-- +goose Up

-- What one host does of a comparison. The row of the comparison is the summary of
-- its parts, written with them.
CREATE TABLE parts (
    comparison     INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
    host           TEXT    NOT NULL, -- '' for the server's own
    position       INTEGER NOT NULL, -- in the order of the spec
    state          TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled', 'interrupted')),
    attempt        INTEGER NOT NULL DEFAULT 0,
    done           INTEGER NOT NULL DEFAULT 0,
    total          INTEGER NOT NULL,
    started_at     INTEGER NOT NULL DEFAULT 0,
    finished_at    INTEGER NOT NULL DEFAULT 0,
    interrupted_at INTEGER NOT NULL DEFAULT 0,
    seen_at        INTEGER NOT NULL DEFAULT 0, -- when its worker last reported something that was stored
    failure        TEXT    NOT NULL DEFAULT '',
    fingerprint    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (comparison, host)
);
CREATE INDEX parts_by_state ON parts (state, comparison);

INSERT INTO parts (comparison, host, position, state, attempt, done, total, started_at, finished_at, interrupted_at, seen_at, failure, fingerprint)
SELECT id, CASE WHEN json_valid(spec) THEN coalesce(json_extract(spec, '$.host'), '') ELSE '' END,
    0, state, attempt, done, total, started_at, finished_at, interrupted_at, seen_at, failure, fingerprint
FROM comparisons;

ALTER TABLE comparisons DROP COLUMN seen_at;

CREATE TABLE hosts (
    name         TEXT    NOT NULL PRIMARY KEY,
    fingerprint  TEXT    NOT NULL,
    checks       TEXT    NOT NULL,
    warnings     TEXT    NOT NULL,
    first_seen   INTEGER NOT NULL,
    online_since INTEGER NOT NULL, -- 0 while it is not online
    seen_at      INTEGER NOT NULL
);

ALTER TABLE runs ADD COLUMN noisy TEXT NOT NULL DEFAULT '';
