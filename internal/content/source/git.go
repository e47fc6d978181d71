package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/change"
	"signpost/internal/content/source/gitrepo"
	"signpost/internal/content/source/ledger"
	"signpost/internal/durable"
)

const (
	firstClone = 30 * time.Minute
	fetchWait  = time.Minute      // one fetch, unless the configuration says otherwise
	startWait  = 10 * time.Second // the same when there is a clone to begin with
	pushWait   = 10 * time.Second // one push, when nobody waits
	pushTries  = 10               // against others who push at the same time
	longestGap = 2 * time.Minute  // between attempts while the remote is gone
	manyPacks  = 200              // then the clone is made anew
)

// GitConfig is how a repository is reached and where its clone is kept.
type GitConfig struct {
	Data      string // the clone is in Data/git
	TokenFile string // password or token for https; read each time it is needed
	KeyFile   string // private key for ssh; "": the agent
	Interval  time.Duration
	// Wait is how long Write waits for the remote. With 0 it answers when the change
	// is on the local disk; Watch then pushes it, and a conflict is found only there.
	Wait time.Duration
	// Timeout is how long one fetch or push may take; 0: a minute. The first clone
	// may take half an hour.
	Timeout time.Duration
	Now     func() time.Time
	Log     *slog.Logger
}

// limit is how long one contact may take that is given at most so long by itself.
func (c GitConfig) limit(most time.Duration) time.Duration {
	return min(most, cmp.Or(c.Timeout, fetchWait))
}

// A clone is a bare copy of one branch, and the changes made here that the
// remote does not have yet:
//
//	state.json  the branch and the commit that the remote had when last seen
//	repo/       the objects; only a cache, made anew when it is damaged
//	pending/    one file per change, in order; written before Write answers
//	conflicts/  changes that met another change of the same lines
//
// Several processes may use it. Commits are made when they are pushed, always
// on top of what the remote has then; so there is nothing to rebase.
type clone struct {
	cfg    GitConfig
	remote remote
	dir    string
	wake   chan struct{} // something was written here

	mu       sync.Mutex // one push, with the folder's lock against other processes
	fetching sync.Mutex // one fetch
	writing  sync.Mutex // one writer, with the lock of pending/ against other processes

	ending  sync.Mutex // guards closed, and that nothing begins while close waits
	closed  bool
	running sync.WaitGroup

	view    sync.Mutex // guards what follows
	fsys    *gitrepo.Files
	key     string // of fsys
	author  gitrepo.Author
	trouble string // of the latest contact, "" when it went well
	breaks  int    // how often the branch was rewritten without what it had
}

// cloneState is state.json. Attempt is a commit that was pushed without an
// answer so far, Settles the pending changes that it contains. When Attempt is
// Tip, they have arrived and are being forgotten.
type cloneState struct {
	URL     string   `json:"url"`
	Branch  string   `json:"branch"`
	Tip     string   `json:"tip"`
	Attempt string   `json:"attempt,omitempty"`
	Settles []string `json:"settles,omitempty"`
}

// IsGit reports whether the name of a source is a Git address.
func IsGit(name string) bool { return strings.HasPrefix(name, "git+") }

// GitDir returns the folder that the clone of an address has in a data folder.
func GitDir(data, address string) (string, error) {
	r, err := parseRemote(address)
	if err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(data, "git", Hash([]byte(r.name))[:12]))
}

// Git returns the source of a branch of a remote repository: git+https://,
// git+ssh:// or git+file://, and #BRANCH unless it is the default one. The
// files are those of the newest commit; nothing is checked out, no hook runs,
// submodules are left out. When the remote cannot be reached, the clone of an
// earlier start is served. [Source.Watch] fetches and pushes.
func Git(ctx context.Context, address string, cfg GitConfig) (*Source, error) {
	r, err := parseRemote(address)
	if err != nil {
		return nil, err
	}
	r.tokenFile, r.keyFile = cfg.TokenFile, cfg.KeyFile
	dir, err := GitDir(cfg.Data, address)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{"pending", "conflicts"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("the folder of the clone: %w", err)
		}
	}
	c := &clone{cfg: cfg, remote: r, dir: dir, wake: make(chan struct{}, 1)}
	if err := c.open(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return &Source{name: "git+" + r.name, git: c, ledger: ledger.New(), now: cfg.Now}, nil
}

// open makes sure that there is a clone whose files can be read, and that it
// is as new as the remote allows.
func (c *clone) open(ctx context.Context) error {
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	fresh := false
	if c.refresh() != nil {
		ctx, cancel := context.WithTimeout(ctx, firstClone)
		defer cancel()
		fresh = true
		err = c.cloneAnew(ctx)
		if err == nil {
			err = c.refresh()
		}
	}
	unlock()
	if err != nil {
		return err
	}
	if !fresh {
		ctx, cancel := context.WithTimeout(ctx, c.cfg.limit(startWait))
		defer cancel()
		c.sync(ctx)
	}
	if c.files().Empty() {
		return errors.New("the branch holds no files")
	}
	return nil
}

func (c *clone) lock() (unlock func(), err error) {
	c.mu.Lock()
	held, err := durable.LockFolder(c.dir)
	if err != nil {
		c.mu.Unlock()
		return nil, fmt.Errorf("locking the clone: %w", err)
	}
	return func() { held.Release(); c.mu.Unlock() }, nil
}

// cloneAnew fetches everything into a new folder and puts it in place.
func (c *clone) cloneAnew(ctx context.Context) error {
	fresh := filepath.Join(c.dir, "repo.new")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	branch, tip, err := c.remote.head(ctx)
	if err != nil {
		return err
	}
	c.cfg.Log.Info("cloning the content", "from", c.remote.name, "branch", branch)
	if err := c.remote.fetch(ctx, fresh, branch, plumbing.ZeroHash); err != nil {
		return err
	}
	if _, err := gitrepo.Open(fresh).Files(tip); err != nil {
		return err
	}
	if err := c.replaceRepo(fresh); err != nil {
		return err
	}
	st, _ := c.state()
	st.URL, st.Branch = c.remote.name, branch
	return c.setTip(st, tip)
}

func (c *clone) repo() string { return filepath.Join(c.dir, "repo") }

func (c *clone) replaceRepo(fresh string) error {
	if err := os.RemoveAll(c.repo()); err != nil {
		return err
	}
	return os.Rename(fresh, c.repo())
}

func (c *clone) state() (cloneState, error) {
	var st cloneState
	data, err := os.ReadFile(filepath.Join(c.dir, "state.json"))
	if err == nil {
		err = json.Unmarshal(data, &st)
	}
	if err == nil && (st.Branch == "" || !plumbing.IsHash(st.Tip)) {
		err = errors.New("state.json is damaged")
	}
	return st, err
}

// setTip remembers what the remote has. Changes that have arrived there, even
// if no answer said so, are no longer pending.
func (c *clone) setTip(st cloneState, tip plumbing.Hash) error {
	if plumbing.IsHash(st.Tip) && !gitrepo.Open(c.repo()).Contains(tip, plumbing.NewHash(st.Tip)) {
		c.view.Lock()
		c.breaks++
		c.view.Unlock()
	}
	arrived := st.Attempt != "" && gitrepo.Open(c.repo()).Contains(tip, plumbing.NewHash(st.Attempt))
	st.Tip = tip.String()
	if arrived {
		st.Attempt = st.Tip
	}
	if err := c.save(st); err != nil || !arrived {
		return err
	}
	return c.settleArrived(st)
}

func (c *clone) save(st cloneState) error {
	data, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(c.dir, "state.json"), data, 0o600)
}

// refresh builds the files as they are now, unless they are those of before.
func (c *clone) refresh() error {
	st, entries, err := c.consistent()
	if err != nil {
		return err
	}
	key := st.Tip
	for _, e := range entries {
		key += " " + e.name
	}
	c.view.Lock()
	defer c.view.Unlock()
	if key == c.key {
		return nil
	}
	t, err := gitrepo.Open(c.repo()).Files(plumbing.NewHash(st.Tip))
	if err != nil {
		return err
	}
	for _, e := range entries {
		results, err := e.apply(t, true)
		if err != nil {
			continue
		}
		for name, result := range results {
			t.Put(name, result)
		}
	}
	t.Finish()
	c.fsys, c.key = t, key
	return nil
}

// files returns the files as they are now, or as they were when last readable.
func (c *clone) files() *gitrepo.Files {
	err := c.refresh()
	c.view.Lock()
	defer c.view.Unlock()
	if err != nil {
		c.cfg.Log.Error("the clone cannot be read; the content stays as it was", "dir", c.dir, "error", err)
	}
	return c.fsys
}

// write keeps changes on the local disk, and waits for the remote as long as the
// configuration says.
func (c *clone) write(changes []Change) error {
	mine, err := c.accept(changes)
	if err != nil {
		return err
	}
	defer c.notify()
	if c.cfg.Wait == 0 {
		return nil
	}
	unlock, err := c.lock()
	if err != nil {
		return nil // it is kept, and pushed later
	}
	defer unlock()
	wait := c.cfg.Wait
	if c.troubled() != "" {
		wait /= 5 // it did not answer the last time either
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	err = c.push(ctx, mine)
	if errors.Is(err, ErrConflict) {
		return err
	}
	c.contact(err)
	if err != nil {
		c.cfg.Log.Warn("this change is shown here; it is pushed as soon as the repository takes it", "path", changes[0].Path, "kept", filepath.Join(c.dir, "pending"), "hint", "a server, or the next command, with the same --data pushes it")
	}
	return nil
}

// accept compares changes with the files as they are, and puts them into the
// journal. It never waits for the remote: a push has another lock.
func (c *clone) accept(changes []Change) (name string, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	held, err := durable.LockFolder(filepath.Join(c.dir, "pending"))
	if err != nil {
		return "", change.Classify(changes[0].Path, err)
	}
	defer held.Release()
	files := c.files()
	e := entry{Time: c.cfg.Now()}
	for _, ch := range changes {
		before, done, err := ch.Current(files)
		if err == nil && done && ch.After() != ch.Expected {
			err = &change.Error{Reason: change.Conflict, Path: ch.Path}
		}
		if err == nil {
			err = files.Writable(ch.Path)
		}
		if err != nil {
			return "", change.Classify(ch.Path, err)
		}
		e.Files = append(e.Files, fileChange{Path: ch.Path, Expected: ch.Expected, Base: before, Data: ch.Data, Remove: ch.Data == nil})
	}
	if name, err = c.journal(e); err != nil {
		return "", change.Classify(changes[0].Path, err)
	}
	return name, nil
}

func (c *clone) setAuthor(who gitrepo.Author) {
	c.view.Lock()
	c.author = who
	c.view.Unlock()
}
