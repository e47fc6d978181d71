package state

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"signpost/internal/state/database"
)

// Probe reports why the database that a [Config] with this URL and folder names
// cannot be used, and changes nothing. A file that does not exist yet is
// fs.ErrNotExist; for all other errors there may be a [Hint].
func Probe(ctx context.Context, url, dir string) error {
	return database.Probe(ctx, database.Config{URL: url, Dir: dir})
}

// KnownAgents returns how many agents' accounts a data folder remembers, without
// asking the database. The folder does not have to exist.
func KnownAgents(dir string) int {
	src, err := os.ReadFile(filepath.Join(dir, "access.json"))
	var a Access
	if err != nil || json.Unmarshal(src, &a) != nil {
		return 0
	}
	return len(a.Agents)
}
