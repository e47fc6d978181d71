package folder

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/source/links"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet        = 50 * time.Millisecond // editors write a file in several steps
	longestQuiet = 500 * time.Millisecond
	placeEvery   = 500 * time.Millisecond // how often the place is looked at
	pollAlone    = time.Second            // how often all files are, without notifications
	pollBeside   = 2 * time.Second        // and beside them: network folders notify nobody
	pollShare    = 200                    // looking at all files takes one part in this many of the time
	maxWatched   = 512                    // links that are looked at with the place
)

// A watcher tells of changes. It has three ways to know: the system's
// notifications, a look at the place and the links in it, which nothing notifies
// of in all cases, and a slow look at every file.
type watcher struct {
	folder *Folder
	files  *Files // nil when the place is gone
	notify *fsnotify.Watcher
	links  []link
	names  []string // of all links, as of the last look at every file
	print  uint64
	cost   time.Duration // of that look
}

// A link is what a link in the folder leads to.
type link struct {
	name, target string
	info         fs.FileInfo
}

// Watch calls changed when the watch is set up, and then soon after something
// has changed, but not more often than every 50 ms, until ctx ends.
func (f *Folder) Watch(ctx context.Context, changed func()) {
	w := &watcher{folder: f}
	w.begin()
	defer w.stopNotifications()
	changed() // between the reader's first look and ours anything may have happened
	place := time.NewTicker(placeEvery)
	defer place.Stop()
	poll := time.NewTimer(w.pollAfter())
	defer poll.Stop()
	for {
		var events chan fsnotify.Event
		var errs chan error
		if w.notify != nil {
			events, errs = w.notify.Events, w.notify.Errors
		}
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if w.relevant(e) {
				w.settle(ctx)
				w.follow()
				changed()
			}
		case <-errs: // an overflow: something happened that was not told
			w.begin()
			changed()
		case <-place.C:
			if w.follow() {
				w.settle(ctx)
				changed()
			}
		case <-poll.C:
			if p := w.look(); p != w.print {
				w.print = p
				changed()
			}
			poll.Reset(w.pollAfter())
		}
	}
}

func (w *watcher) pollAfter() time.Duration {
	wait := pollBeside
	if w.notify == nil {
		wait = pollAlone
	}
	return max(wait, w.cost*pollShare)
}

// begin sets up everything for the folder that is there now.
func (w *watcher) begin() {
	w.stopNotifications()
	w.files, w.links, w.names = nil, nil, nil
	files, err := w.folder.Files()
	if err != nil {
		w.print = 0
		return
	}
	w.files = files
	if n, err := fsnotify.NewWatcher(); err == nil {
		w.notify = n
		if !w.add(".") {
			w.stopNotifications()
		}
	}
	w.print = w.look()
	w.links = w.readLinks()
}

func (w *watcher) stopNotifications() {
	if w.notify != nil {
		w.notify.Close()
		w.notify = nil
	}
}

// follow looks at the place and its links, and begins anew when they have changed.
func (w *watcher) follow() bool {
	files, err := w.folder.Files()
	switch {
	case err != nil && w.files == nil:
		return false // it is still gone
	case err != nil, w.files == nil, files != w.files:
	case !slices.EqualFunc(w.links, w.readLinks(), link.same):
	default:
		return false
	}
	w.begin()
	return true
}

func (l link) same(other link) bool {
	return l.name == other.name && l.target == other.target &&
		(l.info == nil) == (other.info == nil) && (l.info == nil || os.SameFile(l.info, other.info))
}

// readLinks reads the links that were seen at the last look at all files, and
// those at the top: "..data" of a ConfigMap is hidden.
func (w *watcher) readLinks() []link {
	var list []link
	seen := func(name string) {
		if target, err := w.files.root.Readlink(name); err == nil && len(list) < maxWatched {
			info, _ := w.files.root.Stat(name)
			list = append(list, link{name, target, info})
		}
	}
	seen("..data")
	for _, name := range w.names {
		seen(name)
	}
	return list
}

// add watches a folder and all folders in it; false when the system has run out
// of watches.
func (w *watcher) add(name string) bool {
	ok := true
	fs.WalkDir(w.files, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if d.IsDir() {
			if skip(p) {
				return fs.SkipDir
			}
			if err := w.notify.Add(filepath.Join(w.folder.dir, filepath.FromSlash(p))); err != nil {
				ok = false
				return fs.SkipAll
			}
		}
		return nil
	})
	return ok
}

// skip names what is never content: hidden files, and so also Git's folder and
// temporary files.
func skip(p string) bool {
	base := p[strings.LastIndexByte(p, '/')+1:]
	return base != "." && strings.HasPrefix(base, ".")
}

func (w *watcher) relevant(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod || skip(filepath.ToSlash(e.Name)) {
		return false
	}
	if e.Has(fsnotify.Create) && w.files != nil {
		if rel, err := filepath.Rel(w.folder.dir, e.Name); err == nil {
			if !w.add(filepath.ToSlash(rel)) {
				w.stopNotifications()
			}
		}
	}
	return true
}

// settle waits until nothing more happens for a moment.
func (w *watcher) settle(ctx context.Context) {
	end := time.After(longestQuiet)
	for w.notify != nil {
		select {
		case <-ctx.Done():
			return
		case e := <-w.notify.Events:
			w.relevant(e)
		case <-time.After(quiet):
			return
		case <-end:
			return
		}
	}
}

// look returns what changes when any file's name, size or time of change does.
func (w *watcher) look() uint64 {
	if w.files == nil {
		return 0
	}
	began := time.Now()
	h := fnv.New64a()
	w.names = nil
	fs.WalkDir(w.files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			fmt.Fprintf(h, "%s\x00!\n", p)
			return nil
		}
		if skip(p) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if links.Followed(d) {
			w.names = append(w.names, p)
		}
		if d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			fmt.Fprintf(h, "%s\x00%d\x00%d\n", p, info.Size(), info.ModTime().UnixNano())
		} else {
			fmt.Fprintf(h, "%s\x00%v\n", p, err)
		}
		return nil
	})
	w.cost = time.Since(began)
	return h.Sum64()
}
