-- +goose Up
-- Both engines read this file: only BIGINT and TEXT, no defaults that differ.
-- Days are TEXT as 2014-10-06 (UTC), instants BIGINT in seconds since 1970.
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

-- Terms of tickets by the article that answered them: asked_first holds keyed
-- hashes until a term's third ticket, asked the terms from then on.
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
