package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/mail/address"
	"signpost/internal/mail/clientfile"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

type setupFlags struct {
	content, format, login, name, password string
	resolver                               string
	pop3, dav, ours, json                  bool
	signer                                 signerFlags
}

func setupCommand() *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{
		Use:   "setup ADDRESS",
		Short: "Show the mail settings of an address, or write one format",
		Long: `Shows the settings of a mailbox as a table. --for FORMAT writes exactly one
format's bytes instead: the file of a mail program, an Apple profile, what the
site answers to mail programs, or DNS records. "signpost setup --for list" names
the formats.

No file holds a password: programs run --password-command (default
"pass show mail/ADDRESS") or ask.

  signpost setup kari@example.com --for msmtp > ~/.msmtprc`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.format == "list" && len(args) == 0 {
				return nil
			}
			return exactly(1, "an address")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.format == "list" {
				return listFormats(cmd.OutOrStdout(), f.json)
			}
			return setup(cmd, f, args[0])
		},
	}
	fl := cmd.Flags()
	contentFlag(cmd, &f.content)
	fl.StringVar(&f.format, "for", "", "format to write; \"list\" names them")
	fl.BoolVar(&f.pop3, "pop3", false, "read mail by POP3 instead of IMAP")
	fl.BoolVar(&f.dav, "dav", false, "mobileconfig: calendars and contacts too")
	fl.StringVar(&f.login, "login", "", "user name, when it differs from the address")
	fl.StringVar(&f.name, "name", "", "your name, as recipients see it (mobileconfig, neomutt, thunderbird-qr)")
	fl.StringVar(&f.password, "password-command", "", "shell command that prints the password (default \"pass show mail/ADDRESS\")")
	fl.BoolVar(&f.ours, "ours", false, "the mailbox is here, whatever DNS says of its domain")
	fl.BoolVar(&f.json, "json", false, "print the settings as JSON")
	resolverFlag(cmd, &f.resolver)
	f.signer.add(cmd)
	return cmd
}

func resolverFlag(cmd *cobra.Command, v *string) {
	cmd.Flags().StringVar(v, "resolver", "", "DNS server to ask, such as 192.0.2.53:53 (default: the system's)")
}

// newResolver returns what asks DNS.
func newResolver(server string) (*dnsclient.Client, error) {
	if server == "" {
		return dnsclient.System(), nil
	}
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		host, port = strings.Trim(server, "[]"), "53"
	}
	if net.ParseIP(host) == nil {
		return nil, usageError{fmt.Errorf("--resolver wants the IP address of a DNS server, not %q", server)}
	}
	return dnsclient.New(net.JoinHostPort(host, port)), nil
}

func listFormats(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, format.All())
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, f := range format.All() {
		about := f.Description
		if f.File != "" {
			about += " (" + f.File + ")"
		}
		fmt.Fprintf(t, "%s\t%s\n", f.Name, about)
	}
	return t.Flush()
}

func setup(cmd *cobra.Command, f setupFlags, text string) error {
	if f.format != "" {
		if _, err := format.Find(f.format); err != nil {
			return usageError{hinted(err, "\"signpost setup --for list\" names the formats")}
		}
		isFile := slices.ContainsFunc(clientfile.Formats(), func(c clientfile.Format) bool { return c.Name == f.format })
		if f.password != "" && !isFile {
			return usageError{hinted(fmt.Errorf("%s never holds a password command", f.format), "leave --password-command out")}
		}
		if f.json {
			return usageError{hinted(fmt.Errorf("%s is written as it is", f.format), "--json is for the settings and for --for list")}
		}
		if f.name != "" && !slices.Contains(named, f.format) {
			return usageError{hinted(fmt.Errorf("%s has no place for a name", f.format), "--name is for --for "+strings.Join(named, ", "))}
		}
		if f.dav && f.format != format.Profile {
			return usageError{hinted(fmt.Errorf("--dav does not change %s", f.format), "--dav is for --for mobileconfig")}
		}
	}
	rq, err := f.request(cmd, text)
	if err != nil {
		return err
	}
	switch protocol := f.protocol(); {
	case f.format == "" && f.json:
		return printJSON(cmd.OutOrStdout(), format.Describe(rq, protocol))
	case f.format == "":
		return settingsTable(cmd.OutOrStdout(), format.Describe(rq, protocol))
	}
	body, err := format.Write(f.format, rq)
	if err != nil {
		return err
	}
	if f.format == format.Profile {
		if body, err = f.sign(cmd.ErrOrStderr(), body); err != nil {
			return err
		}
	}
	_, err = cmd.OutOrStdout().Write(body)
	return err
}

// named are the formats that hold the name of the person.
var named = []string{format.Profile, "neomutt", "thunderbird-qr"}

func (f setupFlags) protocol() string {
	if f.pop3 {
		return "pop3"
	}
	return ""
}

// request finds out whose mailbox an address is.
func (f setupFlags) request(cmd *cobra.Command, text string) (format.Request, error) {
	a, err := address.Parse(text)
	if err != nil {
		return format.Request{}, usageError{addressError(err)}
	}
	login := ""
	if f.login != "" {
		if login, err = address.ParseLogin(f.login); err != nil {
			return format.Request{}, usageError{fmt.Errorf("--login: %w", err)}
		}
	}
	name, err := address.ParseName(f.name)
	if err != nil {
		return format.Request{}, usageError{fmt.Errorf("--name: %w", err)}
	}
	lib, err := loadProviders(cmd, f.content)
	if err != nil {
		return format.Request{}, err
	}
	p, err := f.providerOf(cmd.Context(), lib, a.Domain)
	if err != nil {
		return format.Request{}, err
	}
	texts, lang := lib.Texts, lib.Site.Languages[0]
	return format.Request{
		Provider: p, Address: a, Login: login, POP3: f.pop3, DAV: f.dav, PasswordCommand: f.password, Name: name, Lang: lang,
		About: texts.For(lang).T("profile.about"), SiteURL: lib.Site.URL, Docs: format.DocLinks(lib.Site.URL, texts),
	}, nil
}

func addressError(err error) error {
	var bad *address.Error
	if errors.As(err, &bad) {
		return hinted(err, bad.Hint)
	}
	return err
}

// loadProviders loads a content folder that describes a provider.
func loadProviders(cmd *cobra.Command, name string) (*content.Library, error) {
	src, lib, _, err := loadContent(cmd, name)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if lib.Provider() == nil {
		return nil, hinted(fmt.Errorf("%s describes no provider that can be used", src.Name()), "\"signpost check\" says what is wrong with providers/*.yaml")
	}
	return lib, nil
}

func directory(lib *content.Library) *hosted.Directory {
	var entries []hosted.Entry
	for _, p := range lib.Providers {
		entries = append(entries, hosted.Entry{Provider: p, Domains: lib.Lists[p.Hosted.DomainsFile]})
	}
	return hosted.NewDirectory(entries)
}

// providerOf returns the provider that has a domain's mail.
func (f setupFlags) providerOf(ctx context.Context, lib *content.Library, domain string) (*provider.Provider, error) {
	resolver, err := newResolver(f.resolver)
	if err != nil {
		return nil, err
	}
	if f.ours {
		if r, ok := directory(lib).Known(domain); ok {
			return r.Provider, nil
		}
		return lib.Provider(), nil
	}
	result := hosted.New(hosted.Config{Resolver: resolver, Timeout: 5 * time.Second}).Lookup(ctx, time.Now(), directory(lib), domain)
	if result.Provider != nil {
		return result.Provider, nil
	}
	what := "it has no MX record"
	switch result.How {
	case hosted.Foreign:
		what = "its mail goes elsewhere"
		if len(result.MX) > 0 {
			what = "its mail goes to " + problem.Printable(result.MX[0])
		}
	case hosted.Failed, hosted.Busy:
		what = "DNS did not answer"
	case hosted.Invalid:
		what = "it is not a domain in which anybody has mail"
	}
	hint := "--ours shows the settings all the same"
	var own []string
	for _, p := range lib.Providers {
		own = append(own, p.Domains...)
	}
	if meant := hosted.Meant(domain, own); meant != "" {
		hint = "did you mean " + address.DomainUnicode(meant) + "? If not, " + hint
	}
	return nil, hinted(fmt.Errorf("%s is not a domain of %s: %s", address.DomainUnicode(domain), lib.Provider().NameIn("default"), what), hint)
}

// sign signs a profile when there are files to sign it with. What is to be
// said goes beside the profile, not into it.
func (f setupFlags) sign(w io.Writer, profile []byte) ([]byte, error) {
	signer, err := f.signer.load()
	if err != nil {
		return nil, err
	}
	if signer == nil {
		fmt.Fprintln(w, "signpost: warning: this profile is not signed; name a key with --profile-cert and --profile-key")
		return profile, nil
	}
	for _, p := range signer.Check(time.Now(), nil) {
		fmt.Fprintf(w, "signpost: %s: %s\n", p.Severity, problem.Printable(p.Message))
	}
	return signer.Sign(profile)
}

// settingsTable prints settings for people.
func settingsTable(w io.Writer, s format.Settings) error {
	fmt.Fprintf(w, "%s: %s\n\n", problem.Printable(s.Name), problem.Printable(s.Address))
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "FOR\tSERVER\tPORT\tSECURITY\tUSER NAME\tSIGN-IN")
	settingsRows(t, s.Services)
	for _, c := range s.Clients {
		why := ""
		if c.Article != "" {
			why = " (why: " + c.Article + ")"
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s needs%s\n", c.Client, why)
		settingsRows(t, c.Services)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if s.Webmail != "" {
		fmt.Fprintf(w, "\nwebmail: %s\n", problem.Printable(s.Webmail))
	}
	return nil
}

func settingsRows(w io.Writer, services []format.Service) {
	for _, s := range services {
		host, port := address.DomainUnicode(s.Host), strconv.Itoa(s.Port)
		if s.URL != "" {
			host, port = s.URL, ""
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Use, problem.Printable(host), port, securityName(s.Security), problem.Printable(s.Login), strings.Join(s.Auth, ", "))
	}
}

// securityName is what mail programs call a security.
func securityName(key string) string {
	if key == "https" {
		return key
	}
	return provider.Service{Security: provider.Security(key)}.SecurityName()
}
