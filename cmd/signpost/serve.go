package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/durable"
	"signpost/internal/limit"
	"signpost/internal/listen"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/server"
	"signpost/internal/server/web"
	"signpost/internal/site"
	"signpost/internal/state"
)

type serveFlags struct {
	listen, content, data   string
	adminListen, adminToken string
	trustedProxies          []string
	logFormat               string
	drafts, development     bool
	state                   stateAddress
	secretKey               string
	gitInterval, gitTimeout time.Duration
	drainDelay              time.Duration
	keep                    map[string]int
	limits                  map[string]string
	tracking                bool
	oidc                    oidcFlags
	mail                    mailFlags
	relay                   relayFlags
	notices                 noticeFlags
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the help desk",
		Long: `Serves the pages, feeds and mail settings of a content folder. Without flags it
serves the sample site, to try it out. Changes in the folder are seen at once.

--listen takes an address and port, unix:PATH for a Unix socket, systemd for the
sockets of a .socket unit (systemd:NAME for those with this FileDescriptorName),
or fd://N for a socket that was inherited as descriptor N.

SIGTERM lets the requests that are being answered end; SIGHUP reads the content
and the signing key again.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, f) },
	}
	f.add(cmd)
	return cmd
}

func (f *serveFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address and port to listen on, unix:PATH, systemd[:NAME] or fd://N")
	dataFlag(cmd, &f.data)
	contentFlag(cmd, &f.content)
	fl.DurationVar(&f.gitInterval, "git-interval", 10*time.Second, "how often a git+ repository is looked at")
	fl.DurationVar(&f.gitTimeout, "git-timeout", time.Minute, "how long one fetch or push of a git+ repository may take")
	fl.StringVar(&f.adminListen, "admin-listen", "", "address for /metrics, /problems and /debug/pprof (default: off)")
	fl.StringVar(&f.adminToken, "admin-token-file", "", "file with the token that the admin listener wants; needed unless it listens on loopback or a Unix socket")
	fl.StringSliceVar(&f.trustedProxies, "trusted-proxies", nil, "addresses or networks whose X-Forwarded-For and -Proto are trusted; unix for a proxy on a Unix socket")
	fl.DurationVar(&f.drainDelay, "drain-delay", 0, "how long to keep serving after SIGTERM while /readyz says 503, so that balancers look elsewhere")
	fl.StringVar(&f.logFormat, "log-format", "text", "text or json")
	fl.BoolVar(&f.drafts, "drafts", false, "show drafts and scheduled articles, for writers")
	fl.BoolVar(&f.development, "development", false, "show /style, a page with every element")
	f.state.add(fl)
	secretKeyFlag(fl, &f.secretKey)
	fl.StringToIntVar(&f.keep, "keep", nil, "days to keep votes, searches, replies, reads, closed gaps and the audit log; 0 for ever")
	fl.Lookup("keep").DefValue = "votes=730,searches=90,replies=365,reads=730,gaps=365,audit=730" // what is not named stays so
	limitsFlag(fl, &f.limits)
	fl.BoolVar(&f.tracking, "tracking", false, "count how often the links in agents' replies are opened")
	f.oidc.add(cmd)
	f.mail.add(cmd)
	f.relay.add(cmd.Flags())
	f.notices.add(cmd.Flags())
}

func newLog(cmd *cobra.Command, format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil)), nil
	}
	return nil, usageError{fmt.Errorf("--log-format is text or json, not %q", format)}
}

func serve(cmd *cobra.Command, f serveFlags) error {
	log, err := newLog(cmd, f.logFormat)
	if err != nil {
		return err
	}
	set, err := f.check()
	if err != nil {
		return err
	}
	src, err := openServed(cmd, f.content, f.gitInterval, f.gitTimeout, log)
	if err != nil {
		return err
	}
	defer src.Close()
	begin(src, f.data, log)
	listeners, loopback, err := f.open(src.Sample(), log)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	store, keys, pending, err := openState(cmd.Context(), f.data, set.state, f.secretKey, log)
	if err != nil {
		return err
	}
	defer closeState(store, log)
	signals := site.NewSignals(store, time.Now)
	bar := newProgress(cmd.ErrOrStderr(), "indexing")
	live, err := site.Open(site.Config{
		Source: src, Data: f.data, Drafts: f.drafts, Now: time.Now, Log: log, Progress: bar.update, Reload: onHangup(),
		Asked: signals.Asked, Popular: signals.Popular,
	})
	bar.done()
	if err != nil {
		return err
	}
	defer live.Close()
	base := "http://" + listen.Host(listeners[0])
	accounts := auth.New(store.Accounts, keys)
	openID, err := f.oidc.open(accounts, cmp.Or(live.Snapshot().Library.Site.URL, base))
	if err != nil {
		return err
	}
	out, err := f.relay.outgoing(f.data, log)
	if err != nil {
		return err
	}
	mailer, err := f.relay.open()
	if err != nil {
		return err
	}
	srv, err := server.New(server.Config{
		Live: live, Log: log, Now: time.Now, URL: base, TrustedProxies: set.proxies, TrustUnix: set.overUnix, Development: f.development,
		State: store, Auth: accounts, OpenID: openID, Keys: keys, Tracking: f.tracking,
		Loopback: loopback, Resolver: set.resolver, Outbox: out.outbox, Sender: out.sender, Hook: out.hook,
		Notices: subscribers(mailer, store), Bounces: set.bounces, Limits: set.limits, Version: versionText(),
	})
	if err != nil {
		return err
	}
	if openID == nil && len(store.Accounts.Access().Agents) == 0 {
		log.Info("no agent can sign in yet; make the first account with \"signpost agent add NAME\" and the same --data and --state", "page", base+"/agent")
	}
	runner, err := f.runner(mailer, store, srv, live, log)
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(context.Background())
	wait := runState(background, store, pending, set.keep, shared(runner), log)
	defer wait()
	defer tell(background, runner)()
	defer stop() // after the last request was answered
	if out.outbox != nil {
		go out.outbox.Run(background)
	}
	if err := f.mail.start(background, srv, src.Sample(), log); err != nil {
		return err
	}
	return serveUntilStopped(cmd, f, log, live, srv, listeners, base)
}

// open opens the sockets; loopback says that only this machine reaches them.
func (f serveFlags) open(sample bool, log *slog.Logger) (listeners []net.Listener, loopback bool, err error) {
	listeners, err = listen.Open(f.listen, 0o666) // reached by who reaches its folder
	if err != nil {
		return nil, false, hinted(fmt.Errorf("listening: %w", err), "choose another address with --listen")
	}
	loopback = !slices.ContainsFunc(listeners, func(l net.Listener) bool { return !listen.Loopback(l) })
	if sample && !loopback {
		log.Warn("this is the sample site; it answers the discovery of mail settings only on a loopback address. Serve your own with --content")
	}
	return listeners, loopback, nil
}

// settings are what flags say once they have been read.
type settings struct {
	proxies  []netip.Prefix
	overUnix bool // a proxy on a Unix socket is trusted
	keep     state.Retention
	limits   map[web.Kind]limit.Budget
	state    string // address of the database
	bounces  string // domain of the addresses that take notices that come back
	resolver *dnsclient.Client
}

// check reads the flags, and refuses values that they cannot have.
func (f serveFlags) check() (s settings, err error) {
	if f.drainDelay < 0 {
		return s, usageError{errors.New("--drain-delay must not be negative")}
	}
	if f.gitInterval < time.Second {
		return s, usageError{errors.New("--git-interval must be at least 1s")}
	}
	if f.gitTimeout < time.Second {
		return s, usageError{errors.New("--git-timeout must be at least 1s")}
	}
	isUnix := func(s string) bool { return s == "unix" }
	s.overUnix = slices.ContainsFunc(f.trustedProxies, isUnix)
	if s.proxies, err = parseNetworks("--trusted-proxies", slices.DeleteFunc(slices.Clone(f.trustedProxies), isUnix)); err != nil {
		return s, err
	}
	if s.keep, err = keepDays(f.keep); err != nil {
		return s, err
	}
	if s.limits, err = readLimits(f.limits); err != nil {
		return s, err
	}
	if s.resolver, err = newResolver(f.mail.resolver); err != nil {
		return s, err
	}
	if s.bounces, err = f.notices.check(); err != nil {
		return s, err
	}
	s.state, err = f.state.get()
	return s, err
}

// onHangup returns a channel that tells of each SIGHUP.
func onHangup() <-chan struct{} {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	reload := make(chan struct{})
	go func() {
		for range hangup {
			reload <- struct{}{}
		}
	}()
	return reload
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		l.Close()
	}
}

// begin removes what an earlier crash left, and says what an agent would otherwise
// only be told when something has broken: that no post can be written.
func begin(src *source.Source, data string, log *slog.Logger) {
	if err := durable.Sweep(data, time.Now().Add(-time.Hour)); err != nil {
		log.Warn("temporary files of an earlier crash could not be removed", "error", err)
	}
	err := src.Writable()
	if err == nil {
		return
	}
	reason, hint := change.ReasonOf(err)
	level := slog.LevelWarn
	if src.Sample() {
		level = slog.LevelInfo
	}
	log.Log(context.Background(), level, "no status post can be written from here", "cause", string(reason), "error", err, "hint", hint)
}

func closeState(store *state.Store, log *slog.Logger) {
	if err := store.Close(); err != nil {
		log.Warn("closing the state", "error", err)
	}
}

// serveUntilStopped serves until the context ends or a listener fails.
func serveUntilStopped(cmd *cobra.Command, f serveFlags, log *slog.Logger, live *site.Live, srv *server.Server, listeners []net.Listener, base string) error {
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	public := server.HTTPServer(srv, log)
	servers := []*http.Server{public}
	failed := make(chan error, len(listeners)+1)
	if f.adminListen != "" {
		admin, l, err := adminServer(f, srv, log)
		if err != nil {
			return err
		}
		servers = append(servers, admin)
		go func() { failed <- admin.Serve(l) }()
	}
	go live.Run(ctx)
	for _, l := range listeners {
		go func() { failed <- public.Serve(l) }()
	}
	snap := live.Snapshot()
	log.Info("serving", "url", base+"/", "content", live.Source().Name(), "articles", len(snap.Help.Articles), "problems", len(snap.Problems))
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
		if f.drainDelay > 0 {
			log.Info("draining; /readyz answers 503", "for", f.drainDelay)
			srv.Drain()
			select {
			case err := <-failed:
				return fmt.Errorf("serving: %w", err)
			case <-time.After(f.drainDelay):
			}
		}
		log.Info("stopping; requests that are being answered may end")
		err := server.Shutdown(servers...)
		if errors.Is(err, context.DeadlineExceeded) {
			log.Warn("requests that took too long were cut off")
			return nil
		}
		return err
	}
}

func adminServer(f serveFlags, srv *server.Server, log *slog.Logger) (*http.Server, net.Listener, error) {
	token := ""
	if f.adminToken != "" {
		src, err := os.ReadFile(f.adminToken)
		if err != nil {
			return nil, nil, fmt.Errorf("the admin token: %w", err)
		}
		if token = strings.TrimSpace(string(src)); len(token) < 16 {
			return nil, nil, fmt.Errorf("the admin token in %s is shorter than 16 characters", f.adminToken)
		}
	}
	list, err := listen.Open(f.adminListen, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("the admin listener: %w", err)
	}
	l := list[0]
	if len(list) > 1 {
		closeAll(list)
		return nil, nil, usageError{hinted(errors.New("--admin-listen names more than one socket"), "give it a FileDescriptorName of its own: systemd:NAME")}
	}
	if token == "" && !listen.Local(l) {
		l.Close()
		return nil, nil, usageError{hinted(errors.New("--admin-listen is not a loopback address"), "give it a token with --admin-token-file")}
	}
	return server.HTTPServer(srv.Admin(token), log), l, nil
}

func parseNetworks(flag string, list []string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		p, err := netip.ParsePrefix(s)
		if err != nil {
			ip, ipErr := netip.ParseAddr(s)
			if ipErr != nil {
				return nil, usageError{hinted(fmt.Errorf("%s: %q is neither an address nor a network", flag, s), "write 10.0.0.5 or 10.0.0.0/8")}
			}
			p = netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen())
		}
		prefixes = append(prefixes, p)
	}
	return prefixes, nil
}
