package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

func stateFlag(cmd *cobra.Command, v *string) {
	cmd.Flags().StringVar(v, "state", "", "database: postgres://… (default: the file state.db in the data folder)")
}

// openState opens what the site remembers, and its keys. Both live in the data
// folder; url replaces the database alone.
func openState(ctx context.Context, data, url string, log *slog.Logger) (*state.Store, *token.Keyring, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, nil, hinted(fmt.Errorf("the data folder: %w", err), "choose another folder with --data")
	}
	keyFile := filepath.Join(data, "secret.key")
	_, missing := os.Stat(keyFile)
	keys, err := token.Open(keyFile)
	if err != nil {
		return nil, nil, fmt.Errorf("the key ring: %w", err)
	}
	if _, used := os.Stat(filepath.Join(data, "access.json")); missing != nil && used == nil {
		log.Warn("secret.key was missing and is made anew: links in replies sent until now lead nowhere; put the old file back if you have it", "file", keyFile)
	}
	store, err := state.Open(ctx, state.Config{URL: url, Dir: data, Key: keys.Secret("state"), Redact: ticket.Redact, Log: log})
	if err != nil {
		return nil, nil, stateError(err)
	}
	return store, keys, nil
}

// stateError says what to do when a state cannot be opened.
func stateError(err error) error {
	hint := "is --data a folder that can be written, and --state right?"
	switch {
	case errors.Is(err, state.ErrNewer): // says it itself
		hint = ""
	case errors.Is(err, state.ErrDamaged):
		hint = "move the file away and restore the last backup: signpost state restore FILE"
	}
	return hinted(fmt.Errorf("opening the state: %w", err), hint)
}

const maxKeep = 36500 // days; for longer there is 0

// keepDays reads --keep.
func keepDays(days map[string]int) (state.Retention, error) {
	keep := state.DefaultRetention
	for name, n := range days {
		field := map[string]*int{
			"votes": &keep.Votes, "searches": &keep.Searches, "replies": &keep.Replies, "reads": &keep.Reads, "gaps": &keep.Gaps,
		}[name]
		if field == nil || n < 0 || n > maxKeep {
			return keep, usageError{hinted(fmt.Errorf("--keep: %s=%d is not understood", name, n), "for example --keep votes=730,searches=90,replies=365,reads=730,gaps=365; 0 keeps for ever")}
		}
		*field = n
	}
	return keep, nil
}

// runState does the state's background work until ctx ends; wait for it before
// the state is closed.
func runState(ctx context.Context, store *state.Store, keep state.Retention, log *slog.Logger) (wait func()) {
	var group sync.WaitGroup
	group.Go(func() { store.Run(ctx) })
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
