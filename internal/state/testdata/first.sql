-- The first schema with some rows, as it was released. Never change this file.
CREATE TABLE batches (id BIGINT PRIMARY KEY, day TEXT NOT NULL);
CREATE TABLE counters (name TEXT PRIMARY KEY, n BIGINT NOT NULL);
INSERT INTO counters (name, n) VALUES ('access', 1);

CREATE TABLE votes (
    id BIGINT PRIMARY KEY, day TEXT NOT NULL, article BIGINT NOT NULL, rev TEXT NOT NULL, lang TEXT NOT NULL,
    helpful BIGINT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, query TEXT NOT NULL, reply BIGINT NOT NULL);
CREATE INDEX votes_day ON votes (day);
CREATE INDEX votes_reply ON votes (reply);
CREATE TABLE searches (
    id BIGINT PRIMARY KEY, day TEXT NOT NULL, words TEXT NOT NULL, lang TEXT NOT NULL,
    results BIGINT NOT NULL, pos BIGINT NOT NULL, article BIGINT NOT NULL);
CREATE INDEX searches_day ON searches (day);
CREATE TABLE replies (
    nonce BIGINT PRIMARY KEY, day TEXT NOT NULL, article BIGINT NOT NULL, lang TEXT NOT NULL,
    platform TEXT NOT NULL, agent TEXT NOT NULL, format TEXT NOT NULL);
CREATE INDEX replies_day ON replies (day);
CREATE TABLE opens (nonce BIGINT NOT NULL, day TEXT NOT NULL, article BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (nonce, day));
CREATE INDEX opens_day ON opens (day);
CREATE TABLE reads (article BIGINT NOT NULL, day TEXT NOT NULL, lang TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (day, article, lang));

CREATE TABLE asked_first (
    hash TEXT NOT NULL, article BIGINT NOT NULL, lang TEXT NOT NULL, day TEXT NOT NULL,
    n BIGINT NOT NULL, tickets BIGINT NOT NULL, PRIMARY KEY (hash, article, lang, day));
CREATE TABLE asked (
    term TEXT NOT NULL, article BIGINT NOT NULL, lang TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (term, article, lang));

CREATE TABLE gaps (
    id BIGINT PRIMARY KEY, day TEXT NOT NULL, agent TEXT NOT NULL, lang TEXT NOT NULL,
    note TEXT NOT NULL, terms TEXT NOT NULL, closed TEXT NOT NULL, article BIGINT NOT NULL);

CREATE TABLE agents (name TEXT PRIMARY KEY, password TEXT NOT NULL, admin BIGINT NOT NULL, created BIGINT NOT NULL);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, agent TEXT NOT NULL, source TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE tokens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, scopes TEXT NOT NULL,
    created BIGINT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE goose_db_version (id BIGINT, version_id BIGINT NOT NULL, is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (1, 0, TRUE);
INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (2, 1, TRUE);
INSERT INTO replies VALUES (5, '2014-10-06', 1042, 'en', 'ios', 'kim', 'text');
INSERT INTO opens VALUES (5, '2014-10-06', 1042, 2);
INSERT INTO votes VALUES (9, '2014-10-06', 1042, '1', 'en', 1, '', '', 'apop', 5);
INSERT INTO reads VALUES (1042, '2014-10-06', 'en', 5);
INSERT INTO agents VALUES ('kim', 'hash', 1, 1412596800);
