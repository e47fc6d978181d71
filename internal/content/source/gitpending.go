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
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/change"
	"signpost/internal/content/source/gitrepo"
	"signpost/internal/durable"
	"signpost/internal/problem"
)

// An entry is what one Write made and the remote may not have yet: one commit.
type entry struct {
	Files []fileChange `json:"files"`
	Time  time.Time    `json:"time"`

	name string // of its file
}

// A fileChange is one change of an entry. Entries of earlier versions have one
// only, and its keys in place of "files".
type fileChange struct {
	Path     string `json:"path"`
	Expected string `json:"expected"` // hash of Base, "" for a new file
	Base     []byte `json:"base"`
	Data     []byte `json:"data"`
	Remove   bool   `json:"remove,omitempty"`
}

// UnmarshalJSON reads both forms.
func (e *entry) UnmarshalJSON(text []byte) error {
	var v struct {
		fileChange
		Files []fileChange `json:"files"`
		Time  time.Time    `json:"time"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	e.Files, e.Time = v.Files, v.Time
	if len(e.Files) == 0 {
		e.Files = []fileChange{v.fileChange}
	}
	for _, f := range e.Files {
		if !fs.ValidPath(f.Path) {
			return fmt.Errorf("%q is not a path", f.Path)
		}
	}
	return nil
}

// errDone says that the file already is what the change makes of it.
var errDone = errors.New("nothing is left to change")

// apply returns what an entry makes of the files in t, or errDone or ErrConflict
// for all of it. Unless merging is allowed, the files must be those that the
// writer saw.
func (e entry) apply(t *gitrepo.Files, merging bool) (map[string]gitrepo.Change, error) {
	results := map[string]gitrepo.Change{}
	for _, f := range e.Files {
		switch result, err := f.apply(t, merging); {
		case errors.Is(err, errDone):
		case err != nil:
			return nil, err
		default:
			results[f.Path] = result
		}
	}
	if len(results) == 0 {
		return nil, errDone
	}
	return results, nil
}

func (e fileChange) apply(t *gitrepo.Files, merging bool) (gitrepo.Change, error) {
	current, err := ReadFile(t, e.Path, change.MaxFile)
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
	return gitrepo.Change{}, &change.Error{Reason: change.Conflict, Path: e.Path}
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
		if err != nil {
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
				lost = &change.Error{Reason: change.Conflict, Path: e.Files[0].Path}
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
	if slices.ContainsFunc(e.Files, func(f fileChange) bool { return f.Expected != "" || f.Remove }) {
		return c.setConflictAside(e)
	}
	// Other new files of these names: both stay.
	other := e
	other.Files = slices.Clone(e.Files)
	tag := "-" + Hash(e.Files[0].Data)[:4]
	for i, f := range e.Files {
		stem, rest, _ := strings.Cut(path.Base(f.Path), ".") // a text in another language keeps its post's name
		other.Files[i].Path = path.Join(path.Dir(f.Path), stem+tag+"."+rest)
		c.cfg.Log.Warn("another file of this name was made meanwhile; both stay", "path", f.Path, "now", other.Files[i].Path)
	}
	if _, err := c.journal(other); err != nil {
		return err
	}
	c.settle([]string{e.name})
	return nil
}

func (c *clone) setConflictAside(e entry) error {
	for _, f := range e.Files {
		if f.Remove {
			continue
		}
		kept := strings.TrimSuffix(e.name, ".json") + "-" + path.Base(f.Path)
		if err := durable.WriteFile(filepath.Join(c.dir, "conflicts", kept), f.Data, 0o600); err != nil {
			return err
		}
		c.cfg.Log.Error("someone else has changed the same lines meanwhile; their version is shown, this one is kept aside", "path", f.Path, "kept", filepath.Join(c.dir, "conflicts", kept))
	}
	c.settle([]string{e.name})
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
		results, err := e.apply(view, e.name != mine)
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
		for name, result := range results {
			if root, err = b.PutFile(root, strings.Split(name, "/"), result); err != nil {
				return b, fmt.Errorf("%s: %w", name, err)
			}
			view.Put(name, result)
		}
		if b.tip, err = b.Commit(root, b.tip, who, e.Time, subject(e)); err != nil {
			return b, err
		}
		b.done = append(b.done, e.name)
	}
	return b, nil
}

// subject is the first line of a commit: what becomes of the entry's first file.
func subject(e entry) string {
	f := e.Files[0]
	verb := "update"
	switch {
	case f.Remove:
		verb = "remove"
	case f.Expected == "":
		verb = "new"
	}
	kind, _, _ := strings.Cut(f.Path, "/")
	if kind == "status" {
		return "status: " + verb + " " + strings.TrimSuffix(path.Base(f.Path), ".md")
	}
	return "content: " + verb + " " + f.Path
}

// waits reports whether a change of a file is pending.
func (c *clone) waits(name string) bool {
	_, entries, err := c.consistent()
	return err == nil && slices.ContainsFunc(entries, func(e entry) bool {
		return slices.ContainsFunc(e.Files, func(f fileChange) bool { return f.Path == name })
	})
}

// writable returns why changes cannot be kept.
func (c *clone) writable() error {
	name := durable.Temporary(filepath.Join(c.dir, "pending", "probe"))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return change.Classify("", err)
	}
	f.Close()
	os.Remove(name)
	return nil
}

// problems tells what the remote does not take, and what was set aside.
func (c *clone) problems() (list problem.List) {
	if trouble := c.troubled(); trouble != "" {
		_, entries, _ := c.consistent()
		for _, e := range entries {
			for _, f := range e.Files {
				list.Warnf(f.Path, 0, change.PendingPush.Hint(), "%s: %s", change.PendingPush, trouble)
			}
		}
	}
	files, _ := os.ReadDir(filepath.Join(c.dir, "conflicts"))
	for _, f := range files {
		if kept := filepath.Join(c.dir, "conflicts", f.Name()); !durable.IsTemporary(f.Name()) {
			list.Errorf("status", 0, fmt.Sprintf("put what is missing into the post, and delete %s", kept),
				"a change made here met another one of the same lines; theirs is shown, ours is kept in %s", kept)
		}
	}
	return list
}

// troubled says what went wrong with the remote the last time, "" for nothing.
func (c *clone) troubled() string {
	c.view.Lock()
	defer c.view.Unlock()
	return c.trouble
}

// history numbers the histories of the branch: one that was rewritten is another.
func (c *clone) history() string {
	c.view.Lock()
	defer c.view.Unlock()
	return strconv.Itoa(c.breaks)
}
