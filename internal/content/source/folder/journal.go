package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"signpost/internal/content/source/change"
	"signpost/internal/durable"
)

// Several changes are made all or none with a journal: the new bytes are written
// to temporary files and flushed, then the journal is, and from then on the
// changes are made. Whoever finds a journal completes it, or undoes it when
// someone else has changed a file of it meanwhile. Temporary files without a
// journal are of changes that never began. One change alone needs no journal: a
// rename is whole by itself.

// journalFile lies in the content folder while several changes are made.
const journalFile = ".signpost-journal.json"

// A step is one change of a journal.
type step struct {
	Path   string `json:"path"`
	Temp   string `json:"temp,omitempty"` // the new bytes; "" removes the file
	Before []byte `json:"before"`         // nil: there was no file
	After  string `json:"after"`          // hash of the new bytes
}

// moves is how often a write follows a name that is given to another folder
// while it writes.
const moves = 20

// Write makes changes, all or none. The error has a reason of package change
// when one is known: [change.Conflict] when a file is not what a change was made
// from. A nil error says that the changes are on the disk, in the folder that
// the name meant after they were made.
func (f *Folder) Write(changes []change.Change) error {
	f.writing.Lock()
	defer f.writing.Unlock()
	for again := range moves {
		files, err := f.Files()
		if err != nil {
			return err
		}
		if err := f.unmanaged(files); err != nil {
			return err
		}
		done, err := f.writeInto(files, changes, again > 0)
		if reason, _ := change.ReasonOf(err); reason == "" && errors.Is(err, fs.ErrNotExist) {
			continue // a folder on the way was deleted this moment
		}
		if done && f.isStill(files) {
			return f.explain(err)
		}
	}
	return &change.Error{Reason: change.Gone, Err: errors.New("it was replaced again and again while this was written")}
}

// writeInto makes changes in one folder. done is false when the name meant
// another folder before it began; again says that an earlier attempt may have made
// the changes there already.
func (f *Folder) writeInto(files *Files, changes []change.Change, again bool) (done bool, err error) {
	held, err := durable.LockFolder(f.dir)
	if err != nil {
		return true, change.Classify(changes[0].Path, err)
	}
	defer held.Release()
	if !f.isStill(files) {
		return false, nil // the lock is another folder's
	}
	if err := files.recover(); err != nil {
		return true, change.Classify(changes[0].Path, err)
	}
	todo, steps, err := files.plan(changes, again)
	switch {
	case err != nil || len(todo) == 0:
		return true, err
	case len(todo) == 1:
		return true, change.Classify(todo[0].Path, files.replace(todo[0]))
	}
	return true, change.Classify(todo[0].Path, files.replaceAll(todo, steps))
}

// plan compares the files with what the changes were made from, and returns what
// is to be done.
func (v *Files) plan(changes []change.Change, again bool) (todo []change.Change, steps []step, err error) {
	for _, c := range changes {
		before, done, err := c.Current(v)
		if err == nil && done && !again && c.After() != c.Expected {
			err = &change.Error{Reason: change.Conflict, Path: c.Path}
		}
		if err != nil {
			return nil, nil, change.Classify(c.Path, err)
		}
		if !done {
			todo = append(todo, c)
			steps = append(steps, step{Path: c.Path, Before: before, After: c.After()})
		}
	}
	return todo, steps, nil
}

func (v *Files) durable() durable.Folder { return durable.Folder{Root: v.root} }

func (v *Files) replace(c change.Change) error {
	if c.Data == nil {
		return v.durable().Remove(c.Path)
	}
	return v.durable().WriteFile(c.Path, c.Data, 0o666)
}

// replaceAll makes several changes with a journal.
func (v *Files) replaceAll(changes []change.Change, steps []step) error {
	err := v.stage(changes, steps)
	if err == nil {
		var text []byte
		if text, err = json.Marshal(steps); err == nil {
			err = v.durable().WriteFile(journalFile, text, 0o600)
		}
	}
	if err != nil {
		v.unstage(steps)
		return err
	}
	return v.recover()
}

func (v *Files) stage(changes []change.Change, steps []step) (err error) {
	for i, c := range changes {
		if c.Data == nil {
			continue
		}
		if steps[i].Temp, err = v.durable().Stage(c.Path, c.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func (v *Files) unstage(steps []step) {
	for _, s := range steps {
		if s.Temp != "" {
			v.root.Remove(s.Temp)
		}
	}
}

// recover finishes the journal that is there, if any: it completes the changes,
// or takes back those that were made when one cannot be made any more.
func (v *Files) recover() error {
	text, err := change.ReadFile(v, journalFile, change.MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var steps []step
	if err == nil {
		err = json.Unmarshal(text, &steps)
	}
	if err != nil {
		return fmt.Errorf("the journal of an interrupted change: %w", err)
	}
	open := make([]bool, len(steps))
	for i, s := range steps {
		if open[i], err = v.open(s); errors.Is(err, change.Conflict) {
			return v.undo(steps)
		} else if err != nil {
			return err
		}
	}
	for i, s := range steps {
		switch {
		case !open[i]:
		case s.Temp == "":
			err = v.root.Remove(s.Path)
		default:
			err = v.root.Rename(s.Temp, s.Path)
		}
		if err != nil {
			return err
		}
	}
	return v.finish(steps)
}

// open reports whether a step is still to be made; the error is
// [change.Conflict] when it cannot be made any more.
func (v *Files) open(s step) (bool, error) {
	now, err := v.hash(s.Path)
	if err != nil || now == s.After {
		return false, err
	}
	before := ""
	if s.Before != nil {
		before = change.Hash(s.Before)
	}
	if now != before {
		return false, change.Conflict
	}
	if s.Temp == "" {
		return true, nil
	}
	if staged, err := v.hash(s.Temp); err != nil || staged != s.After {
		return false, errors.Join(err, change.Conflict) // its bytes are lost
	}
	return true, nil
}

// hash is the version of a file, "" when there is none.
func (v *Files) hash(name string) (string, error) {
	data, err := change.ReadFile(v, name, change.MaxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	}
	return change.Hash(data), nil
}

// undo takes back the steps that were made.
func (v *Files) undo(steps []step) error {
	for _, s := range steps {
		now, err := v.hash(s.Path)
		switch {
		case err != nil || now != s.After: // never made, or someone else's by now
		case s.Before == nil:
			err = v.durable().Remove(s.Path)
		default:
			err = v.durable().WriteFile(s.Path, s.Before, 0o666)
		}
		if err != nil {
			return err
		}
	}
	v.unstage(steps)
	return v.finish(steps)
}

// finish flushes what a journal was about and removes the journal.
func (v *Files) finish(steps []step) error {
	for _, s := range steps {
		v.durable().Sync(path.Dir(s.Path))
	}
	return v.durable().Remove(journalFile)
}

// recover finishes what a crash broke off, and removes temporary files. A folder
// that cannot be written is left as it is.
func (f *Folder) recover() error {
	files, err := f.Files()
	if err != nil || f.managed(files) != "" {
		return err
	}
	held, err := durable.LockFolder(f.dir)
	if err != nil {
		return nil
	}
	defer held.Release()
	if err := files.recover(); err != nil {
		if r, _ := change.ReasonOf(change.Classify("", err)); r != "" {
			return nil // the same is said when something is posted
		}
		return err
	}
	files.durable().Sweep(time.Time{}) // whoever writes has the lock
	return nil
}
