-- The database itself keeps the totals, so that each version of the program
-- that stores a row counts it. m stands for the month beside each day.
CREATE TRIGGER replies_insert AFTER INSERT ON replies BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 1, 0, 0, 0, 0, 0, 0) ON CONFLICT (day) DO UPDATE SET sent = sent + 1;
    -- Its openings and votes may have come first.
    INSERT INTO article_totals SELECT p.period, NEW.article, 1, c.n > 0, c.n, COALESCE(c.h = 1, 0), COALESCE(c.h = 0, 0), 0, 0, 0
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p,
            (SELECT (SELECT COALESCE(SUM(n), 0) FROM opens WHERE nonce = NEW.nonce) AS n, (SELECT MAX(helpful) FROM votes WHERE reply = NEW.nonce) AS h) c
        WHERE TRUE ON CONFLICT (period, article) DO UPDATE SET sent = sent + 1, opened = opened + excluded.opened, opens = opens + excluded.opens,
            reply_helped = reply_helped + excluded.reply_helped, reply_unhelped = reply_unhelped + excluded.reply_unhelped;
    INSERT INTO agent_totals SELECT p.period, NEW.agent, 1, EXISTS (SELECT 1 FROM opens WHERE nonce = NEW.nonce),
            EXISTS (SELECT 1 FROM votes WHERE reply = NEW.nonce AND helpful = 1)
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE TRUE ON CONFLICT (period, agent) DO UPDATE SET sent = sent + 1, opened = opened + excluded.opened, helped = helped + excluded.helped;
END;

CREATE TRIGGER opens_insert AFTER INSERT ON opens BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 0, NEW.n, 0, 0, 0, 0, 0) ON CONFLICT (day) DO UPDATE SET opened = opened + NEW.n;
    UPDATE article_totals SET opens = opens + NEW.n, opened = opened + NOT EXISTS (SELECT 1 FROM opens WHERE nonce = NEW.nonce AND day <> NEW.day)
        FROM (SELECT day, article FROM replies WHERE nonce = NEW.nonce) r
        WHERE article_totals.period IN (r.day, 'm' || SUBSTR(r.day, 1, 7)) AND article_totals.article = r.article;
    UPDATE agent_totals SET opened = opened + 1 FROM (SELECT day, agent FROM replies WHERE nonce = NEW.nonce) r
        WHERE agent_totals.period IN (r.day, 'm' || SUBSTR(r.day, 1, 7)) AND agent_totals.agent = r.agent
            AND NOT EXISTS (SELECT 1 FROM opens WHERE nonce = NEW.nonce AND day <> NEW.day);
END;

CREATE TRIGGER opens_update AFTER UPDATE ON opens BEGIN
    UPDATE day_totals SET opened = opened + NEW.n - OLD.n WHERE day = NEW.day;
    UPDATE article_totals SET opens = opens + NEW.n - OLD.n FROM (SELECT day, article FROM replies WHERE nonce = NEW.nonce) r
        WHERE article_totals.period IN (r.day, 'm' || SUBSTR(r.day, 1, 7)) AND article_totals.article = r.article;
END;

CREATE TRIGGER votes_insert AFTER INSERT ON votes BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 0, 0, NEW.helpful, 1 - NEW.helpful, 0, 0, 0)
        ON CONFLICT (day) DO UPDATE SET helped = helped + NEW.helpful, unhelped = unhelped + 1 - NEW.helpful;
    INSERT INTO article_totals SELECT p.period, NEW.article, 0, 0, 0, 0, 0, NEW.helpful, 1 - NEW.helpful, 0
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE TRUE ON CONFLICT (period, article) DO UPDATE SET helped = helped + NEW.helpful, unhelped = unhelped + 1 - NEW.helpful;
    INSERT INTO reason_totals SELECT p.period, NEW.article, NEW.helpful, NEW.reason, 1
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE NEW.reason <> '' ON CONFLICT (period, article, helpful, reason) DO UPDATE SET times = times + 1;
    -- A reply counts once: as helpful if any of its votes says so.
    UPDATE article_totals SET reply_helped = reply_helped + (MAX(COALESCE(r.before, 0), NEW.helpful) = 1) - COALESCE(r.before = 1, 0),
            reply_unhelped = reply_unhelped + (MAX(COALESCE(r.before, 0), NEW.helpful) = 0) - COALESCE(r.before = 0, 0)
        FROM (SELECT day, article, (SELECT MAX(helpful) FROM votes WHERE reply = NEW.reply AND id <> NEW.id) AS before FROM replies WHERE nonce = NEW.reply) r
        WHERE article_totals.period IN (r.day, 'm' || SUBSTR(r.day, 1, 7)) AND article_totals.article = r.article;
    UPDATE agent_totals SET helped = helped + 1 FROM (SELECT day, agent FROM replies WHERE nonce = NEW.reply) r
        WHERE agent_totals.period IN (r.day, 'm' || SUBSTR(r.day, 1, 7)) AND agent_totals.agent = r.agent AND NEW.helpful = 1
            AND NOT EXISTS (SELECT 1 FROM votes WHERE reply = NEW.reply AND id <> NEW.id AND helpful = 1);
END;

CREATE TRIGGER votes_update AFTER UPDATE ON votes WHEN NEW.reason <> OLD.reason BEGIN
    INSERT INTO reason_totals SELECT p.period, NEW.article, NEW.helpful, NEW.reason, 1
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE NEW.reason <> '' ON CONFLICT (period, article, helpful, reason) DO UPDATE SET times = times + 1;
    UPDATE reason_totals SET times = times - 1 WHERE period IN (OLD.day, 'm' || SUBSTR(OLD.day, 1, 7))
        AND article = OLD.article AND helpful = OLD.helpful AND reason = OLD.reason;
END;

CREATE TRIGGER searches_insert AFTER INSERT ON searches BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 0, 0, 0, 0, 1, NEW.results = 0, 0)
        ON CONFLICT (day) DO UPDATE SET searches = searches + 1, no_result = no_result + excluded.no_result;
    INSERT INTO search_totals SELECT p.period, NEW.words, NEW.lang, 1, NEW.results, NEW.pos > 0, NEW.pos
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE TRUE ON CONFLICT (period, words, lang) DO UPDATE SET times = times + 1, results = MAX(results, excluded.results),
            clicks = clicks + excluded.clicks, positions = positions + excluded.positions;
END;

-- A search that was typed on takes its former words back.
CREATE TRIGGER searches_update AFTER UPDATE ON searches BEGIN
    UPDATE day_totals SET no_result = no_result + (NEW.results = 0) - (OLD.results = 0) WHERE day = NEW.day;
    INSERT INTO search_totals SELECT p.period, NEW.words, NEW.lang, 1, NEW.results, NEW.pos > 0, NEW.pos
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE TRUE ON CONFLICT (period, words, lang) DO UPDATE SET times = times + 1, results = MAX(results, excluded.results),
            clicks = clicks + excluded.clicks, positions = positions + excluded.positions;
    UPDATE search_totals SET times = times - 1, clicks = clicks - (OLD.pos > 0), positions = positions - OLD.pos
        WHERE period IN (OLD.day, 'm' || SUBSTR(OLD.day, 1, 7)) AND words = OLD.words AND lang = OLD.lang;
    DELETE FROM search_totals WHERE period IN (OLD.day, 'm' || SUBSTR(OLD.day, 1, 7)) AND words = OLD.words AND lang = OLD.lang AND times = 0;
END;

CREATE TRIGGER reads_insert AFTER INSERT ON reads BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 0, 0, 0, 0, 0, 0, NEW.n) ON CONFLICT (day) DO UPDATE SET reads = reads + NEW.n;
    INSERT INTO article_totals SELECT p.period, NEW.article, 0, 0, 0, 0, 0, 0, 0, NEW.n
        FROM (SELECT NEW.day AS period UNION ALL SELECT 'm' || SUBSTR(NEW.day, 1, 7)) p
        WHERE TRUE ON CONFLICT (period, article) DO UPDATE SET reads = reads + NEW.n;
END;

CREATE TRIGGER reads_update AFTER UPDATE ON reads BEGIN
    UPDATE day_totals SET reads = reads + NEW.n - OLD.n WHERE day = NEW.day;
    UPDATE article_totals SET reads = reads + NEW.n - OLD.n WHERE period IN (NEW.day, 'm' || SUBSTR(NEW.day, 1, 7)) AND article = NEW.article;
END;
