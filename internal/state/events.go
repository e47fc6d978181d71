package state

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/state/database"
	"signpost/internal/state/spool"
)

// ErrInput marks errors that are the caller's: what was given cannot be kept.
var ErrInput error = database.NewError("cannot be kept")

// Events are what happened: most of them wait in a spool until the database has
// them.
type Events struct {
	db     *database.DB
	log    *slog.Logger
	redact func(string) string
	terms  *termKey
	buf    *spool.Buffer
	merge  spool.Merger
}

// Limits of what is kept.
const (
	MaxComment = 600 // characters of a vote's comment
	MaxWords   = 200 // characters of a search
	MaxTerms   = 200 // terms of one ticket
)

// A Vote says whether an article helped.
type Vote struct {
	ID       uint64 // 0: a new vote; a vote's number again adds reason and comment to it
	Article  int
	Revision string // of the article's text that was voted on
	Lang     string
	Helpful  bool
	Reason   string // one of the page's one-click reasons, or ""
	Comment  string // at most MaxComment characters
	Query    string // the search that led to the article, or ""
	Reply    uint64 // nonce of the reply link that led to the article, or 0
}

// A Search is one look at search results.
type Search struct {
	Visitor string // whose keystrokes are merged; held in memory for half a minute, never written. "" never merges.
	Words   string
	Lang    string
	Results int
}

// A Sent is a reply with a link that an agent copied.
type Sent struct {
	Nonce    uint64
	Article  int
	Lang     string
	Platform string
	Agent    string
	Format   string // "text", "md", "html" or "link"
}

// An Asked holds the terms of a ticket that was answered with an article.
type Asked struct {
	Ticket  string // tells tickets apart; held in memory only, never written. Give a hash.
	Article int
	Lang    string   // of the ticket
	Terms   []string // stemmed; each counts once
}

// day is how days are kept: UTC, so that all replicas agree.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// kept makes a text fit for keeping: valid, without control characters,
// redacted, at most n characters.
func (ev *Events) kept(text string, n int) string {
	return clip(ev.redact(plain(text)), n)
}

func plain(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text))
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

func checkArticle(id int) error {
	if id < 1 {
		return fmt.Errorf("%w: %d is no article", ErrInput, id)
	}
	return nil
}

// Vote takes a vote. ErrFull says that it was dropped.
func (ev *Events) Vote(v Vote, now time.Time) error {
	if err := checkArticle(v.Article); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(v.Comment); n > MaxComment {
		return fmt.Errorf("%w: the comment has %d characters, at most %d are possible", ErrInput, n, MaxComment)
	}
	id := int64(v.ID)
	if id == 0 {
		id = spool.NewID()
	}
	return ev.buf.Add(spool.Event{
		Kind: spool.Vote, ID: id, Day: day(now), Article: v.Article, Revision: ev.kept(v.Revision, 64), Lang: clip(plain(v.Lang), 12),
		Helpful: v.Helpful, Reason: clip(plain(v.Reason), 40), Comment: ev.kept(v.Comment, MaxComment), Words: ev.kept(v.Query, MaxWords), Reply: int64(v.Reply),
	})
}

// Search takes a search. Of the keystrokes of one visitor only the last words
// are kept.
func (ev *Events) Search(q Search, now time.Time) {
	// What looks like a password is told by its capital letters too.
	words := strings.Join(strings.Fields(strings.ToLower(ev.kept(q.Words, MaxWords))), " ")
	if words == "" {
		return
	}
	e := spool.Event{Kind: spool.Search, Day: day(now), Words: words, Lang: clip(plain(q.Lang), 12), Results: max(q.Results, 0)}
	e.ID = ev.merge.Search(q.Visitor, e, now)
	ev.buf.Add(e)
}

// Click records that the visitor's last search led to a result at a position
// (1 = first); the article is 0 for an incident or a setting. Without such a search in the last ten minutes it does nothing.
func (ev *Events) Click(visitor string, article, position int, now time.Time) {
	if e, ok := ev.merge.Click(visitor, article, position, now); ok {
		ev.buf.Add(e)
	}
}

// Sent takes a reply.
func (ev *Events) Sent(r Sent, now time.Time) error {
	if err := checkArticle(r.Article); err != nil {
		return err
	}
	if r.Nonce == 0 {
		return fmt.Errorf("%w: the reply has no nonce", ErrInput)
	}
	return ev.buf.Add(spool.Event{
		Kind: spool.Sent, ID: int64(r.Nonce), Day: day(now), Article: r.Article, Lang: clip(plain(r.Lang), 12),
		Platform: clip(plain(r.Platform), 20), Agent: clip(plain(r.Agent), 200), Format: clip(plain(r.Format), 20),
	})
}

// Opened counts one opening of a reply link.
func (ev *Events) Opened(nonce uint64, article int, now time.Time) {
	if nonce == 0 || article < 1 {
		return
	}
	ev.buf.Add(spool.Event{Kind: spool.Open, ID: int64(nonce), Day: day(now), Article: article, N: 1})
}

// Read counts one reading of an article.
func (ev *Events) Read(article int, lang string, now time.Time) {
	if article < 1 {
		return
	}
	ev.buf.Add(spool.Event{Kind: spool.Read, Day: day(now), Article: article, Lang: clip(plain(lang), 12), N: 1})
}

// Asked takes the terms of an answered ticket. The same ticket and article
// count once; further articles for the same ticket do not bring a term nearer
// to being kept.
func (ev *Events) Asked(a Asked, now time.Time) error {
	if err := checkArticle(a.Article); err != nil {
		return err
	}
	terms := cleanTerms(a.Terms)
	first, again := ev.merge.Ticket(a.Ticket, a.Article)
	if len(terms) == 0 || !first {
		return nil
	}
	return ev.buf.Add(spool.Event{
		Kind: spool.Asked, Day: day(now), Article: a.Article, Lang: clip(plain(a.Lang), 12),
		Sealed: ev.terms.seal(strings.Join(terms, "\n")), Again: again,
	})
}
