package gitrepo

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// A Workshop makes new objects.
type Workshop struct {
	storage *filesystem.Storage
	made    map[plumbing.Hash]bool
}

// NewWorkshop returns one that puts its objects into the bare repository at dir.
func NewWorkshop(dir string) *Workshop {
	return &Workshop{storage: Storage(dir), made: map[plumbing.Hash]bool{}}
}

// Made returns the objects that were made.
func (w *Workshop) Made() []plumbing.Hash { return slices.Collect(maps.Keys(w.made)) }

// An Author signs commits.
type Author struct{ Site, Host string }

// encoder is a tree or a commit.
type encoder interface {
	Encode(plumbing.EncodedObject) error
}

func (w *Workshop) save(o encoder) (plumbing.Hash, error) {
	enc := w.storage.NewEncodedObject()
	if err := o.Encode(enc); err != nil {
		return plumbing.ZeroHash, err
	}
	return w.keep(enc)
}

func (w *Workshop) keep(enc plumbing.EncodedObject) (plumbing.Hash, error) {
	h, err := w.storage.SetEncodedObject(enc)
	w.made[h] = true
	return h, err
}

// putFile returns the tree that results from a change below tree.
func (w *Workshop) PutFile(tree plumbing.Hash, names []string, c Change) (plumbing.Hash, error) {
	t := &object.Tree{}
	if !tree.IsZero() {
		var err error
		if t, err = object.GetTree(w.storage, tree); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	entries := slices.Clone(t.Entries)
	i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == names[0] })
	e := object.TreeEntry{Name: names[0], Mode: filemode.Regular}
	if i >= 0 {
		e = entries[i]
		entries = slices.Delete(entries, i, i+1)
	}
	keep := true
	switch {
	case len(names) > 1:
		if i >= 0 && e.Mode != filemode.Dir {
			return plumbing.ZeroHash, errors.New("a file is where a folder should be")
		}
		var below plumbing.Hash
		if i >= 0 {
			below = e.Hash
		}
		h, err := w.PutFile(below, names[1:], c)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		e.Mode, e.Hash, keep = filemode.Dir, h, h != emptyTree
	case c.Remove:
		keep = false
	default:
		h, err := w.putBlob(c.Data)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		e.Hash = h
	}
	if keep {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b object.TreeEntry) int { return cmp.Compare(sortName(a), sortName(b)) })
	return w.save(&object.Tree{Entries: entries})
}

var emptyTree = plumbing.ComputeHash(plumbing.TreeObject, nil)

// sortName is the name by which Git sorts a tree.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

func (w *Workshop) putBlob(data []byte) (plumbing.Hash, error) {
	enc := w.storage.NewEncodedObject()
	enc.SetType(plumbing.BlobObject)
	out, err := enc.Writer()
	if err == nil {
		_, err = out.Write(data)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return w.keep(enc)
}

// Commit makes a commit of tree. The same at the same time gives the same commit.
func (w *Workshop) Commit(tree, parent plumbing.Hash, who Author, at time.Time, message string) (plumbing.Hash, error) {
	sign := object.Signature{Name: clean("Signpost " + who.Site), Email: clean("signpost@" + cmp.Or(who.Host, "localhost")), When: at}
	return w.save(&object.Commit{Author: sign, Committer: sign, Message: message + "\n", TreeHash: tree, ParentHashes: []plumbing.Hash{parent}})
}

// clean takes away what would end a name in a commit.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == '<' || r == '>' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}
