package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/state"
	"signpost/internal/token"
)

// A keyCheck compares the key ring with those of the replicas that share the
// database. No ring is made before that.
type keyCheck struct {
	file  string // as --secret-key-file names it; else the one in the data folder
	ring  *token.Keyring
	fresh bool // ring is not in file yet
	store *state.Store
}

// read reads the ring, or prepares a new one.
func (k *keyCheck) read(data string, log *slog.Logger) (err error) {
	if k.file != "" {
		if k.ring, err = token.Read(k.file); err != nil {
			return hinted(fmt.Errorf("--secret-key-file: %w", err), "copy secret.key from the data folder of the first replica")
		}
		if st, err := os.Stat(k.file); err == nil && st.Mode().Perm()&0o007 != 0 {
			log.Warn("the key ring can be read by every account of this machine", "file", k.file)
		}
		return nil
	}
	k.file = filepath.Join(data, "secret.key")
	k.ring, err = token.Open(k.file)
	if !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return fmt.Errorf("the key ring: %w", err)
		}
		return nil
	}
	k.ring, k.fresh = token.New(), true
	if _, err := os.Stat(filepath.Join(data, "access.json")); err == nil {
		log.Warn("secret.key was missing and is made anew: links in replies sent until now lead nowhere; put the old file back if you have it", "file", k.file)
	}
	return nil
}

// settle asks the database, and keeps a new ring when it may. Errors:
// state.ErrUnavailable (ask again), state.ErrKeys, fs.ErrExist.
func (k *keyCheck) settle(ctx context.Context) error {
	switch err := k.store.CheckKeys(ctx, k.ring.Fingerprints(), time.Now()); {
	case errors.Is(err, state.ErrKeys):
		return hinted(err, "copy the key ring of another replica here, or name it with --secret-key-file; if this one is right and the others are gone: signpost state keys --accept")
	case err != nil:
		return err
	}
	if k.fresh {
		if err := k.ring.Create(k.file); err != nil {
			return err
		}
		k.fresh = false
	}
	return nil
}

const keyCheckEvery = 10 * time.Second

// run settles what could not be settled at the start.
func (k *keyCheck) run(ctx context.Context, log *slog.Logger) {
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(keyCheckEvery):
		}
		err := k.settle(ctx)
		if err == nil {
			return
		}
		if !errors.Is(err, state.ErrUnavailable) && err.Error() != said {
			said = err.Error()
			log.Error("the key ring of this replica is wrong: links that it makes do not work on the others; stop it and give it theirs", "error", err)
		}
	}
}

// stateKeys shows and resets the key fingerprints that replicas compare.
func stateKeys(f *stateFlags) *cobra.Command {
	var accept, asJSON bool
	file := ""
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Show the fingerprints of the key ring that all replicas share",
		Long: `Compares the key ring of this replica (secret.key in the data folder, or
--secret-key-file) with the fingerprints that a PostgreSQL database knows. A
replica whose ring does not fit refuses to start; --accept makes this ring the
one that all replicas must have.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				file = filepath.Join(f.data, "secret.key")
			}
			ring, err := token.Read(file)
			if err != nil {
				return hinted(err, "name the replica's key ring with --secret-key-file, or its data folder with --data")
			}
			return f.with(cmd.Context(), func(s *state.Store) error {
				if accept {
					if err := s.AcceptKeys(cmd.Context(), ring.Fingerprints(), time.Now()); err != nil {
						return stateError(err)
					}
				}
				return printKeys(cmd, s, ring.Fingerprints(), asJSON)
			})
		},
	}
	secretKeyFlag(cmd.Flags(), &file)
	cmd.Flags().BoolVar(&accept, "accept", false, "make this ring the one that all replicas must have")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printKeys(cmd *cobra.Command, s *state.Store, mine map[int]string, asJSON bool) error {
	type line struct {
		ID    int    `json:"id"`
		Here  string `json:"here"`  // fingerprint in this ring, or ""
		Known string `json:"known"` // fingerprint that the database knows, or ""
	}
	known, err := s.KnownKeys(cmd.Context())
	if err != nil {
		return stateError(err)
	}
	byID := map[int]line{}
	for id, print := range mine {
		byID[id] = line{ID: id, Here: print}
	}
	for _, k := range known {
		l := byID[k.ID]
		l.ID, l.Known = k.ID, k.Fingerprint
		byID[k.ID] = l
	}
	lines := []line{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		lines = append(lines, byID[id])
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), lines)
	}
	for _, l := range lines {
		verdict := "the same in the database"
		switch {
		case l.Here == "":
			verdict = "only in the database: " + l.Known
		case l.Known == "":
			verdict = "only here"
		case l.Here != l.Known:
			verdict = "another secret in the database: " + l.Known
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%3d  %-32s  %s\n", l.ID, l.Here, verdict)
	}
	return nil
}
