// Package links shows the links in a tree of files as what they lead to
// ([Follow]), and what is neither file nor folder as [LeftOut].
//
// It guarantees that a walk through the tree ends: no folder is met again below
// itself, and no path goes through more than a few links.
package links

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

const most = 4 // links to folders on one path

// Why a link is left out.
var (
	ErrOut    = errors.New("this link leads out of the content")
	errCircle = errors.New("this link leads in a circle")
	errNone   = errors.New("this link leads nowhere")
	errMany   = fmt.Errorf("more than %d links follow each other", most)
)

// A Tree is a tree of files with links.
type Tree interface {
	// Stat describes what a path leads to, through links; the error is [ErrOut] when
	// that is not in the tree.
	Stat(name string) (fs.FileInfo, error)
	// IsLink reports whether the last part of a path is a link.
	IsLink(name string) bool
	// Same reports whether both describe one folder.
	Same(a, b fs.FileInfo) bool
}

// Follow returns the entries of the folder dir with links as what they lead to.
func Follow(t Tree, dir string, entries []fs.DirEntry) []fs.DirEntry {
	list := make([]fs.DirEntry, len(entries))
	for i, e := range entries {
		p := path.Join(dir, e.Name())
		switch mode := e.Type(); {
		case mode.IsDir(), mode.IsRegular():
			list[i] = e
		case mode&fs.ModeSymlink != 0:
			list[i] = follow(t, p)
		default:
			list[i] = e
			if _, said := e.(LeftOut); !said {
				list[i] = LeftOut{p, mode, errors.New("this is " + kind(mode))}
			}
		}
	}
	return list
}

func follow(t Tree, p string) fs.DirEntry {
	info, err := t.Stat(p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errNone
	case err == nil && info.IsDir():
		err = circle(t, p, info)
	case err == nil && !info.Mode().IsRegular():
		err = errors.New("this link leads to " + kind(info.Mode()))
	}
	if err != nil {
		var named *fs.PathError
		if errors.As(err, &named) {
			err = named.Err // Info names the path
		}
		return LeftOut{p, fs.ModeSymlink, err}
	}
	return followed{path.Base(p), info}
}

// circle refuses a link to a folder that the link itself is in, and folders
// behind too many links.
func circle(t Tree, p string, info fs.FileInfo) error {
	count := 1
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		above, err := t.Stat(dir)
		if err != nil {
			return err
		}
		if t.Same(above, info) {
			return errCircle
		}
		if dir == "." {
			break
		}
		if t.IsLink(dir) {
			count++
		}
	}
	if count > most {
		return errMany
	}
	return nil
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe, not a file"
	case mode&fs.ModeSocket != 0:
		return "a socket, not a file"
	case mode&fs.ModeDevice != 0:
		return "a device, not a file"
	}
	return "neither a file nor a folder"
}

// Followed reports whether an entry is a link, whatever it looks like.
func Followed(d fs.DirEntry) bool {
	_, to := d.(followed)
	return to || d.Type()&fs.ModeSymlink != 0
}

// followed is what a link leads to, under the link's name.
type followed struct {
	name string
	info fs.FileInfo
}

func (e followed) Name() string               { return e.name }
func (e followed) IsDir() bool                { return e.info.IsDir() }
func (e followed) Type() fs.FileMode          { return e.info.Mode().Type() }
func (e followed) Info() (fs.FileInfo, error) { return e.info, nil }

// LeftOut is an entry that cannot be content. Its Info is an error that says why.
type LeftOut struct {
	Path string // within the tree
	Mode fs.FileMode
	Why  error
}

// Name implements [fs.DirEntry].
func (e LeftOut) Name() string { return path.Base(e.Path) }

// IsDir implements [fs.DirEntry].
func (e LeftOut) IsDir() bool { return false }

// Type implements [fs.DirEntry].
func (e LeftOut) Type() fs.FileMode { return e.Mode.Type() }

// Info implements [fs.DirEntry].
func (e LeftOut) Info() (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "read", Path: e.Path, Err: e.Why}
}
