package provider

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/problem"
)

func (l *loader) exceptions() {
	for i, f := range l.file.Except {
		where := at{"except", i}
		if f.Client == "" {
			l.errorf("add client: apple-mail, for example", where, "the key \"client\" is missing")
			continue
		}
		if !slices.Contains(Clients, f.Client) {
			l.warnf(problem.DidYouMean(f.Client, Clients), at{"except", i, "client"}, "no guide or format knows the client %q", f.Client)
		}
		if !l.known(where, f.Use, f.Security, f.Auth) {
			continue
		}
		l.exception(i, f)
	}
}

func (l *loader) exception(i int, f ExceptionFile) {
	where := at{"except", i}
	first := slices.IndexFunc(l.p.Services, func(s Service) bool { return s.Use == f.Use })
	if first < 0 {
		l.errorf("describe it under services first", where, "there is no %s service that this exception could change", f.Use)
		return
	}
	if slices.ContainsFunc(l.p.Except, func(e Exception) bool { return e.Client == f.Client && e.Use == f.Use }) {
		l.errorf("put both into one", where, "%s has a second exception for %s", f.Client, f.Use)
		return
	}
	e := Exception{Client: f.Client, Because: f.Because, Line: l.doc.Line(where...)}
	e.Service = Service{Use: f.Use, Port: f.Port, Security: f.Security, Auth: f.Auth, LeaveOnServer: time.Duration(f.LeaveOnServer), Insecure: f.Insecure}
	e.Host = l.host(at{"except", i, "host"}, f.Host)
	e.URL = l.url(at{"except", i, "url"}, f.URL, f.Insecure)
	e.Login = l.template(at{"except", i, "login"}, f.Login)
	l.port(where, f.Port)
	for _, key := range []string{"host", "port", "security", "auth", "login", "url", "leave-on-server"} {
		if l.doc.Has("except", i, key) {
			e.Replaces = append(e.Replaces, key)
		}
	}
	if len(e.Replaces) == 0 {
		l.errorf("say what is different: host, port, security, auth, login or url", where, "the exception for %s changes nothing", f.Client)
		return
	}
	if slices.Contains(e.Replaces, "auth") && len(e.Auth) == 0 {
		l.errorf("write auth: [password]", at{"except", i, "auth"}, "the list of ways to sign in is empty")
		return
	}
	if !l.slug(at{"except", i, "because"}, f.Because) {
		return
	}
	if f.Because == "" {
		l.warnf("add because: with the slug of an article", where, "the exception for %s does not say why", f.Client)
	}
	acc := Account{Services: l.p.Services}
	merged := merge(acc.Services[acc.basis(e)], e)
	l.place(where, merged, merged.Host != "" || e.Host != "", merged.URL != "" || f.URL != "")
	l.checkService(where, merged)
	l.p.Except = append(l.p.Except, e)
}

var slugPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (l *loader) slug(where at, s string) bool {
	if s == "" || slugPattern.MatchString(s) {
		return true
	}
	l.errorf("name the article's folder, such as apple-mail", where, "%q is not the slug of an article", s)
	return false
}

// texts reads everything that is shown to people as it is.
func (l *loader) texts() {
	f, p := l.file, l.p
	p.Webmail = l.url(at{"webmail"}, f.Webmail, false)
	if hasPlaceholder(p.Webmail) {
		l.errorf("write the address of its front page", at{"webmail"}, "the webmail's address cannot hold placeholders")
	}
	p.OAuth = OAuth{Issuer: f.OAuth.Issuer, Scopes: f.OAuth.Scopes}
	if f.OAuth.Issuer != "" {
		l.url(at{"oauth", "issuer"}, f.OAuth.Issuer, false) // kept as typed: issuers are compared byte by byte (RFC 8414 section 3.3)
	}
	p.Help, p.Vars = f.Help, f.Vars
	p.Profile = ProfileTexts{Organization: f.Profile.Organization, Consent: f.Profile.Consent}
	for key, slug := range p.Help {
		if slug == "" {
			l.errorf("write the slug of an article", at{"help", key}, "help for %q names no article", key)
		}
		l.slug(at{"help", key}, slug)
	}
	l.printable(at{"short"}, p.Short)
	l.printable(at{"profile", "organization"}, p.Profile.Organization)
	for i, scope := range p.OAuth.Scopes {
		if strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '\\' }) || scope == "" {
			l.errorf("one scope an entry (RFC 6749 section 3.3)", at{"oauth", "scopes", i}, "%q is not an OAuth scope", scope)
		}
	}
	for lang, name := range p.Name {
		l.printable(at{"name", lang}, name)
	}
	for lang, text := range p.Profile.Consent {
		for line := range strings.SplitSeq(text, "\n") {
			l.printable(at{"profile", "consent", lang}, line)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Vars)) {
		if !slugPattern.MatchString(name) {
			l.errorf("use letters, digits, - and _", at{"vars", name}, "%q is not the name of a value", name)
		}
		l.printable(at{"vars", name}, p.Vars[name])
	}
}

func (l *loader) printable(where at, s string) {
	switch {
	case !clean(s):
		l.errorf("type the text again", where, "the text has a control or invisible character or a line break")
	case utf8.RuneCountInString(s) > maxText:
		l.errorf("shorten it", where, "the text has more than %d characters", maxText)
	}
}

func (l *loader) articleUses() []ArticleUse {
	var uses []ArticleUse
	for _, key := range slices.Sorted(maps.Keys(l.p.Help)) {
		uses = append(uses, ArticleUse{l.p.Help[key], l.doc.Line("help", key), "help." + key})
	}
	for i, e := range l.p.Except {
		if e.Because != "" {
			uses = append(uses, ArticleUse{e.Because, l.doc.Line("except", i, "because"), "because"})
		}
	}
	return uses
}
