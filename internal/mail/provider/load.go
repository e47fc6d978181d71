package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"signpost/internal/mail/address"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// Limits of one description.
const (
	maxServices = 50
	maxDomains  = 1000
	maxText     = 2000
)

// Load reads the description src from the file at path. When a problem is an
// error the provider is nil. Whether the articles that it names exist is for
// the caller to check: [Provider.Articles].
func Load(path string, src []byte) (*Provider, problem.List) {
	var f File
	doc, problems := yamldoc.Decode(path, src, 0, &f)
	l := &loader{file: f, doc: doc, problems: problems, p: &Provider{Path: path}}
	if len(strings.TrimSpace(string(src))) == 0 {
		l.errorf("write the keys provider, name, domains and services", nil, "the file is empty")
		return nil, l.problems
	}
	if l.problems.HasErrors() && reflect.ValueOf(f).IsZero() {
		return nil, l.problems // nothing could be read, so nothing is missing
	}
	l.identity()
	l.hosted()
	l.services()
	l.exceptions()
	l.texts()
	if !l.problems.HasErrors() {
		l.lint()
	}
	l.p.Articles = l.articleUses()
	l.problems.Sort()
	if l.problems.HasErrors() {
		return nil, l.problems
	}
	return l.p, l.problems
}

type loader struct {
	file     File
	doc      *yamldoc.Doc
	problems problem.List
	p        *Provider
	authTold []int // lines of services with a warning about how to sign in
}

// at is the place of a value in the file: keys and indices.
type at []any

func (a at) key(k string) at { return append(slices.Clone(a), k) }

func (l *loader) errorf(hint string, where at, format string, args ...any) {
	l.problems.Errorf(l.p.Path, l.doc.Line(where...), hint, format, args...)
}

func (l *loader) warnf(hint string, where at, format string, args ...any) {
	l.problems.Warnf(l.p.Path, l.doc.Line(where...), hint, format, args...)
}

// identity reads provider, name, short and domains.
func (l *loader) identity() {
	f, p := l.file, l.p
	switch id, err := address.ParseDomain(f.Provider); {
	case f.Provider == "":
		l.errorf("add provider: with a name such as example.com", nil, "the key \"provider\" is missing")
	case err != nil || id != f.Provider:
		l.errorf("write it in lower case, like a host name: example.com", at{"provider"}, "provider %q is not in host name syntax", f.Provider)
	default:
		p.ID = id
	}
	p.Name, p.Short = f.Name, f.Short
	if p.Name["default"] == "" {
		l.errorf("add name: with what customers call you", at{"name"}, "the key \"name\" is missing or empty")
	}
	for lang, name := range p.Name {
		l.length(at{"name", lang}, name, "name", 30, 60)
	}
	l.length(at{"short"}, p.Short, "short name", 12, 20)
	if len(f.Domains) == 0 {
		l.errorf("add domains: [example.com]", at{"domains"}, "the key \"domains\" is missing or empty")
	}
	if len(f.Domains) > maxDomains {
		l.errorf("move domains of customers to hosted: {domains_file: …}", at{"domains"}, "there are %d domains; at most %d are read", len(f.Domains), maxDomains)
		return
	}
	for i, typed := range f.Domains {
		where := at{"domains", i}
		d, err := address.ParseDomain(typed)
		if err != nil {
			l.errorf(hintOf(err), where, "%q is not a domain: %v", typed, err)
			continue
		}
		if slices.Contains(p.Domains, d) {
			l.warnf("remove one", where, "the domain %s is listed twice", d)
			continue
		}
		l.topLevel(where, d)
		p.Domains = append(p.Domains, d)
	}
}

// length warns above advised characters and refuses more than allowed ones
// (draft-ietf-mailmaint-autoconfig, displayName and displayShortName).
func (l *loader) length(where at, s, what string, advised, allowed int) {
	switch n := utf8.RuneCountInString(s); {
	case n > allowed:
		l.errorf("shorten it", where, "the %s has %d characters; at most %d are allowed", what, n, allowed)
	case n > advised:
		l.warnf("mail programs cut it in narrow places", where, "the %s has %d characters; at most %d are advised", what, n, advised)
	}
}

func hintOf(err error) string {
	var e *address.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

func (l *loader) hosted() {
	for i, typed := range l.file.Hosted.MX {
		where := at{"hosted", "mx", i}
		name, wild := strings.CutPrefix(typed, "*.")
		host, err := address.ParseDomain(name)
		if err != nil {
			l.errorf("write a host name, or *.mx.example.com for all names below it", where, "%q is not a mail exchanger: %v", typed, err)
			continue
		}
		l.topLevel(where, host)
		if wild {
			host = "*." + host
		}
		l.p.Hosted.MX = append(l.p.Hosted.MX, host)
	}
	file := l.file.Hosted.DomainsFile
	if file != "" && (!fs.ValidPath(file) || path.Clean(file) != file) {
		l.errorf("give a path inside the content folder, such as providers/domains.txt", at{"hosted", "domains_file"}, "%q is not a path in the content folder", file)
	}
	l.p.Hosted.DomainsFile = file
	l.p.Hosted.SPF = l.host(at{"hosted", "spf"}, l.file.Hosted.SPF)
	for i, k := range l.file.Hosted.DKIM {
		where := at{"hosted", "dkim", k.Selector}
		if _, err := address.ParseDomain(k.Selector + ".example.com"); err != nil || slices.ContainsFunc(l.p.Hosted.DKIM, func(d DKIM) bool { return d.Selector == k.Selector }) {
			l.errorf("each selector is a DNS label and stands once", where, "%q is not a DKIM selector", k.Selector)
			continue
		}
		if k.Target == "" {
			l.errorf("write the name of the TXT record that holds the key", where, "selector %s leads nowhere", l.file.Hosted.DKIM[i].Selector)
		}
		l.p.Hosted.DKIM = append(l.p.Hosted.DKIM, DKIM{k.Selector, l.host(where, k.Target)})
	}
}

func (l *loader) services() {
	p := l.p
	p.Login = l.template(at{"login"}, l.file.Login)
	if p.Login == "" {
		p.Login = phAddress
	}
	if len(l.file.Services) == 0 {
		l.errorf("add services: with at least an imap and a submit server", at{"services"}, "the key \"services\" is missing or empty")
	}
	if len(l.file.Services) > maxServices {
		l.errorf("", at{"services"}, "there are %d services; at most %d are read", len(l.file.Services), maxServices)
		return
	}
	for i, f := range l.file.Services {
		where := at{"services", i}
		s := Service{Use: f.Use, Port: f.Port, Security: f.Security, Auth: f.Auth, LeaveOnServer: time.Duration(f.LeaveOnServer), Insecure: f.Insecure, Line: l.doc.Line(where...)}
		if !l.known(where, f.Use, f.Security, f.Auth) {
			continue
		}
		s.Host = l.host(where.key("host"), f.Host)
		s.URL = l.url(where.key("url"), f.URL, f.Insecure)
		s.Login = l.template(where.key("login"), f.Login)
		if s.Security == "" {
			s.Security = TLS
			if strings.HasPrefix(s.URL, "http:") {
				s.Security = Plain
			}
		}
		if s.Port == 0 && !s.Use.HasURL() {
			s.Port = DefaultPort(s.Use, s.Security)
		}
		if len(s.Auth) == 0 {
			s.Auth = []Auth{Password}
		}
		if s.Login == "" {
			s.Login = p.Login
		}
		l.place(where, s, f.Host != "", f.URL != "")
		l.port(where, f.Port)
		l.checkService(where, s)
		p.Services = append(p.Services, s)
	}
}

// known refuses words that are no use, security or way to sign in.
func (l *loader) known(where at, use Use, sec Security, auth []Auth) bool {
	ok := true
	word := func(key, typed string, all []string) {
		if !slices.Contains(all, typed) {
			l.errorf(problem.DidYouMean(typed, all), append(slices.Clone(where), key), "%q is not a value of %q", typed, key)
			ok = false
		}
	}
	if use == "" {
		l.errorf("add use: imap, pop3, submit, caldav, carddav, jmap or sieve", where, "the key \"use\" is missing")
		return false
	}
	switch use {
	case "smtp":
		l.errorf("write use: submit", where.key("use"), "sending mail is called \"submit\" here")
		ok = false
	default:
		word("use", string(use), []string{"imap", "pop3", "submit", "caldav", "carddav", "jmap", "sieve"})
	}
	if sec != "" {
		word("security", string(sec), []string{"tls", "starttls", "plain"})
	}
	for i, a := range auth {
		word("auth", string(a), []string{"password", "cram-md5", "scram", "apop", "oauth2"})
		if slices.Contains(auth[:i], a) {
			l.errorf("remove one", where.key("auth"), "auth lists %q twice", a)
			ok = false
		}
	}
	return ok
}

// place checks that a service has a host or a URL, whichever its use needs.
func (l *loader) place(where at, s Service, hasHost, hasURL bool) {
	switch {
	case s.Use.HasURL() && !hasURL:
		l.errorf("add url: https://…", where, "%s needs a url", s.Use)
	case s.Use.HasURL() && (hasHost || s.Port != 0):
		l.errorf("the url says both", where, "%s has a url, so host and port do not belong here", s.Use)
	case !s.Use.HasURL() && hasURL:
		l.errorf("write host: and, when it is unusual, port:", where.key("url"), "%s has a host and a port, not a url", s.Use)
	case !s.Use.HasURL() && !hasHost:
		l.errorf("add host: with the server's name", where, "%s needs a host", s.Use)
	}
}

func (l *loader) port(where at, port int) {
	line := l.doc.Line(where.key("port")...)
	told := slices.ContainsFunc(l.problems, func(p problem.Problem) bool {
		return p.Line == line && strings.HasPrefix(p.Message, `"port" should be`)
	})
	if port < 0 || port > 65535 || port == 0 && l.doc.Has(where.key("port")...) && !told {
		l.errorf("ports are 1 to 65535", where.key("port"), "%d is not a port", port)
	}
}

func (l *loader) host(where at, typed string) string {
	if typed == "" {
		return ""
	}
	host, err := address.ParseHost(typed)
	if err != nil {
		l.errorf("write the server's full name, without port or https://", where, "%q is not a host name", typed)
		return ""
	}
	l.topLevel(where, host)
	return host
}

// url checks an address that may hold placeholders behind its host, and writes
// its host as A-labels. Only an insecure service may have http.
func (l *loader) url(where at, typed string, insecure bool) string {
	if typed == "" {
		return ""
	}
	bad := func(hint, why string) string {
		l.errorf(hint, where, "%q %s", typed, why)
		return ""
	}
	if !l.placeholders(where, typed) || !clean(typed) || strings.ContainsAny(typed, " \"<>\\^`|") {
		return bad("write https://host/path", "has characters that do not belong in an address")
	}
	u, err := url.Parse(strings.NewReplacer(phAddress, "A", phLocal, "L", phDomain, "D").Replace(typed))
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return bad("write https://host/path", "is not a web address")
	case u.Scheme != "https" && (u.Scheme != "http" || !insecure):
		return bad("write https://", "is not protected by TLS")
	case u.User != nil || u.Fragment != "":
		return bad("remove it", "holds a user name or a fragment")
	}
	authority := typed[len(u.Scheme)+len("://"):]
	if i := strings.IndexAny(authority, "/?"); i >= 0 {
		authority = authority[:i]
	}
	if hasPlaceholder(authority) {
		return bad("put placeholders behind the host", "has a placeholder in its host")
	}
	host, err := address.ParseHost(u.Hostname())
	if err != nil {
		return bad("write the server's full name", "has no valid host name")
	}
	l.topLevel(where, host)
	rest := typed[len(u.Scheme)+len("://")+len(authority):]
	if rest == "" {
		rest = "/"
	}
	if port := u.Port(); port != "" && port != map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return bad("ports are 1 to 65535", "has no valid port")
		}
		host += ":" + port
	}
	return u.Scheme + "://" + host + escapeNonASCII(rest)
}

// escapeNonASCII percent-encodes what a URI cannot hold (RFC 3987 section 3.1).
func escapeNonASCII(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

var braces = regexp.MustCompile(`\{[^{}]*\}?|\}`)

var foreign = regexp.MustCompile(`%[A-Za-z]{3,}%?`)

// foreignNames are the placeholders of other formats that people paste.
var foreignNames = map[string]string{"%EMAILADDRESS%": phAddress, "%EMAILLOCALPART%": phLocal, "%EMAILDOMAIN%": phDomain}

// placeholders refuses everything in braces that is no placeholder.
func (l *loader) placeholders(where at, s string) bool {
	for _, m := range foreign.FindAllString(s, -1) {
		upper := strings.TrimSuffix(strings.ToUpper(m), "%") + "%"
		if ours, ok := foreignNames[upper]; ok {
			l.errorf("write "+ours, where, "%q is the placeholder of another format", m)
			return false
		}
	}
	known := []string{"address", "local", "domain"}
	for _, m := range braces.FindAllString(s, -1) {
		if !slices.Contains(known, strings.Trim(m, "{}")) || m[0] != '{' || m[len(m)-1] != '}' {
			hint := "the placeholders are {address}, {local} and {domain}"
			if n := problem.Nearest(strings.Trim(m, "{}"), known); n != "" {
				hint = "did you mean {" + n + "}?"
			}
			l.errorf(hint, where, "%q is not a placeholder", m)
			return false
		}
	}
	return true
}

// template checks the form of a user name.
func (l *loader) template(where at, s string) string {
	switch {
	case s == "":
		return ""
	case !clean(s) || len(s) > 200:
		l.errorf("write it with {address}, {local} and {domain}", where, "the login has invisible characters or is too long")
		return ""
	case !l.placeholders(where, s):
		return ""
	case !hasPlaceholder(s):
		l.warnf("use {address}, {local} or {domain}", where, "the login %q is the same for all customers", s)
	}
	return s
}

// clean reports whether a text has printable characters only.
func clean(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) })
}
