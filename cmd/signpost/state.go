package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/link"
	"signpost/internal/state"
	"signpost/internal/ticket"
)

// stateFlags say whose state a command works on.
type stateFlags struct {
	data, state string
}

func (f *stateFlags) add(cmd *cobra.Command) {
	fl := cmd.PersistentFlags()
	fl.StringVar(&f.data, "data", defaultData(), "data folder of the server")
	fl.StringVar(&f.state, "state", "", "database: postgres://… (default: the file state.db in the data folder)")
}

// with gives the state to do, beside a server that may be using it: the spool
// in the data folder is the server's alone, so this command has its own, which
// stays empty.
func (f *stateFlags) with(ctx context.Context, do func(*state.Store) error) (err error) {
	url := f.state
	if url == "" {
		if err := os.MkdirAll(f.data, 0o700); err != nil {
			return hinted(fmt.Errorf("the data folder: %w", err), "choose another folder with --data")
		}
		url = "sqlite:" + filepath.Join(f.data, "state.db")
	}
	dir, err := os.MkdirTemp("", "signpost-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	keys := link.New() // this command makes nothing that its key would have to outlive
	store, err := state.Open(ctx, state.Config{URL: url, Dir: dir, Key: keys.Secret("state"), Redact: ticket.Redact, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("opening the state: %w", err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Ping(ctx); err != nil {
		return err
	}
	return do(store)
}

// withAuth is with for accounts and tokens.
func (f *stateFlags) withAuth(ctx context.Context, do func(*auth.Auth, *state.Store) error) error {
	return f.with(ctx, func(s *state.Store) error { return do(auth.New(s, link.New()), s) })
}

func stateCommand() *cobra.Command {
	var f stateFlags
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Back up and restore what the site remembers",
		Long: `Copies the state (votes, searches, replies, gaps, accounts, tokens, subscriptions)
to a file and back. The file fits SQLite and PostgreSQL, so it also moves a site
from one to the other. It holds password hashes and subscribers' addresses: keep
it safe. secret.key in the data folder is not in it.`,
	}
	f.add(cmd)
	cmd.AddCommand(
		&cobra.Command{
			Use: "backup FILE", Short: "Write a backup, also while the server runs; - is the standard output",
			Args: exactly(1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return f.with(cmd.Context(), func(s *state.Store) error { return backup(cmd, s, args[0]) })
			},
		},
		&cobra.Command{
			Use: "restore FILE", Short: "Replace everything by a backup; all sessions end",
			Args: exactly(1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				return f.with(cmd.Context(), func(s *state.Store) error { _, err := s.Restore(cmd.Context(), file); return err })
			},
		},
	)
	return cmd
}

// backup writes the whole file or none.
func backup(cmd *cobra.Command, s *state.Store, name string) (err error) {
	if name == "-" {
		return s.Backup(cmd.Context(), cmd.OutOrStdout())
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".signpost-backup-*") // mode 0600
	if err != nil {
		return fmt.Errorf("the backup: %w", err)
	}
	defer os.Remove(f.Name())
	err = s.Backup(cmd.Context(), f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
