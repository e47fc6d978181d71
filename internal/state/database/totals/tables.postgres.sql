-- Totals by period: a day as 2014-10-06, or a month as m2014-10, which sorts
-- after all days. Replies' openings and votes are credited to the day they were sent.
CREATE TABLE day_totals (
    day TEXT PRIMARY KEY, sent BIGINT NOT NULL, opened BIGINT NOT NULL, helped BIGINT NOT NULL, unhelped BIGINT NOT NULL,
    searches BIGINT NOT NULL, no_result BIGINT NOT NULL, reads BIGINT NOT NULL);
CREATE TABLE article_totals (
    period TEXT NOT NULL, article BIGINT NOT NULL, sent BIGINT NOT NULL, opened BIGINT NOT NULL, opens BIGINT NOT NULL,
    reply_helped BIGINT NOT NULL, reply_unhelped BIGINT NOT NULL, helped BIGINT NOT NULL, unhelped BIGINT NOT NULL,
    reads BIGINT NOT NULL, PRIMARY KEY (period, article));
CREATE TABLE agent_totals (
    period TEXT NOT NULL, agent TEXT NOT NULL, sent BIGINT NOT NULL, opened BIGINT NOT NULL, helped BIGINT NOT NULL,
    PRIMARY KEY (period, agent));
CREATE TABLE reason_totals (
    period TEXT NOT NULL, article BIGINT NOT NULL, helpful BIGINT NOT NULL, reason TEXT NOT NULL, times BIGINT NOT NULL,
    PRIMARY KEY (period, article, helpful, reason));
CREATE TABLE search_totals (
    period TEXT NOT NULL, words TEXT NOT NULL, lang TEXT NOT NULL, times BIGINT NOT NULL, results BIGINT NOT NULL,
    clicks BIGINT NOT NULL, positions BIGINT NOT NULL, PRIMARY KEY (period, words, lang));
