package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/gitrepo"
	"signpost/internal/durable"
)

// An entry is one change that the remote may not have yet.
type entry struct {
	Path     string    `json:"path"`
	Expected string    `json:"expected"` // hash of Base, "" for a new file
	Base     []byte    `json:"base"`
	Data     []byte    `json:"data"`
	Remove   bool      `json:"remove,omitempty"`
	Time     time.Time `json:"time"`

	name string // of its file
}

// errDone says that the file already is what the entry makes of it.
var errDone = errors.New("nothing is left to change")

// apply returns what the entry makes of its file in t, or errDone or
// ErrConflict. Unless merging is allowed, the file must be the one that the
// writer saw.
func (e entry) apply(t *gitrepo.Files, merging bool) (gitrepo.Change, error) {
	current, err := ReadFile(t, e.Path, 64<<20)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return gitrepo.Change{}, err
	}
	switch {
	case missing && e.Remove, !missing && !e.Remove && string(current) == string(e.Data):
		return gitrepo.Change{}, errDone
	case missing && e.Expected == "", !missing && e.Expected == Hash(current):
		return gitrepo.Change{Data: e.Data, Remove: e.Remove}, nil
	case merging && !missing && !e.Remove && e.Expected != "":
		if merged, ok := merge(e.Base, e.Data, current); ok {
			return gitrepo.Change{Data: merged}, nil
		}
	}
	return gitrepo.Change{}, ErrConflict
}

// merge joins two changes of one text, each a single run of lines, when they
// do not touch the same lines. Two insertions at one place follow each other.
func merge(base, ours, theirs []byte) ([]byte, bool) {
	b, o, t := lines(base), lines(ours), lines(theirs)
	oFrom, oEnd := changed(b, o)
	tFrom, tEnd := changed(b, t)
	put := func(text []string, from, end int, with []string) []string {
		return slices.Concat(text[:from], with, text[end:])
	}
	ourLines := o[oFrom : len(o)-(len(b)-oEnd)]
	shift := len(t) - len(b)
	switch {
	case oEnd <= tFrom && (oEnd < tFrom || oFrom < oEnd || tFrom < tEnd):
		return []byte(strings.Join(put(t, oFrom, oEnd, ourLines), "")), true
	case tEnd <= oFrom:
		return []byte(strings.Join(put(t, oFrom+shift, oEnd+shift, ourLines), "")), true
	}
	return nil, false
}

func lines(text []byte) []string { return strings.SplitAfter(string(text), "\n") }

// changed returns the lines of base that text replaces: from (inclusive) to end.
func changed(base, text []string) (from, end int) {
	for from < min(len(base), len(text)) && base[from] == text[from] {
		from++
	}
	end = len(base)
	for rest := len(text); end > from && rest > from && base[end-1] == text[rest-1]; rest-- {
		end--
	}
	return from, end
}

// pending returns the changes that wait, the oldest first.
func (c *clone) pending() ([]entry, error) {
	dir := filepath.Join(c.dir, "pending")
	files, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, err
	}
	var entries []entry
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // settled this moment
		}
		e := entry{name: f.Name()}
		if err == nil {
			err = json.Unmarshal(data, &e)
		}
		if err != nil || !fs.ValidPath(e.Path) {
			c.cfg.Log.Error("a kept change cannot be read; it is left out", "file", filepath.Join(dir, f.Name()), "error", err)
			continue
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// journal keeps a change; it is on the disk when this returns.
func (c *clone) journal(e entry) (name string, err error) {
	entries, err := c.pending()
	if err != nil {
		return "", err
	}
	at := e.Time.UnixNano()
	for _, other := range entries { // clocks may go back; the order may not
		var before int64
		fmt.Sscanf(other.name, "%d", &before)
		at = max(at, before+1)
	}
	data, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	name = fmt.Sprintf("%020d-%08x.json", at, rand.Uint32())
	return name, durable.WriteFile(filepath.Join(c.dir, "pending", name), data, 0o600)
}

// settle forgets changes that the remote has.
func (c *clone) settle(names []string) {
	for _, name := range names {
		os.Remove(filepath.Join(c.dir, "pending", filepath.Base(name)))
	}
}

// settleArrived forgets the changes that the tip is known to contain. Until
// then they are in both, and whoever reads leaves them out.
func (c *clone) settleArrived(st cloneState) error {
	c.settle(st.Settles)
	st.Attempt, st.Settles = "", nil
	return c.save(st)
}

// consistent returns the state and the changes that are not in its tip, while
// others may be writing.
func (c *clone) consistent() (cloneState, []entry, error) {
	before, err := c.state()
	for err == nil {
		var entries []entry
		var after cloneState
		if entries, err = c.pending(); err != nil {
			break
		}
		if after, err = c.state(); err != nil {
			break
		}
		if before.Tip == after.Tip && before.Attempt == after.Attempt {
			if after.Attempt == after.Tip {
				entries = slices.DeleteFunc(entries, func(e entry) bool { return slices.Contains(after.Settles, e.name) })
			}
			return after, entries, nil
		}
		before = after
	}
	return before, nil, err
}

// push brings the pending changes to the remote, on top of what it has. mine
// names the change whose writer waits: when its file was changed by someone
// else, the change is dropped and the error is [ErrConflict]. The caller holds
// the lock.
func (c *clone) push(ctx context.Context, mine string) error {
	var lost error
	for try := range pushTries {
		st, err := c.state()
		if err != nil {
			return err
		}
		if st.Attempt == st.Tip { // a crash came before the end of this
			if err := c.settleArrived(st); err != nil {
				return err
			}
			continue
		}
		entries, err := c.pending()
		if err != nil || len(entries) == 0 {
			return errors.Join(lost, err)
		}
		b, err := c.commits(st, entries, mine)
		if err != nil {
			return err
		}
		for _, e := range b.conflicts {
			if e.name == mine {
				c.settle([]string{mine})
				lost = fmt.Errorf("%s: %w", e.Path, ErrConflict)
			} else if err := c.setAside(e); err != nil {
				return err
			}
		}
		if b.tip.String() == st.Tip {
			c.settle(b.done)
			return lost
		}
		st.Attempt, st.Settles = b.tip.String(), b.done
		if err := c.save(st); err != nil {
			return err
		}
		err = c.remote.push(ctx, c.repo(), st.Branch, plumbing.NewHash(st.Tip), b.tip, b.Made())
		if err == nil {
			return errors.Join(lost, c.setTip(st, b.tip))
		}
		if retry, fetchErr := c.moved(ctx, st, err, try); !retry {
			return errors.Join(lost, err, fetchErr)
		}
	}
	return errors.Join(lost, errors.New("others push all the time; the next attempt comes soon"))
}

// moved fetches after a push that failed, and reports whether another attempt
// makes sense: someone else has pushed, or may be about to.
func (c *clone) moved(ctx context.Context, st cloneState, failure error, try int) (retry bool, err error) {
	tip, err := c.fetchTip(ctx, st)
	if err != nil {
		return false, err
	}
	if tip.String() != st.Tip {
		return true, c.setTip(st, tip)
	}
	if try >= 2 && !errors.Is(failure, errMoved) {
		return false, nil // the remote does not want it
	}
	select {
	case <-ctx.Done():
		return false, nil
	case <-time.After(rand.N(100 * time.Millisecond)):
		return true, nil
	}
}

// setAside keeps a change that cannot be joined with someone else's where a
// person finds it.
func (c *clone) setAside(e entry) error {
	if e.Expected == "" && !e.Remove { // another new file of that name: both stay
		ext := path.Ext(e.Path)
		other := e
		other.Path = fmt.Sprintf("%s-%s%s", strings.TrimSuffix(e.Path, ext), Hash(e.Data)[:4], ext)
		if _, err := c.journal(other); err != nil {
			return err
		}
		c.cfg.Log.Warn("another file of this name was made meanwhile; both stay", "path", e.Path, "now", other.Path)
		c.settle([]string{e.name})
		return nil
	}
	kept := strings.TrimSuffix(e.name, ".json") + "-" + path.Base(e.Path)
	if err := durable.WriteFile(filepath.Join(c.dir, "conflicts", kept), e.Data, 0o600); err != nil {
		return err
	}
	c.settle([]string{e.name})
	c.cfg.Log.Error("someone else has changed the same lines meanwhile; their version is shown, this one is kept aside", "path", e.Path, "kept", filepath.Join(c.dir, "conflicts", kept))
	return nil
}

// batch is what a push consists of.
type batch struct {
	*gitrepo.Workshop
	tip       plumbing.Hash
	done      []string // entries that tip contains
	conflicts []entry
}

// commits builds a commit for each change on top of the remote's tip.
func (c *clone) commits(st cloneState, entries []entry, mine string) (batch, error) {
	b := batch{Workshop: gitrepo.NewWorkshop(c.repo()), tip: plumbing.NewHash(st.Tip)}
	view, err := gitrepo.Open(c.repo()).Files(b.tip)
	if err != nil {
		return b, err
	}
	root := view.Root
	c.view.Lock()
	who := c.author
	c.view.Unlock()
	for _, e := range entries {
		result, err := e.apply(view, e.name != mine)
		switch {
		case errors.Is(err, ErrConflict):
			b.conflicts = append(b.conflicts, e)
			continue
		case errors.Is(err, errDone):
			b.done = append(b.done, e.name)
			continue
		case err != nil:
			return b, err
		}
		if root, err = b.PutFile(root, strings.Split(e.Path, "/"), result); err != nil {
			return b, fmt.Errorf("%s: %w", e.Path, err)
		}
		if b.tip, err = b.Commit(root, b.tip, who, e.Time, subject(e)); err != nil {
			return b, err
		}
		view.Put(e.Path, result)
		b.done = append(b.done, e.name)
	}
	return b, nil
}

// subject is the first line of a commit that changes a file.
func subject(e entry) string {
	verb := "update"
	switch {
	case e.Remove:
		verb = "remove"
	case e.Expected == "":
		verb = "new"
	}
	kind, _, _ := strings.Cut(e.Path, "/")
	if kind == "status" {
		return "status: " + verb + " " + strings.TrimSuffix(path.Base(e.Path), ".md")
	}
	return "content: " + verb + " " + e.Path
}
