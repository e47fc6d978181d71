-- +goose Up
-- What agents and tokens did, without customers' text.
CREATE TABLE audit (
    id BIGINT PRIMARY KEY, at BIGINT NOT NULL, agent TEXT NOT NULL, token TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX audit_at ON audit (at);
-- A fingerprint per key id: replicas that share this database share one ring.
CREATE TABLE key_fingerprints (id BIGINT PRIMARY KEY, fingerprint TEXT NOT NULL, since BIGINT NOT NULL);
-- The replicas that were alive lately.
CREATE TABLE replicas (id TEXT PRIMARY KEY, version TEXT NOT NULL, since BIGINT NOT NULL, seen BIGINT NOT NULL);
CREATE INDEX votes_comments ON votes (day DESC, id) WHERE comment <> '';
-- The oldest schema whose program works with this one.
INSERT INTO counters (name, n) VALUES ('oldest_schema', 2);
