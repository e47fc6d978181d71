-- +goose Up
CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, topics TEXT NOT NULL, lang TEXT NOT NULL,
    created BIGINT NOT NULL, confirmed BIGINT NOT NULL);
CREATE UNIQUE INDEX subscriptions_target ON subscriptions (kind, target);
CREATE TABLE deliveries (id TEXT PRIMARY KEY, day TEXT NOT NULL, attempts BIGINT NOT NULL, due BIGINT NOT NULL, done BIGINT NOT NULL);
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, ends BIGINT NOT NULL);
