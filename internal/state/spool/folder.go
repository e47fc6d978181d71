package spool

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/durable"
)

// maxFolders is how many processes have a spool of their own in one data folder.
const maxFolders = 9

func folder(dir string, n int) string {
	if n == 1 {
		return dir
	}
	return fmt.Sprintf("%s-%d", dir, n)
}

// claim chooses the buffer's folder: dir, or one beside it while another
// process uses dir, as in a restart without a gap. Two processes in one folder
// would take each other's unfinished files away. What a process left in one of
// the other folders is moved here.
func (b *Buffer) claim(dir string) {
	b.dir = dir
	for n := 1; n <= maxFolders; n++ {
		held, err := durable.TryLock(folder(dir, n) + ".lock")
		if !errors.Is(err, durable.ErrLocked) { // a folder that cannot be locked is used without
			b.dir, b.lock = folder(dir, n), held
			break
		}
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		b.log.Error("cannot make the folder of the spool", "error", err)
	}
	for n := 1; n <= maxFolders; n++ {
		other := folder(dir, n)
		files, err := filepath.Glob(filepath.Join(other, "*.jsonl"))
		if other == b.dir || err != nil || len(files) == 0 {
			continue
		}
		held, err := durable.TryLock(other + ".lock")
		if errors.Is(err, durable.ErrLocked) {
			continue
		}
		for _, f := range files {
			if err := os.Rename(f, filepath.Join(b.dir, filepath.Base(f))); err != nil {
				b.log.Error("cannot move a spool file", "error", err)
			}
		}
		held.Release()
	}
}

// load reads the spool of an earlier run, oldest file first: what comes later
// may add to what came before. A line cut short by a crash is left out.
func (b *Buffer) load() {
	entries, err := os.ReadDir(b.dir)
	if err != nil {
		b.log.Error("cannot read the spool", "error", err)
		return
	}
	type file struct {
		id int64
		at time.Time
	}
	var files []file
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".jsonl")
		id, err := strconv.ParseInt(name, 10, 64)
		if !ok || err != nil || id <= 0 {
			continue
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() { // a pipe would never end
			continue
		}
		files = append(files, file{id, info.ModTime()})
	}
	slices.SortFunc(files, func(x, y file) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.id, y.id)) })
	for _, f := range files {
		events, damaged, err := readFile(b.path(f.id))
		if err != nil {
			b.log.Error("cannot read a spool file", "file", b.path(f.id), "error", err)
			continue
		}
		if damaged > 0 {
			b.log.Error("lines of a spool file are damaged and lost", "file", b.path(f.id), "lines", damaged)
		}
		for i := range events {
			b.waiting[events[i].Kind]++
		}
		b.batches = append(b.batches, &Batch{f.id, events})
	}
}

// maxLine is the length of the longest line that is looked at; an event is far
// shorter.
const maxLine = 256 << 10

// readFile returns the events of a spool file, and how many lines are none.
func readFile(path string) (events []Event, damaged int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, maxLine)
	long := false // the rest of a line that is too long follows
	for len(events) < 10*batchSize {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF): // the rest, if any, has no end
			return events, damaged, nil
		case errors.Is(err, bufio.ErrBufferFull):
			long = true
			continue
		case err != nil:
			return nil, 0, err
		}
		var e Event
		if long || json.Unmarshal(line, &e) != nil || !e.valid() {
			long = false
			damaged++
			continue
		}
		events = append(events, e)
	}
	return events, damaged, nil
}

// valid reports whether an event can have been written by this package: what a
// day is not, would never be removed when it is old.
func (e *Event) valid() bool {
	_, err := time.Parse(time.DateOnly, e.Day)
	return err == nil && bounds[e.Kind] > 0 && e.N >= 0
}
