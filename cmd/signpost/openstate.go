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
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"signpost/internal/auth"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

// A stateAddress names the database, or the file that does.
type stateAddress struct {
	url, file string
}

func (a *stateAddress) add(fl *pflag.FlagSet) {
	fl.StringVar(&a.url, "state", "", "database: postgres://… (default: the file state.db in the data folder)")
	fl.StringVar(&a.file, "state-file", "", "file with what --state would say, so that its password is not on the command line")
}

const maxAddress = 64 << 10 // bytes of --state-file

// get returns the database's address, "" for the file in the data folder.
func (a *stateAddress) get() (string, error) {
	switch {
	case a.file == "":
		return a.url, nil
	case a.url != "":
		return "", usageError{hinted(errors.New("--state and --state-file both name the database"), "give one of them")}
	}
	f, err := os.Open(a.file)
	if err != nil {
		return "", hinted(fmt.Errorf("--state-file: %w", err), "the file holds one line: postgres://user:password@host:5432/name")
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxAddress))
	if err != nil {
		return "", fmt.Errorf("--state-file: %w", err)
	}
	url, rest, _ := strings.Cut(strings.TrimSpace(string(src)), "\n")
	if url = strings.TrimSpace(url); url == "" || strings.TrimSpace(rest) != "" {
		return "", hinted(fmt.Errorf("--state-file: %s must hold exactly one line", a.file), "for example postgres://user:password@host:5432/name")
	}
	return url, nil
}

func secretKeyFlag(fl *pflag.FlagSet, v *string) {
	fl.StringVar(v, "secret-key-file", "", "key ring that all replicas share (default: secret.key in the data folder, made when missing)")
}

// openState opens what the site remembers, and its keys. Both live in the data
// folder; a URL replaces the database alone, and a file names a key ring that
// other replicas have too. What pending says about the keys, if it is not nil,
// has to be settled when the database can be reached.
func openState(ctx context.Context, data, url, keyFile string, log *slog.Logger) (store *state.Store, keys *token.Keyring, pending *keyCheck, err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, nil, nil, hinted(fmt.Errorf("the data folder: %w", err), "choose another folder with --data")
	}
	check := &keyCheck{file: keyFile}
	if err := check.read(data, log); err != nil {
		return nil, nil, nil, err
	}
	store, err = state.Open(ctx, state.Config{URL: url, Dir: data, Recover: true, Key: check.ring.Secret("state"), Keys: check.ring, Redact: ticket.Redact, Log: log})
	if err != nil {
		return nil, nil, nil, stateError(err)
	}
	check.store = store
	switch err = check.settle(ctx); {
	case err == nil:
		return store, check.ring, nil, nil
	case errors.Is(err, state.ErrUnavailable):
		if check.fresh {
			log.Warn("there is no key ring yet, and none is made before the database can be asked for the other replicas' keys: links made until then will not last", "file", check.file)
		}
		return store, check.ring, check, nil
	case errors.Is(err, fs.ErrExist): // another process made the ring meanwhile
		if err := store.Close(); err != nil {
			return nil, nil, nil, err
		}
		return openState(ctx, data, url, keyFile, log)
	}
	return nil, nil, nil, errors.Join(err, store.Close())
}

// stateError says what to do when a state cannot be opened or used.
func stateError(err error) error {
	return hinted(fmt.Errorf("opening the state: %w", err), cmp.Or(state.Hint(err), "is --data a folder that can be written, and --state right?"))
}

const maxKeep = 36500 // days; for longer there is 0

// keepDays reads --keep.
func keepDays(days map[string]int) (state.Retention, error) {
	keep := state.DefaultRetention
	for name, n := range days {
		field := map[string]*int{
			"votes": &keep.Votes, "searches": &keep.Searches, "replies": &keep.Replies, "reads": &keep.Reads, "gaps": &keep.Gaps, "audit": &keep.Audit,
		}[name]
		if field == nil || n < 0 || n > maxKeep {
			return keep, usageError{hinted(fmt.Errorf("--keep: %s=%d is not understood", name, n), "for example --keep votes=730,searches=90,replies=365,reads=730,gaps=365,audit=730; 0 keeps for ever")}
		}
		*field = n
	}
	return keep, nil
}

// runState does the state's background work until ctx ends; wait for it before
// the state is closed.
func runState(ctx context.Context, store *state.Store, keys *keyCheck, keep state.Retention, share func(replicas int), log *slog.Logger) (wait func()) {
	var group sync.WaitGroup
	if keys != nil {
		group.Go(func() { keys.run(ctx, log) })
	}
	group.Go(func() { store.Run(ctx) })
	group.Go(func() { beat(ctx, store, share, log) })
	group.Go(func() {
		for {
			if err := store.Copy(ctx, time.Now()); err != nil && ctx.Err() == nil {
				log.Warn("the daily copy of the database could not be made; it is tried again in an hour", "error", err, "hint", state.Hint(err))
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Hour):
			}
		}
	})
	group.Go(func() {
		for {
			wait := 24 * time.Hour
			if err := store.Expire(ctx, keep, time.Now()); err != nil && ctx.Err() == nil {
				log.Warn("what is old was not removed; it is tried again in an hour", "error", err)
				wait = time.Hour
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
		}
	})
	return group.Wait
}

const beatEvery = 30 * time.Second

// beat shows the other replicas that this one is alive, tells share how many there
// are, and says which versions work together, as they do while a site is upgraded.
func beat(ctx context.Context, store *state.Store, share func(replicas int), log *slog.Logger) {
	said := versionText()
	for {
		replicas, err := store.Beat(ctx, versionText(), time.Now())
		if err != nil && !errors.Is(err, state.ErrUnavailable) && ctx.Err() == nil {
			log.Error("cannot tell the other replicas that this one is alive", "error", err)
		}
		if err == nil {
			share(len(replicas))
		}
		var versions []string
		for _, r := range replicas {
			versions = append(versions, r.Version)
		}
		slices.Sort(versions)
		if all := strings.Join(slices.Compact(versions), ", "); err == nil && all != said {
			said = all
			log.Info("replicas that share the database", "replicas", len(replicas), "versions", all)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(beatEvery):
		}
	}
}

type oidcFlags struct {
	issuer, clientID, secretFile string
	emails, domains, groups      []string
	groupsClaim                  string
}

func (f *oidcFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.issuer, "oidc-issuer", "", "OpenID provider with which agents sign in (https://…); it sends them back to /agent/openid/back")
	fl.StringVar(&f.clientID, "oidc-client-id", "", "this site's id at the OpenID provider")
	fl.StringVar(&f.secretFile, "oidc-client-secret-file", "", "file with this site's secret at the OpenID provider")
	fl.StringSliceVar(&f.emails, "oidc-allow-email", nil, "verified addresses that may sign in")
	fl.StringSliceVar(&f.domains, "oidc-allow-domain", nil, "domains whose verified addresses may sign in")
	fl.StringSliceVar(&f.groups, "oidc-allow-group", nil, "groups whose members may sign in")
	fl.StringVar(&f.groupsClaim, "oidc-groups-claim", "groups", "claim that holds a user's groups")
}

// open returns nil when no provider is named. base is the site's absolute URL.
func (f *oidcFlags) open(a *auth.Auth, base string) (*auth.OIDC, error) {
	if f.issuer == "" {
		if f.clientID != "" || f.secretFile != "" || len(f.emails)+len(f.domains)+len(f.groups) > 0 {
			return nil, usageError{hinted(errors.New("OpenID sign-in has no provider"), "name it with --oidc-issuer")}
		}
		return nil, nil
	}
	secret := ""
	if f.secretFile != "" {
		src, err := os.ReadFile(f.secretFile)
		if err != nil {
			return nil, fmt.Errorf("the OpenID secret: %w", err)
		}
		secret = strings.TrimSpace(string(src))
	}
	o, err := auth.NewOIDC(auth.OIDCConfig{
		Issuer: f.issuer, ClientID: f.clientID, ClientSecret: secret, RedirectURL: strings.TrimRight(base, "/") + "/agent/openid/back",
		Emails: f.emails, Domains: f.domains, Groups: f.groups, GroupsClaim: f.groupsClaim,
	}, a)
	if err != nil {
		return nil, usageError{hinted(err, "the flags are --oidc-issuer, --oidc-client-id and --oidc-allow-email, --oidc-allow-domain or --oidc-allow-group")}
	}
	return o, nil
}
