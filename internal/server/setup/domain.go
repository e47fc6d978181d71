package setup

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

const shortLife = 5 * time.Minute // of pages that hold no address but cost questions to DNS

// asksDomain reads ?d= or ?domain=. ok is false when there is nothing to show
// but the form, with a sentence when what was typed is no domain.
func asksDomain(r *web.Request) (typed, domain, sentence string, ok bool) {
	typed = r.QueryParam("d")
	if typed == "" {
		typed = r.QueryParam("domain")
	}
	if typed == "" {
		return "", "", "", false
	}
	domain, err := address.ParseDomain(typed)
	if err != nil {
		return shown(typed), "", r.Page.Words().T("setup.error.domain"), false
	}
	return address.DomainUnicode(domain), domain, "", true
}

// Domain answers /setup/domain: the records that a customer's domain
// needs, and what is wrong with those that are there.
func (h *Handlers) Domain(r *web.Request) error {
	p := r.Page.Snap.Library.Provider()
	if p == nil {
		return web.ErrNotFound
	}
	v := &view.SetupDomain{Chrome: r.Page.Chrome("/setup/domain")}
	v.Title, v.Description = r.Page.Words().T("domain.title"), r.Page.Words().T("domain.text")
	var ok bool
	var domain string
	v.Domain, domain, v.Error, ok = asksDomain(r)
	if !ok {
		return onlyForm(r, v, v.Error)
	}
	v.Chrome = page.Unlisted(v.Chrome)
	if result := h.whose(r, domain); result.Provider != nil {
		p = result.Provider
	}
	o := format.Records(p, r.Page.Base())
	records := dnsrecord.Records(p, domain, o)
	v.Groups, v.Zone = recordGroups(r.Page, records), string(dnsrecord.Zone(records))
	findings, err := h.checkDomain(r, p, domain, o)
	if err != nil {
		return err
	}
	v.Checked = findings != nil
	v.At = view.At(r.Page.Words(), r.Now.In(r.Page.Snap.Library.Site.Zone))
	for _, f := range findings {
		if f.State != dnsrecord.OK {
			v.Checks = append(v.Checks, view.Check{Level: levels[f.State], Text: findingText(r.Page, f)})
		}
	}
	if v.Checked && len(v.Checks) == 0 {
		v.Checks = []view.Check{{Level: view.LevelOK, Text: r.Page.Words().T("dns.ok")}}
	}
	r.NoStore() // people change a record and look again
	return r.SendFresh(http.StatusOK, v)
}

// onlyForm answers with the form alone. What was typed instead of a domain may
// be an address.
func onlyForm(r *web.Request, p view.Page, sentence string) error {
	if sentence == "" {
		r.CacheFor(shortLife)
		return r.SendFresh(http.StatusOK, p)
	}
	private(r)
	return r.SendFresh(http.StatusBadRequest, p)
}

var levels = map[dnsrecord.State]string{
	dnsrecord.OK: view.LevelOK, dnsrecord.Missing: view.LevelDegraded, dnsrecord.Wrong: view.LevelDown,
	dnsrecord.Advice: view.LevelNotice, dnsrecord.Unknown: view.LevelNotice,
}

// findingText is the sentence of a finding in the reader's language.
func findingText(e page.Context, f dnsrecord.Finding) string {
	var pairs []any
	for i, name := range []string{"a", "b", "c"} {
		if i < len(f.Args) {
			pairs = append(pairs, name, f.Args[i])
		}
	}
	text := f.Text
	if f.Key != "" && e.Words().Has("dns."+f.Key) {
		text = e.Words().T("dns."+f.Key, pairs...)
	}
	if strings.HasSuffix(text, "..") { // the final dot of a name, and that of the sentence
		text = text[:len(text)-1]
	}
	return text
}

// checkDomain compares the records with live DNS. Checks are few at a time,
// and counted for the client.
func (h *Handlers) checkDomain(r *web.Request, p *provider.Provider, domain string, o dnsrecord.Options) ([]dnsrecord.Finding, error) {
	if r.Request().Method == http.MethodHead {
		return nil, nil
	}
	if wait := r.Spend(web.Checks); wait > 0 {
		return nil, web.TooMany(wait)
	}
	select {
	case h.domains.checks <- struct{}{}:
		defer func() { <-h.domains.checks }()
	default:
		return nil, &web.Error{Status: http.StatusServiceUnavailable, Retry: dnsTime}
	}
	ctx, cancel := context.WithTimeout(r.Request().Context(), dnsTime)
	defer cancel()
	return dnsrecord.Check(ctx, h.domains.resolver, p, domain, o), nil
}

// recordGroups are the records by what they are good for.
func recordGroups(e page.Context, records []dnsrecord.Record) []view.RecordGroup {
	l := e.Words()
	var groups []view.RecordGroup
	for _, purpose := range []dnsrecord.Purpose{dnsrecord.ForDelivery, dnsrecord.ForTrust, dnsrecord.ForDiscovery, dnsrecord.ForServices, dnsrecord.NotOffered} {
		g := view.RecordGroup{Name: l.T("records." + string(purpose)), Why: l.T("records." + string(purpose) + ".why")}
		for _, rec := range records {
			if rec.Purpose == purpose {
				g.Records = append(g.Records, view.Record{Name: rec.Name, Type: string(rec.Type), Value: rec.Data()})
			}
		}
		if len(g.Records) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Explain answers /setup/explain: what each kind of mail program will ask
// for a domain, and what it gets now.
func (h *Handlers) Explain(r *web.Request) error {
	if r.Page.Snap.Library.Provider() == nil {
		return web.ErrNotFound
	}
	v := &view.SetupExplain{Chrome: r.Page.Chrome("/setup/explain")}
	v.Title, v.Description = r.Page.Words().T("explain.title"), r.Page.Words().T("explain.text")
	var ok bool
	var domain string
	v.Domain, domain, v.Error, ok = asksDomain(r)
	if !ok {
		return onlyForm(r, v, v.Error)
	}
	v.Chrome = page.Unlisted(v.Chrome)
	r.NoStore()
	result := h.whose(r, domain)
	if result.Provider == nil {
		if result.How == hosted.Busy || result.How == hosted.Failed {
			return errAskAgain
		}
		v.Error = r.Page.Words().T("explain.foreign", "domain", v.Domain)
		return r.SendFresh(http.StatusOK, v)
	}
	o := format.Records(result.Provider, r.Page.Base())
	findings, err := h.checkDomain(r, result.Provider, domain, o)
	if err != nil {
		return err
	}
	e := explainer{r: r, m: mailbox{provider: result.Provider, domain: domain, how: result.How}, findings: findings}
	v.Clients = e.clients()
	return r.SendFresh(http.StatusOK, v)
}

// An explainer says what mail programs get for a domain.
type explainer struct {
	r        *web.Request
	m        mailbox
	findings []dnsrecord.Finding
}

func (e explainer) clients() []view.ExplainClient {
	l, d := e.r.Page.Words(), e.m.domain
	client := func(key string, f provider.Format, steps ...view.ExplainStep) view.ExplainClient {
		return view.ExplainClient{Name: l.T("explain." + key), Note: joined(l.T("explain."+key+".note"), e.gaps(f)), Steps: steps}
	}
	return []view.ExplainClient{
		client("thunderbird", provider.Autoconfig,
			e.file("https://autoconfig."+d+"/mail/config-v1.1.xml", "autoconfig."+d, format.Autoconfig),
			view.ExplainStep{Asks: "https://" + d + "/.well-known/autoconfig/mail/config-v1.1.xml", Gets: l.T("explain.website"), Level: view.LevelNotice}),
		client("outlook", provider.Autodiscover,
			e.file("https://autodiscover."+d+"/autodiscover/autodiscover.xml", "autodiscover."+d, format.Autodiscover),
			e.record("_autodiscover._tcp."+d)),
		client("outlook-mobile", provider.Autodiscover,
			e.file("https://autodiscover."+d+"/autodiscover/autodiscover.json", "autodiscover."+d, format.AutodiscoverJSON)),
		client("apple", provider.Profile,
			view.ExplainStep{Asks: e.r.Page.Absolute(e.r.Page.Root() + "/setup"), Gets: e.gets(format.Profile), Level: e.level(format.Profile)}),
		client("pacc", provider.PACC,
			e.file("https://ua-auto-config."+d+"/.well-known/user-agent-configuration.json", "ua-auto-config."+d, format.PACC),
			e.record("_ua-auto-config."+d)),
		client("srv", provider.DNS, e.srv()...),
	}
}

func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + " " + b
}

// gets says in a sentence what a format tells the program.
func (e explainer) gets(name string) string {
	l := e.r.Page.Words()
	if e.level(name) != view.LevelOK {
		return l.T("explain.nothing")
	}
	if name == format.AutodiscoverJSON {
		return l.T("explain.where")
	}
	var parts []string
	for _, s := range e.m.account(format.Reader(name)).Expressible(provider.Format(name)) {
		if text := l.T("use."+string(s.Use)) + ": " + s.HostUnicode(); !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return l.T("explain.gets", "services", l.List(parts))
}

func (e explainer) level(name string) string {
	if name == format.AutodiscoverJSON { // leads to the other
		name = format.Autodiscover
	}
	if _, err := write(e.r.Page, name, e.m.sample()); err != nil {
		return view.LevelDegraded
	}
	return view.LevelOK
}

// file is a step whose answer comes from here, when the name leads here.
func (e explainer) file(url, host, name string) view.ExplainStep {
	step := view.ExplainStep{Asks: url, Gets: e.gets(name), Level: e.level(name)}
	if step.Level != view.LevelOK {
		return step // no record helps where there is nothing to be had
	}
	if !slices.ContainsFunc(e.findings, func(f dnsrecord.Finding) bool { return f.Name == host }) {
		step.Level, step.Gets = view.LevelNotice, joined(step.Gets+".", e.r.Page.Words().T("explain.unchecked", "host", host))
	}
	for _, f := range e.findings {
		if f.Name == host && f.State != dnsrecord.OK {
			step.Level, step.Gets = levels[f.State], findingText(e.r.Page, f)
		}
	}
	return step
}

// record is a step that DNS answers.
func (e explainer) record(name string) view.ExplainStep {
	step := view.ExplainStep{Asks: name, Gets: e.r.Page.Words().T("explain.unpublished"), Level: view.LevelNotice}
	for _, f := range e.findings {
		if f.Name == name {
			step.Level, step.Gets = levels[f.State], findingText(e.r.Page, f)
			if f.State == dnsrecord.OK {
				step.Gets = f.Want
			}
			if f.State != dnsrecord.OK {
				break
			}
		}
	}
	return step
}

func (e explainer) srv() []view.ExplainStep {
	var steps []view.ExplainStep
	var seen []string
	for _, rec := range dnsrecord.Records(e.m.provider, e.m.domain, dnsrecord.Options{}) {
		if rec.Purpose == dnsrecord.ForServices && !slices.Contains(seen, rec.Name) {
			seen = append(seen, rec.Name)
			steps = append(steps, e.record(rec.Name))
		}
	}
	return steps
}

// gaps says which services the format cannot hold.
func (e explainer) gaps(f provider.Format) string {
	l := e.r.Page.Words()
	text := ""
	for _, s := range e.m.account(format.Reader(string(f))).Services {
		if gap, missing := provider.Inexpressible(f, s); missing && gap.Key != "use" {
			text = joined(text, l.T("gap."+gap.Key, "service", l.T("use."+string(s.Use)), "host", address.DomainUnicode(s.HostName())))
		}
	}
	return text
}
