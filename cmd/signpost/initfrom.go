package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content/article"
	"signpost/internal/mail/address"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/discover"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/verify"
	"signpost/internal/problem"
	"signpost/internal/starter"
)

// initFlags are what "init" is told.
type initFlags struct {
	sample                       bool
	name, url, zone              string
	languages, domains, services []string
	from                         fromFlags
}

// fromFlags belong to "init --from".
type fromFlags struct {
	source, resolver string
	networks         []string
}

func (f *fromFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.source, "from", "", "mail domain whose published settings to start from, or an autoconfig file")
	resolverFlag(cmd, &f.resolver)
	verifyNetworksFlag(cmd, &f.networks)
}

// answers reads the flags.
func (f *initFlags) answers() (*starter.Answers, error) {
	a := &starter.Answers{Name: strings.TrimSpace(f.name), TimeZone: f.zone}
	if f.url != "" {
		u, err := url.Parse(f.url)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return nil, usageError{hinted(fmt.Errorf("--url: %q is not the address of a site", f.url), "write scheme and host: https://help.example.net")}
		}
		a.URL = strings.TrimSuffix(f.url, "/")
	}
	if f.zone != "" {
		if _, err := time.LoadLocation(f.zone); err != nil {
			return nil, usageError{hinted(fmt.Errorf("--time-zone: %q is not a time zone", f.zone), "write its name in the IANA list: Europe/Oslo")}
		}
	}
	for _, l := range f.languages {
		if l = strings.TrimSpace(l); !article.IsLanguage(l) {
			return nil, usageError{hinted(fmt.Errorf("--languages: %q is not a language", l), "write codes: de,en")}
		} else if !slices.Contains(a.Languages, l) {
			a.Languages = append(a.Languages, l)
		}
	}
	for _, d := range f.domains {
		domain, err := address.ParseDomain(d)
		if err != nil {
			return nil, usageError{addressError(fmt.Errorf("--domains: %w", err))}
		}
		if !slices.Contains(a.Domains, domain) {
			a.Domains = append(a.Domains, domain)
		}
	}
	for _, s := range f.services {
		if err := addService(a, strings.TrimSpace(s)); err != nil {
			return nil, usageError{err}
		}
	}
	return a, nil
}

// addService reads one entry of --services: USE, USE=HOST, USE=HOST:PORT or
// USE=URL.
func addService(a *starter.Answers, typed string) error {
	word, where, located := strings.Cut(typed, "=")
	use := provider.UseNamed(strings.ToLower(word))
	if !slices.Contains(provider.Uses, use) {
		var known []string
		for _, u := range provider.Uses {
			known = append(known, string(u))
		}
		return hinted(fmt.Errorf("--services: %q is not a service", word), problem.DidYouMean(word, known))
	}
	if !slices.Contains(a.Uses, use) {
		a.Uses = append(a.Uses, use)
	}
	if !located {
		return nil
	}
	s := provider.Service{Use: use, Security: provider.TLS, Auth: []provider.Auth{provider.Password}, Login: "{address}"}
	if use.HasURL() {
		if !strings.HasPrefix(where, "https://") {
			return hinted(fmt.Errorf("--services: %s needs an https address, not %q", use, where), "write "+string(use)+"=https://dav.example.net/")
		}
		s.URL = where
		a.Services = append(a.Services, s)
		return nil
	}
	host, port, err := net.SplitHostPort(where)
	if err != nil {
		host, port = where, ""
	}
	if s.Host, err = address.ParseHost(host); err != nil {
		return hinted(fmt.Errorf("--services: %q is not a host name", host), "write "+string(use)+"="+string(use)+".example.net")
	}
	if port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return fmt.Errorf("--services: %q is not a port", port)
		}
	}
	if s.Port != 0 && s.Port == provider.DefaultPort(use, provider.STARTTLS) || use == provider.Sieve {
		s.Security = provider.STARTTLS
	}
	if s.Port == 0 {
		s.Port = provider.DefaultPort(use, s.Security)
	}
	a.Services = append(a.Services, s)
	return nil
}

// find adds what a domain or a file says, and names what is not taken over.
func (f *fromFlags) find(cmd *cobra.Command, a *starter.Answers) error {
	if f.source == "" {
		return nil
	}
	const hint = "\"signpost init\" without --from starts with the sample's provider description, to be filled in by hand; nothing was written"
	var found *discover.Found
	if src, isFile, err := readXML(f.source); err != nil {
		return err
	} else if isFile {
		domain := ""
		if len(a.Domains) > 0 {
			domain = a.Domains[0]
		}
		if found, err = discover.File(f.source, src, domain); err != nil {
			return hinted(err, hint)
		}
	} else {
		domain, err := address.ParseDomain(f.source)
		if err != nil {
			return usageError{addressError(fmt.Errorf("--from: %w", err))}
		}
		allow, err := parseNetworks("--verify-networks", f.networks)
		if err != nil {
			return err
		}
		resolver, err := newResolver(f.resolver)
		if err != nil {
			return err
		}
		if found, err = discover.New(resolver, &verify.Guard{Allow: allow}).Find(cmd.Context(), domain); err != nil {
			return hinted(err, hint)
		}
	}
	a.Found = found
	told(cmd.ErrOrStderr(), found)
	return nil
}

func told(w io.Writer, found *discover.Found) {
	fmt.Fprintf(w, "%d services from %s\n", len(found.Services), problem.Printable(strings.Join(found.From, " and ")))
	for _, d := range found.Dropped {
		fmt.Fprintf(w, "signpost: warning: not taken over: %s\n", problem.Printable(d))
	}
}

// readXML reads a file when --from names one.
func readXML(source string) (src []byte, isFile bool, err error) {
	if filepath.Ext(source) != ".xml" && !strings.ContainsRune(source, filepath.Separator) {
		return nil, false, nil
	}
	file, err := os.Open(source)
	if err != nil {
		return nil, true, hinted(err, "--from takes a mail domain or an autoconfig file")
	}
	defer file.Close()
	src, err = io.ReadAll(io.LimitReader(file, autoconfig.MaxSize+1))
	return src, true, err
}

// ask asks for what no flag said. An empty answer says nothing; an answer that
// cannot be read is asked for again.
func ask(in io.Reader, out io.Writer, f *initFlags) error {
	fmt.Fprintln(out, "Press Enter where you do not know; nothing is published that you did not say.")
	lines := bufio.NewScanner(in)
	list := func(to *[]string) func(string) {
		return func(s string) {
			*to = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	for _, q := range []struct {
		text string
		set  func(string)
	}{
		{"Name of the provider, as customers know it", func(s string) { f.name = s }},
		{"Address of the help desk, such as https://help.example.net", func(s string) { f.url = s }},
		{"Languages, the default first, such as de, en", list(&f.languages)},
		{"Mail domains of the provider", list(&f.domains)},
		{"Mail domain or autoconfig file with its published settings", func(s string) { f.from.source = s }},
		{"Services: imap, pop3, submit, caldav, carddav, jmap, sieve; with servers as imap=imap.example.net", list(&f.services)},
		{"Time zone, such as Europe/Berlin", func(s string) { f.zone = s }},
	} {
		for {
			fmt.Fprintf(out, "%s: ", q.text)
			if !lines.Scan() {
				return errors.Join(lines.Err(), errors.New("no more answers; nothing was written"))
			}
			q.set(strings.TrimSpace(lines.Text()))
			_, err := f.answers()
			if err == nil {
				break
			}
			fmt.Fprintln(out, problem.Printable(err.Error()))
			q.set("")
		}
	}
	return nil
}
