-- Counts what is there into empty totals.
INSERT INTO day_totals (day, sent, opened, helped, unhelped, searches, no_result, reads)
SELECT day, SUM(sent), SUM(opened), SUM(helped), SUM(unhelped), SUM(searches), SUM(no_result), SUM(visits) FROM (
    SELECT day, COUNT(*) AS sent, 0 AS opened, 0 AS helped, 0 AS unhelped, 0 AS searches, 0 AS no_result, 0 AS visits FROM replies GROUP BY day
    UNION ALL SELECT day, 0, SUM(n), 0, 0, 0, 0, 0 FROM opens GROUP BY day
    UNION ALL SELECT day, 0, 0, SUM(helpful), SUM(1 - helpful), 0, 0, 0 FROM votes GROUP BY day
    UNION ALL SELECT day, 0, 0, 0, 0, COUNT(*), SUM(CASE WHEN results = 0 THEN 1 ELSE 0 END), 0 FROM searches GROUP BY day
    UNION ALL SELECT day, 0, 0, 0, 0, 0, 0, SUM(n) FROM reads GROUP BY day) AS parts GROUP BY day;

INSERT INTO article_totals (period, article, sent, opened, opens, reply_helped, reply_unhelped, helped, unhelped, reads)
SELECT day, article, SUM(sent), SUM(opened), SUM(opens), SUM(good), SUM(bad), SUM(helped), SUM(unhelped), SUM(visits) FROM (
    SELECT day, article, 1 AS sent, 0 AS opened, 0 AS opens, 0 AS good, 0 AS bad, 0 AS helped, 0 AS unhelped, 0 AS visits FROM replies
    UNION ALL SELECT r.day, r.article, 0, 1, SUM(o.n), 0, 0, 0, 0, 0 FROM opens o JOIN replies r ON r.nonce = o.nonce GROUP BY r.nonce, r.day, r.article
    UNION ALL SELECT r.day, r.article, 0, 0, 0, MAX(v.helpful), 1 - MAX(v.helpful), 0, 0, 0 FROM votes v JOIN replies r ON r.nonce = v.reply GROUP BY r.nonce, r.day, r.article
    UNION ALL SELECT day, article, 0, 0, 0, 0, 0, helpful, 1 - helpful, 0 FROM votes
    UNION ALL SELECT day, article, 0, 0, 0, 0, 0, 0, 0, n FROM reads) AS parts GROUP BY day, article;
INSERT INTO article_totals (period, article, sent, opened, opens, reply_helped, reply_unhelped, helped, unhelped, reads)
SELECT 'm' || SUBSTR(period, 1, 7), article, SUM(sent), SUM(opened), SUM(opens), SUM(reply_helped), SUM(reply_unhelped), SUM(helped), SUM(unhelped), SUM(reads)
FROM article_totals WHERE period < 'm' GROUP BY SUBSTR(period, 1, 7), article;

INSERT INTO agent_totals (period, agent, sent, opened, helped)
SELECT day, agent, SUM(sent), SUM(opened), SUM(good) FROM (
    SELECT day, agent, 1 AS sent, 0 AS opened, 0 AS good FROM replies
    UNION ALL SELECT r.day, r.agent, 0, 1, 0 FROM opens o JOIN replies r ON r.nonce = o.nonce GROUP BY r.nonce, r.day, r.agent
    UNION ALL SELECT r.day, r.agent, 0, 0, MAX(v.helpful) FROM votes v JOIN replies r ON r.nonce = v.reply GROUP BY r.nonce, r.day, r.agent) AS parts
GROUP BY day, agent;
INSERT INTO agent_totals (period, agent, sent, opened, helped)
SELECT 'm' || SUBSTR(period, 1, 7), agent, SUM(sent), SUM(opened), SUM(helped) FROM agent_totals WHERE period < 'm' GROUP BY SUBSTR(period, 1, 7), agent;

INSERT INTO reason_totals (period, article, helpful, reason, times)
SELECT day, article, helpful, reason, COUNT(*) FROM votes WHERE reason <> '' GROUP BY day, article, helpful, reason;
INSERT INTO reason_totals (period, article, helpful, reason, times)
SELECT 'm' || SUBSTR(period, 1, 7), article, helpful, reason, SUM(times) FROM reason_totals WHERE period < 'm' GROUP BY SUBSTR(period, 1, 7), article, helpful, reason;

INSERT INTO search_totals (period, words, lang, times, results, clicks, positions)
SELECT day, words, lang, COUNT(*), MAX(results), SUM(CASE WHEN pos > 0 THEN 1 ELSE 0 END), SUM(pos) FROM searches GROUP BY day, words, lang;
INSERT INTO search_totals (period, words, lang, times, results, clicks, positions)
SELECT 'm' || SUBSTR(period, 1, 7), words, lang, SUM(times), MAX(results), SUM(clicks), SUM(positions)
FROM search_totals WHERE period < 'm' GROUP BY SUBSTR(period, 1, 7), words, lang;
