package postings

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// sumsName is the file with the length and CRC-32 of every other file, written
// when the store is closed and removed when it is opened.
const sumsName = "sums.json"

type fileSum struct {
	Size int64
	CRC  uint32
}

// checkFiles reports files that are not what was written. After a clean end
// every file is checked; after a crash damaged segments are dropped, and the rest
// is checked by opening it.
func checkFiles(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "unproven")); err == nil {
		return errors.New("the last process ended before it had read the whole index")
	}
	name := filepath.Join(dir, sumsName)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return dropDamaged(dir)
	}
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil {
		return err
	}
	var want map[string]fileSum
	if err := json.Unmarshal(text, &want); err != nil {
		return fmt.Errorf("%s: %w", sumsName, err)
	}
	got, err := sums(dir)
	if err != nil {
		return err
	}
	for name, w := range want {
		if got[name] != w {
			return fmt.Errorf("the file %s is damaged or missing", name)
		}
	}
	return nil
}

func writeSums(dir string) error {
	all, err := sums(dir)
	if err != nil {
		return err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, sumsName), text, 0o600)
}

func sums(dir string) (map[string]fileSum, error) {
	all := map[string]fileSum{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == sumsName {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := crc32.NewIEEE()
		n, err := io.Copy(h, f)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = fileSum{n, h.Sum32()}
		return err
	})
	return all, err
}

// dropDamaged removes segments that do not match the checksum at their end: after
// a crash, mostly one that was just being written and that no state of the index
// names yet. Where one is named, bleve opens an older state or none, and the
// next Update adds what is missing.
func dropDamaged(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "store", "*.zap"))
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		n := len(text) - 4
		if n >= 0 && crc32.ChecksumIEEE(text[:n]) == binary.BigEndian.Uint32(text[n:]) {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}
