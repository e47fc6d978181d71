-- +goose Up
-- Who is told: target is an address, or the sealed URL of a webhook or chat. It is
-- found by hash, keyed, of its normal form.
ALTER TABLE subscriptions ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN posts TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN leave_token TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN proof_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN proof_version TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN proof_lang TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN failing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN off_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX subscriptions_hash ON subscriptions (hash) WHERE hash <> '';
CREATE UNIQUE INDEX subscriptions_leave ON subscriptions (leave_token) WHERE leave_token <> '';

-- Messages that wait: of a subscription, or a sealed request for a confirmation.
-- One that is done is deleted.
ALTER TABLE deliveries ADD COLUMN subscription TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN class BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN post TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN update_id TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN post_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN components TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN tells TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN happened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN late BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN created BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deliveries_order ON deliveries (class, due);
CREATE INDEX deliveries_subscription ON deliveries (subscription);
CREATE INDEX deliveries_post ON deliveries (post);

-- What was told, the truth of notices: language "" is the decision, which also
-- stands for what is never told; the others say how many were told in which.
CREATE TABLE told (
    post TEXT NOT NULL, update_id TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
    at BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (post, update_id, kind, language));
CREATE INDEX told_at ON told (at);
-- What was found and waits for its hold, or for other updates.
CREATE TABLE held (
    post TEXT NOT NULL, update_id TEXT NOT NULL, kind TEXT NOT NULL, post_kind TEXT NOT NULL, components TEXT NOT NULL,
    happened BIGINT NOT NULL, found BIGINT NOT NULL, due BIGINT NOT NULL, PRIMARY KEY (post, update_id, kind));
-- The first message of a post that a subscription was sent.
CREATE TABLE threads (
    subscription TEXT NOT NULL, post TEXT NOT NULL, update_id TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (subscription, post));
CREATE INDEX threads_day ON threads (day);
-- How many messages came to an end, by hour and replica.
CREATE TABLE outcomes (
    post TEXT NOT NULL, channel TEXT NOT NULL, hour BIGINT NOT NULL, replica TEXT NOT NULL,
    delivered BIGINT NOT NULL, failed BIGINT NOT NULL, PRIMARY KEY (post, channel, hour, replica));
CREATE INDEX outcomes_hour ON outcomes (hour);
-- Addresses that are not written to, as keyed hashes.
CREATE TABLE suppression (hash TEXT PRIMARY KEY, reason TEXT NOT NULL, since BIGINT NOT NULL);
-- What may happen once until an instant: a confirmation for an address a day, a
-- use of a link. Keys are keyed hashes.
CREATE TABLE once (name TEXT PRIMARY KEY, ends BIGINT NOT NULL);
CREATE INDEX once_ends ON once (ends);
-- Tokens of subscriptions that have ended, so that a restored backup does not bring them back.
CREATE TABLE ended (leave_token TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE TABLE bounces (subscription TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (subscription, message));
CREATE INDEX bounces_at ON bounces (at);
-- 0: all content that there is now counts as told.
INSERT INTO counters (name, n) VALUES ('notices_since', 0);
