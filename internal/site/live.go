package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/seen"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/problem"
	"signpost/internal/search"
)

// Config says what a [Live] serves.
type Config struct {
	Source *source.Source
	Data   string           // folder for index and last good content; "" keeps both in memory
	Drafts bool             // show drafts and scheduled articles, for writers
	Now    func() time.Time // the clock
	Log    *slog.Logger
	// Progress is told how far the first index is; nil when nobody wants to know.
	Progress func(done, total int)
	// Asked returns, by article id, the terms of earlier tickets that were
	// answered with it, and Popular the ids of the most read articles. Either
	// may be nil.
	Asked   func() map[int]map[string]int
	Popular func() []int
	// Reload, when not nil, is another reason to look at the content again.
	Reload <-chan struct{}
}

// A Live holds the current snapshot.
type Live struct {
	cfg     Config
	current atomic.Pointer[Snapshot]
	mu      sync.Mutex // one load at a time
	loader  *content.Loader
	store   *search.Store
	kept    passages // of the last snapshot
	memory  *lastgood.Store
	seen    *seen.Store // nil for the sample
	logged  map[problem.Problem]bool
	dates   map[string]content.Dates // by path of a text, as far as Git has told
	place   problem.List             // of where the content is, at the last load
	again   time.Time                // when to load again without a change; zero: never
	sooner  chan struct{}            // again has been set by someone else than Run
	// renewEvery is how often a snapshot is derived even without a reason, so
	// that what readers and agents taught the site reaches the pages.
	renewEvery time.Duration
}

// Open loads the content and makes the first snapshot.
func Open(cfg Config) (*Live, error) {
	dir := func(name string) string {
		if cfg.Data == "" {
			return ""
		}
		return filepath.Join(cfg.Data, name)
	}
	remembered := "" // the sample never breaks, and must not be mixed with a real site
	if cfg.Source.Dir() != "" && cfg.Data != "" {
		remembered = filepath.Join(dir("content"), source.Hash([]byte(cfg.Source.Dir()))[:12])
	}
	memory, err := lastgood.Open(remembered)
	if err != nil {
		return nil, err
	}
	store, err := search.Open(dir("index"))
	if errors.Is(err, search.ErrLocked) {
		cfg.Log.Warn("another process uses the search index; this one keeps its own in memory", "data", cfg.Data)
		store, err = search.Open("")
	}
	if err != nil {
		return nil, fmt.Errorf("opening the search index: %w", err)
	}
	noted, err := openSeen(cfg)
	if err != nil {
		cfg.Log.Warn("planned work counts as announced when its file was last changed", "error", err)
	}
	l := &Live{
		cfg: cfg, memory: memory, seen: noted, loader: content.NewLoader(memory), store: store, logged: map[problem.Problem]bool{},
		renewEvery: 10 * time.Minute, sooner: make(chan struct{}, 1),
	}
	l.loader.Settle, l.loader.TookBack = settle, cfg.Source.TookBack
	if remembered != "" {
		err = cfg.Source.Remember(filepath.Join(remembered, "acknowledged"), dir("lost"), cfg.Now)
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	if err := l.Load(); err != nil {
		store.Close()
		return nil, err
	}
	if why := store.Rebuilt(); why != "" {
		cfg.Log.Warn("the search index was thrown away and filled again", "why", why)
	}
	return l, nil
}

// openSeen reads when status posts were first seen.
func openSeen(cfg Config) (*seen.Store, error) {
	if cfg.Source.Sample() {
		return nil, nil
	}
	file := ""
	if cfg.Data != "" {
		file = filepath.Join(cfg.Data, "seen.json")
	}
	return seen.Open(file, cfg.Source.Dir())
}

// look notes which posts are new, and whose windows were changed by hand.
func (l *Live) look(lib *content.Library, now time.Time) *content.Library {
	if l.seen == nil {
		return lib
	}
	fsys := l.cfg.Source.FS()
	known, err := l.seen.Look(seen.Look{
		Posts: lib.Board.Posts, Now: now, Committed: lib.FirstCommit,
		Changed: func(path string) time.Time {
			info, err := fs.Stat(fsys, path)
			if err != nil {
				return time.Time{}
			}
			return info.ModTime()
		},
	})
	if err != nil {
		l.cfg.Log.Warn("after a restart, planned work may count as announced later than it was", "error", err)
	}
	return lib.WithSeen(known)
}

// Close gives the index back. The last snapshot stays usable.
func (l *Live) Close() error { return l.store.Close() }

// Snapshot returns the current snapshot; never nil.
func (l *Live) Snapshot() *Snapshot { return l.current.Load() }

// ConfirmDeletions confirms that articles or a provider are meant to be gone, for
// the site whose content is in dir, served with the data folder data.
func ConfirmDeletions(data, dir string) error {
	folder := filepath.Join(data, "content", source.Hash([]byte(dir))[:12])
	if _, err := os.Stat(folder); err != nil {
		return fmt.Errorf("no server has kept the content of %s in %s: it was never served with this data folder", dir, data)
	}
	memory, err := lastgood.Open(folder)
	if err != nil {
		return err
	}
	return memory.Accept()
}

// Source returns where the content is.
func (l *Live) Source() *source.Source { return l.cfg.Source }

// Advanced runs an agent's query; see [search.Store.Advanced].
func (l *Live) Advanced(ctx context.Context, q search.AdvancedQuery) (search.Results, error) {
	return l.store.Advanced(ctx, q)
}

// settle is how long something has to be missing from the content before it
// counts as gone: one copy may be replacing another at this moment.
const settle = time.Second

// Load reads the content again and swaps the snapshot.
func (l *Live) Load() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.load()
}

// reload is Load, reading also the files that seem to be as they were.
func (l *Live) reload() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loader.ReadAgain()
	return l.load()
}

func (l *Live) load() error {
	before := l.Snapshot()
	files, gone := l.cfg.Source.Files()
	if gone != nil && before == nil {
		return gone
	}
	if gone != nil {
		_, hint := change.ReasonOf(gone)
		l.again = time.Time{}
		return l.take(before.Library, problem.List{{Path: ".", Severity: problem.Error, Message: gone.Error() + "; the site stays as it was", Hint: hint}})
	}
	lib, err := l.loader.Load(files, l.cfg.Now())
	if err != nil {
		l.cfg.Log.Warn("the last good content could not be kept", "error", err)
	}
	place, again := l.cfg.Source.Problems(files, lib.Calm, settle)
	if again.IsZero() || !lib.Again.IsZero() && lib.Again.Before(again) {
		again = lib.Again
	}
	l.again = again
	if !again.IsZero() {
		select {
		case l.sooner <- struct{}{}:
		default: // Run has not looked at the last one yet
		}
	}
	return l.take(lib, place)
}

// take swaps the snapshot unless nothing has changed: a file was touched, or
// changed and changed back.
func (l *Live) take(lib *content.Library, place problem.List) error {
	if now := l.Snapshot(); now != nil && lib.Same(now.Library) && slices.Equal(place, l.place) {
		return nil
	}
	l.place = place
	return l.swap(lib.WithDates(l.dates))
}

// due is when to load again without a change; zero: never.
func (l *Live) due() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.again
}

// Renew derives a snapshot of the same content for the present instant.
func (l *Live) Renew() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.swap(l.Snapshot().Library.WithDates(l.dates))
}

// swap makes a snapshot of lib and lets it answer from now on.
func (l *Live) swap(lib *content.Library) error {
	now := l.cfg.Now()
	lib = l.look(lib, now)
	who := content.Customers
	desk := content.Agents
	if l.cfg.Drafts {
		who, desk = content.Writers, content.Writers
	}
	s := &Snapshot{
		Library: lib, Help: lib.Shelf(who, now), Desk: lib.Shelf(desk, now),
		Board: lib.Board.At(now), At: now, Sample: l.cfg.Source.Sample(),
	}
	synonyms, problems := search.ParseSynonyms("synonyms.txt", lib.Synonyms)
	s.Problems = slices.Concat(lib.Problems, problems, l.place)
	s.Place = l.place
	s.Problems.Sort()
	s.Next = next(s, now)
	var asked map[int]map[string]int
	if l.cfg.Asked != nil {
		asked = l.cfg.Asked()
	}
	if l.cfg.Popular != nil {
		s.popular = l.cfg.Popular()
	}
	indexes, err := l.store.Update(documents(s, asked, &l.kept), synonyms, l.cfg.Progress)
	switch before := l.Snapshot(); {
	case err == nil:
		s.Index, s.DeskIndex = indexes.Public, indexes.All
	case before == nil:
		return fmt.Errorf("indexing: %w", err)
	default: // an incident must be seen even if it cannot be searched
		l.cfg.Log.Error("search still knows the content as it was", "error", err)
		s.Index, s.DeskIndex = before.Index, before.DeskIndex
	}
	l.current.Store(s)
	l.logProblems(s.Problems)
	return nil
}

// next is the first instant after now at which a page may look different.
func next(s *Snapshot, now time.Time) time.Time {
	zone := s.Library.Site.Zone
	y, m, d := now.In(zone).Date()
	first := time.Date(y, m, d+1, 0, 0, 0, 0, zone) // "today" and the bars end
	for _, t := range []time.Time{s.Board.Next, s.Desk.Next(now)} {
		if !t.IsZero() && t.After(now) && t.Before(first) {
			first = t
		}
	}
	return first
}

// logProblems writes new problems once, and says when all are gone.
func (l *Live) logProblems(list problem.List) {
	seen := map[problem.Problem]bool{}
	for _, p := range list {
		seen[p] = true
		if l.logged[p] {
			continue
		}
		level := slog.LevelWarn
		if p.Severity == problem.Error {
			level = slog.LevelError
		}
		l.cfg.Log.Log(context.Background(), level, problem.Printable(p.Message), "path", p.Path, "line", p.Line, "hint", p.Hint)
	}
	if len(l.logged) > 0 && len(seen) == 0 {
		l.cfg.Log.Info("all problems of the content are gone")
	}
	l.logged = seen
}

// datesEvery is how often Git is asked whether there is a new commit: a commit
// may change nothing but the dates.
const datesEvery = 10 * time.Second

// followDates keeps the articles' dates current. Going through a long history
// takes seconds, so the first snapshots may be without them.
func (l *Live) followDates(ctx context.Context, known chan<- struct{}) {
	told := ""
	for {
		dates, err := l.cfg.Source.Dates(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if told != err.Error() {
				told = err.Error()
				l.cfg.Log.Warn("articles have only the dates that they state themselves", "error", err)
			}
		default:
			l.mu.Lock()
			same := maps.Equal(dates, l.dates)
			l.dates = dates
			l.mu.Unlock()
			if !same {
				select {
				case known <- struct{}{}:
				default: // one is waiting already
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(datesEvery):
		}
	}
}

// followConfirmations makes a confirmation of [ConfirmDeletions] take effect at
// once: the content has not changed by it.
func (l *Live) followConfirmations(ctx context.Context, changed chan<- struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if l.memory.Confirmed() {
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}
}

// Run keeps the snapshot current until ctx ends: content that changes is
// loaded again, and at Snapshot.Next a new snapshot is derived.
func (l *Live) Run(ctx context.Context) {
	dated := make(chan struct{}, 1)
	go l.followDates(ctx, dated)
	changed := make(chan struct{}, 1)
	go l.cfg.Source.Watch(ctx, func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	go l.followConfirmations(ctx, changed)
	for {
		wait := l.renewEvery
		again := l.due()
		for _, next := range []time.Time{l.Snapshot().Next, again} {
			if !next.IsZero() {
				// A little late rather than a little early; never in a tight loop.
				wait = min(wait, max(next.Sub(l.cfg.Now())+5*time.Millisecond, 5*time.Millisecond))
			}
		}
		timer := time.NewTimer(wait)
		var err error
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-changed:
			err = l.Load()
		case <-l.cfg.Reload:
			err = l.reload()
		case <-l.sooner:
		case <-dated:
			err = l.Renew()
		case <-timer.C:
			if !again.IsZero() && !l.cfg.Now().Before(again) {
				err = l.Load()
			} else {
				err = l.Renew()
			}
		}
		timer.Stop()
		if err != nil {
			l.cfg.Log.Error("the site stays as it was", "error", err)
			select { // what failed may fail again at once
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
		}
	}
}
