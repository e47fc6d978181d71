package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/durable"
	"signpost/internal/problem"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

// stateFlags say whose state a command works on.
type stateFlags struct {
	data  string
	state stateAddress
	ring  *token.Keyring // of the site, for commands that need it
}

func (f *stateFlags) add(cmd *cobra.Command) {
	fl := cmd.PersistentFlags()
	fl.StringVar(&f.data, "data", defaultData(), "data folder of the server")
	f.state.add(fl)
}

// with gives the state to do, beside a server that may be using it: the spool
// in the data folder is the server's alone, so this command has its own, which
// stays empty. A state that does not exist is an error: --data is wrong.
func (f *stateFlags) with(ctx context.Context, do func(*state.Store) error) error {
	if url, err := f.state.get(); err != nil {
		return err
	} else if url == "" {
		if _, err := os.Stat(f.file()); errors.Is(err, fs.ErrNotExist) {
			return hinted(fmt.Errorf("there is no state in %s", f.data), "name the server's data folder with --data; the server makes the state when it starts, and \"signpost agent add\" does")
		}
	}
	return f.withNew(ctx, do)
}

func (f *stateFlags) file() string { return filepath.Join(f.data, "state.db") }

// withNew is with, and makes the state when it does not exist.
func (f *stateFlags) withNew(ctx context.Context, do func(*state.Store) error) (err error) {
	url, err := f.state.get()
	if err != nil {
		return err
	}
	url = cmp.Or(url, "sqlite:"+f.file())
	if err := os.MkdirAll(f.data, 0o700); err != nil {
		return hinted(fmt.Errorf("the data folder: %w", err), "choose another folder with --data")
	}
	dir, err := os.MkdirTemp(f.data, "command-") // a container may have no /tmp
	if err != nil {
		return hinted(fmt.Errorf("the data folder: %w", err), "use the account of the server, or choose another folder with --data")
	}
	defer os.RemoveAll(dir)
	keys := token.New() // this command makes nothing that its key would have to outlive
	store, err := state.Open(ctx, state.Config{URL: url, Dir: dir, Key: keys.Secret("state"), Keys: f.ring, Ended: filepath.Join(f.data, "ended.jsonl"), Redact: ticket.Redact, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return stateError(err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Ping(ctx); err != nil {
		return stateError(err)
	}
	return do(store)
}

// accounts makes what works with accounts and tokens of a state.
func accounts(s *state.Store) *auth.Auth { return auth.New(s.Accounts, token.New()) }

func stateCommand() *cobra.Command {
	var f stateFlags
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Back up and restore what the site remembers",
		Long: `Copies the state (votes, searches, replies, gaps, accounts, tokens, subscriptions)
to a file and back. Whoever has left notices since a backup stays away, and
messages that wait are not in it. The file fits SQLite and PostgreSQL, so it also moves a site
from one to the other. It holds password hashes and subscribers' addresses: keep
it safe. secret.key in the data folder is not in it.`,
	}
	f.add(cmd)
	cmd.AddCommand(
		&cobra.Command{
			Use: "backup FILE", Short: "Write a backup, also while the server runs; - is the standard output",
			Args: exactly(1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return f.with(cmd.Context(), func(s *state.Store) error {
					return writeWhole(cmd, args[0], func(w io.Writer) error { return s.Backup(cmd.Context(), w) })
				})
			},
		},
		&cobra.Command{
			Use: "restore FILE", Short: "Replace everything by a backup; all sessions end; - is the standard input",
			Args: exactly(1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error { return restore(cmd, &f, args[0]) },
		},
		stateAsked(&f), stateAudit(&f), stateKeys(&f), statePerson(&f),
	)
	return cmd
}

func restore(cmd *cobra.Command, f *stateFlags, name string) error {
	in := cmd.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("the backup: %w", err)
		}
		defer file.Close()
		in = file
	}
	return f.withNew(cmd.Context(), func(s *state.Store) error {
		n, err := s.Restore(cmd.Context(), in)
		if errors.Is(err, state.ErrBackup) {
			return hinted(fmt.Errorf("%s: %w", name, err), "the state is as it was; \"signpost state backup\" of this or an older version writes what can be restored")
		}
		if err == nil {
			fmt.Fprintf(cmd.OutOrStdout(), "%d rows are restored, and all sessions have ended\n", n)
		}
		return err
	})
}

// auditDays is how far back the audit log is shown, auditRows how much of it.
const (
	auditDays = 90
	auditRows = 10000
)

// stateAudit shows what agents and tokens did.
func stateAudit(f *stateFlags) *cobra.Command {
	var asJSON bool
	days := auditDays
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show what agents and API tokens did",
		Long: `Shows who wrote, edited or took back which status post, and which accounts and
tokens were made, changed or removed, oldest first. It holds no customers' text;
the server's --keep audit=DAYS says how long it is kept. While the database is
gone, a server keeps new entries in its data folder.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 || days > maxKeep {
				return usageError{fmt.Errorf("--days: %d is not a number of days from 1 to %d", days, maxKeep)}
			}
			return f.with(cmd.Context(), func(s *state.Store) error {
				entries, err := s.Reports.Audit(cmd.Context(), time.Now().AddDate(0, 0, -days), auditRows)
				if err != nil {
					return stateError(err)
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), entries)
				}
				for _, e := range entries {
					who := cmp.Or(e.Agent, "command line")
					if e.Token != "" {
						who = strings.TrimSpace(e.Agent + " token " + e.Token)
					}
					line := fmt.Sprintf("%s  %-24s %-14s %s %s", e.At.Local().Format("2006-01-02 15:04:05"), who, e.Action, e.Subject, e.Detail)
					fmt.Fprintln(cmd.OutOrStdout(), problem.Printable(strings.TrimRight(line, " ")))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&days, "days", auditDays, "how many days to show")
	return cmd
}

// stateAsked works on what was learnt from tickets.
func stateAsked(f *stateFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "asked",
		Short: "What was learnt from tickets: terms, by the article that answered them",
		Long: `Shows or forgets the stemmed terms of tickets, counted by the article that
answered them, with which suggestions are ranked. A running server ranks by a
change within ten minutes.`,
	}
	article := 0
	reset := &cobra.Command{
		Use: "reset", Short: "Forget all terms, or those of one article",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if article < 0 {
				return usageError{fmt.Errorf("--article: %d is no article's id", article)}
			}
			return f.with(cmd.Context(), func(s *state.Store) error { return s.Events.ResetAsked(cmd.Context(), article) })
		},
	}
	reset.Flags().IntVar(&article, "article", 0, "id of the article (default: all)")
	cmd.AddCommand(
		&cobra.Command{
			Use: "export FILE", Short: "Write the terms as JSON lines: article, lang, term, n; - is the standard output",
			Args: exactly(1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return f.with(cmd.Context(), func(s *state.Store) error {
					return writeWhole(cmd, args[0], func(w io.Writer) error { return s.Reports.ExportAsked(cmd.Context(), w) })
				})
			},
		},
		reset,
	)
	return cmd
}

// writeWhole writes a whole file, which only its owner may read, or none; "-"
// is the standard output.
func writeWhole(cmd *cobra.Command, name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(cmd.OutOrStdout())
	}
	return durable.WriteTo(name, 0o600, write)
}
