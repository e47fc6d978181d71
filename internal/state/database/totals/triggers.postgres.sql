-- The database itself keeps the totals, so that each version of the program
-- that stores a row counts it. Each is counted for its day and its month.
CREATE FUNCTION signpost_periods(day TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT ARRAY[day, 'm' || SUBSTR(day, 1, 7)] $$;

CREATE FUNCTION signpost_replies_total() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    opens_n BIGINT;
    good BIGINT;
BEGIN
    INSERT INTO day_totals VALUES (NEW.day, 1, 0, 0, 0, 0, 0, 0) ON CONFLICT (day) DO UPDATE SET sent = day_totals.sent + 1;
    -- Its openings and votes may have come first.
    SELECT COALESCE(SUM(n), 0) INTO opens_n FROM opens WHERE nonce = NEW.nonce;
    SELECT MAX(helpful) INTO good FROM votes WHERE reply = NEW.nonce;
    INSERT INTO article_totals SELECT period, NEW.article, 1, (opens_n > 0)::INT, opens_n, (COALESCE(good, -1) = 1)::INT, (COALESCE(good, -1) = 0)::INT, 0, 0, 0
        FROM UNNEST(signpost_periods(NEW.day)) AS period
        ON CONFLICT (period, article) DO UPDATE SET sent = article_totals.sent + 1, opened = article_totals.opened + excluded.opened,
            opens = article_totals.opens + excluded.opens, reply_helped = article_totals.reply_helped + excluded.reply_helped,
            reply_unhelped = article_totals.reply_unhelped + excluded.reply_unhelped;
    INSERT INTO agent_totals SELECT period, NEW.agent, 1, (opens_n > 0)::INT, (COALESCE(good, -1) = 1)::INT FROM UNNEST(signpost_periods(NEW.day)) AS period
        ON CONFLICT (period, agent) DO UPDATE SET sent = agent_totals.sent + 1, opened = agent_totals.opened + excluded.opened,
            helped = agent_totals.helped + excluded.helped;
    RETURN NULL;
END $$;
CREATE TRIGGER replies_total AFTER INSERT ON replies FOR EACH ROW EXECUTE FUNCTION signpost_replies_total();

CREATE FUNCTION signpost_opens_total() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    more BIGINT := NEW.n;
    first BIGINT := 0;
    sent RECORD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        more := NEW.n - OLD.n;
    ELSIF NOT EXISTS (SELECT 1 FROM opens WHERE nonce = NEW.nonce AND day <> NEW.day) THEN
        first := 1;
    END IF;
    INSERT INTO day_totals VALUES (NEW.day, 0, more, 0, 0, 0, 0, 0) ON CONFLICT (day) DO UPDATE SET opened = day_totals.opened + more;
    SELECT day, article, agent INTO sent FROM replies WHERE nonce = NEW.nonce;
    IF FOUND THEN
        UPDATE article_totals SET opens = opens + more, opened = opened + first WHERE period = ANY (signpost_periods(sent.day)) AND article = sent.article;
        UPDATE agent_totals SET opened = opened + first WHERE period = ANY (signpost_periods(sent.day)) AND agent = sent.agent;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER opens_total AFTER INSERT OR UPDATE ON opens FOR EACH ROW EXECUTE FUNCTION signpost_opens_total();

CREATE FUNCTION signpost_votes_total() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    old_good BIGINT;
    new_good BIGINT;
    reply_sent RECORD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.reason = OLD.reason THEN
            RETURN NULL;
        END IF;
        UPDATE reason_totals SET times = times - 1 WHERE period = ANY (signpost_periods(OLD.day))
            AND article = OLD.article AND helpful = OLD.helpful AND reason = OLD.reason;
    ELSE
        INSERT INTO day_totals VALUES (NEW.day, 0, 0, NEW.helpful, 1 - NEW.helpful, 0, 0, 0)
            ON CONFLICT (day) DO UPDATE SET helped = day_totals.helped + excluded.helped, unhelped = day_totals.unhelped + excluded.unhelped;
        INSERT INTO article_totals SELECT period, NEW.article, 0, 0, 0, 0, 0, NEW.helpful, 1 - NEW.helpful, 0 FROM UNNEST(signpost_periods(NEW.day)) AS period
            ON CONFLICT (period, article) DO UPDATE SET helped = article_totals.helped + excluded.helped, unhelped = article_totals.unhelped + excluded.unhelped;
        -- A reply counts once: as helpful if any of its votes says so.
        SELECT day, article, agent INTO reply_sent FROM replies WHERE nonce = NEW.reply;
        IF FOUND THEN
            SELECT MAX(helpful) INTO old_good FROM votes WHERE reply = NEW.reply AND id <> NEW.id;
            new_good := GREATEST(COALESCE(old_good, 0), NEW.helpful);
            UPDATE article_totals SET reply_helped = reply_helped + (new_good = 1)::INT - (COALESCE(old_good, -1) = 1)::INT,
                    reply_unhelped = reply_unhelped + (new_good = 0)::INT - (COALESCE(old_good, -1) = 0)::INT
                WHERE period = ANY (signpost_periods(reply_sent.day)) AND article = reply_sent.article;
            UPDATE agent_totals SET helped = helped + (new_good = 1)::INT - (COALESCE(old_good, -1) = 1)::INT
                WHERE period = ANY (signpost_periods(reply_sent.day)) AND agent = reply_sent.agent;
        END IF;
    END IF;
    IF NEW.reason <> '' THEN
        INSERT INTO reason_totals SELECT period, NEW.article, NEW.helpful, NEW.reason, 1 FROM UNNEST(signpost_periods(NEW.day)) AS period
            ON CONFLICT (period, article, helpful, reason) DO UPDATE SET times = reason_totals.times + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER votes_total AFTER INSERT OR UPDATE ON votes FOR EACH ROW EXECUTE FUNCTION signpost_votes_total();

CREATE FUNCTION signpost_searches_total() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    empty BIGINT := (NEW.results = 0)::INT;
    one BIGINT := 1;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        empty := empty - (OLD.results = 0)::INT;
        one := 0;
    END IF;
    INSERT INTO day_totals VALUES (NEW.day, 0, 0, 0, 0, one, empty, 0)
        ON CONFLICT (day) DO UPDATE SET searches = day_totals.searches + one, no_result = day_totals.no_result + empty;
    INSERT INTO search_totals SELECT period, NEW.words, NEW.lang, 1, NEW.results, (NEW.pos > 0)::INT, NEW.pos FROM UNNEST(signpost_periods(NEW.day)) AS period
        ON CONFLICT (period, words, lang) DO UPDATE SET times = search_totals.times + 1, results = GREATEST(search_totals.results, excluded.results),
            clicks = search_totals.clicks + excluded.clicks, positions = search_totals.positions + excluded.positions;
    -- A search that was typed on takes its former words back.
    IF TG_OP = 'UPDATE' THEN
        UPDATE search_totals SET times = times - 1, clicks = clicks - (OLD.pos > 0)::INT, positions = positions - OLD.pos
            WHERE period = ANY (signpost_periods(OLD.day)) AND words = OLD.words AND lang = OLD.lang;
        DELETE FROM search_totals WHERE period = ANY (signpost_periods(OLD.day)) AND words = OLD.words AND lang = OLD.lang AND times = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER searches_total AFTER INSERT OR UPDATE ON searches FOR EACH ROW EXECUTE FUNCTION signpost_searches_total();

CREATE FUNCTION signpost_reads_total() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    more BIGINT := NEW.n;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        more := NEW.n - OLD.n;
    END IF;
    INSERT INTO day_totals VALUES (NEW.day, 0, 0, 0, 0, 0, 0, more) ON CONFLICT (day) DO UPDATE SET reads = day_totals.reads + more;
    INSERT INTO article_totals SELECT period, NEW.article, 0, 0, 0, 0, 0, 0, 0, more FROM UNNEST(signpost_periods(NEW.day)) AS period
        ON CONFLICT (period, article) DO UPDATE SET reads = article_totals.reads + excluded.reads;
    RETURN NULL;
END $$;
CREATE TRIGGER reads_total AFTER INSERT OR UPDATE ON reads FOR EACH ROW EXECUTE FUNCTION signpost_reads_total();
