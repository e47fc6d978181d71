package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/verify"
	"signpost/internal/problem"
	"signpost/internal/server"
)

// mailFlags are what the server needs besides the content to hand out mail
// settings.
type mailFlags struct {
	signerFlags
	verifyEvery    time.Duration
	verifyNetworks []string
	resolver       string
}

func (f *mailFlags) add(cmd *cobra.Command) {
	f.signerFlags.add(cmd)
	cmd.Flags().DurationVar(&f.verifyEvery, "verify-every", 15*time.Minute, "how often to look whether the described servers answer as described; 0 never")
	verifyNetworksFlag(cmd, &f.verifyNetworks)
	resolverFlag(cmd, &f.resolver)
}

func verifyNetworksFlag(cmd *cobra.Command, v *[]string) {
	cmd.Flags().StringSliceVar(v, "verify-networks", nil, "internal networks in which described servers may be (default: public addresses only)")
}

// signerFlags name the files that profiles are signed with.
type signerFlags struct{ cert, key string }

func (f *signerFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.cert, "profile-cert", "", "certificate for signing Apple profiles, followed by its intermediates (PEM)")
	cmd.Flags().StringVar(&f.key, "profile-key", "", "private key of --profile-cert (PEM)")
}

// load returns the signer that the flags name, nil when they name none.
func (f signerFlags) load() (*mobileconfig.Signer, error) {
	switch {
	case f.cert == "" && f.key == "":
		return nil, nil
	case f.cert == "" || f.key == "":
		return nil, usageError{hinted(errors.New("signing needs both a certificate and its key"), "give --profile-cert and --profile-key")}
	}
	s, err := mobileconfig.LoadSigner(f.cert, f.key)
	if err != nil {
		return nil, hinted(err, "profiles cannot be signed with these files; leave --profile-cert and --profile-key out to hand them out unsigned")
	}
	return s, nil
}

// stamp changes with the files.
func (f signerFlags) stamp() (times [2]time.Time) {
	for i, name := range []string{f.cert, f.key} {
		if info, err := os.Stat(name); err == nil {
			times[i] = info.ModTime()
		}
	}
	return times
}

// start gives the server its signer, and begins what goes on beside requests
// until ctx ends.
func (f mailFlags) start(ctx context.Context, srv *server.Server, sample bool, log *slog.Logger) error {
	allow, err := parseNetworks("--verify-networks", f.verifyNetworks)
	if err != nil {
		return err
	}
	resolver, err := newResolver(f.resolver)
	if err != nil {
		return err
	}
	signer, err := f.load()
	if err != nil {
		return err
	}
	srv.SetSigner(signer)
	switch {
	case signer != nil:
		logSigner(log, signer)
		go f.watchSigner(ctx, srv, log)
	case !sample:
		log.Warn("Apple profiles are not signed; devices will call them unsigned. Name a key with --profile-cert and --profile-key")
	}
	if f.verifyEvery > 0 && !sample {
		go srv.Verify(ctx, f.verifyEvery, verify.Options{Guard: &verify.Guard{Allow: allow, Resolver: resolver}})
	}
	return nil
}

// watchSigner reads the files again when they change or SIGHUP comes, and says
// every day what is wrong with them.
func (f mailFlags) watchSigner(ctx context.Context, srv *server.Server, log *slog.Logger) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	look, day := time.NewTicker(10*time.Second), time.NewTicker(24*time.Hour)
	defer look.Stop()
	defer day.Stop()
	last := f.stamp()
	for {
		forced := false
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			forced = true
		case <-day.C:
			forced = true
		case <-look.C:
		}
		stamp := f.stamp()
		if stamp == last && !forced {
			continue
		}
		last = stamp
		signer, err := f.load()
		if err != nil { // half of a change, perhaps; the next look tells
			log.Error("the new signing files cannot be used; profiles are signed as before", "error", err)
			continue
		}
		srv.SetSigner(signer)
		logSigner(log, signer)
	}
}

func logSigner(log *slog.Logger, signer *mobileconfig.Signer) {
	for _, p := range signer.Check(time.Now(), nil) {
		level := slog.LevelWarn
		if p.Severity == problem.Error {
			level = slog.LevelError
		}
		log.Log(context.Background(), level, problem.Printable(p.Message), "path", p.Path, "hint", p.Hint)
	}
}
