package dnsrecord

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"slices"
	"strings"
	"sync"

	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// A Resolver asks DNS. The client of package dnsclient is one; [net.Resolver]
// would answer from the hosts file.
type Resolver interface {
	// LookupCNAME returns the target of the CNAME record of the name itself,
	// or "".
	LookupCNAME(ctx context.Context, name string) (target string, err error)
	LookupSRV(ctx context.Context, service, proto, name string) (cname string, addrs []*net.SRV, err error)
	LookupHost(ctx context.Context, host string) (addrs []string, err error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// A State says how a record is published.
type State string

// The states of a [Finding].
const (
	OK      State = "ok"
	Missing State = "missing"
	Wrong   State = "wrong"
	Advice  State = "advice"  // works, and could be better
	Unknown State = "unknown" // DNS did not answer
)

// A Finding says of one record, or one aspect of a domain, how it is published.
type Finding struct {
	Name  string   `json:"name"`    // the DNS name asked
	Type  Type     `json:"type"`    // the type asked
	State State    `json:"state"`   // "ok", …
	Want  string   `json:"want"`    // what should be there, as zone data; may be ""
	Found []string `json:"found"`   // what is there
	Key   string   `json:"key"`     // of the sentence, for catalogues; "" when ok
	Args  []string `json:"args"`    // what the sentence's %[1]s, %[2]s stand for
	Text  string   `json:"message"` // the sentence in English; "" when ok
}

// Sentences are the English sentences of findings by key. A catalogue in
// another language has the same keys and places.
var Sentences = map[string]string{
	"no-answer":      "DNS did not answer for %[1]s in time; try again in a minute.",
	"mx-none":        "%[1]s has no MX record, so mail for it does not arrive here: publish %[2]s.",
	"mx-null":        "%[1]s says that it receives no mail at all (a null MX): replace that record by %[2]s.",
	"mx-foreign":     "Mail for %[1]s goes to %[2]s first, which is not ours: publish %[3]s and remove the other MX records.",
	"mx-mixed":       "Besides ours, %[1]s names the mail exchanger %[2]s, so some mail may end up there: remove it unless you know why it is there.",
	"mx-incomplete":  "%[1]s does not name our mail exchanger %[2]s, so mail waits when the others are down: add it.",
	"spf-none":       "%[1]s has no SPF record, so other servers cannot tell which servers may send its mail: publish %[2]s.",
	"spf-several":    "%[1]s has %[2]s SPF records; there must be exactly one, so merge them, or all are ignored.",
	"spf-not-ours":   "The SPF record of %[1]s does not include %[2]s, so mail sent through us may be refused: add include:%[2]s.",
	"spf-all":        "The SPF record of %[1]s allows every server of the world to send its mail: end it with ~all or -all.",
	"spf-open":       "The SPF record of %[1]s does not say what is to happen with other servers: end it with ~all or -all.",
	"spf-lookups":    "The SPF record of %[1]s needs more than 10 DNS look-ups, so receivers give up on it: remove includes that are no longer used.",
	"spf-broken":     "The SPF record of %[1]s includes %[2]s, which has no valid SPF record, so receivers reject the whole record: remove that part.",
	"dkim-none":      "The DKIM key %[1]s is missing, so signatures cannot be checked: publish a CNAME to %[2]s.",
	"dkim-revoked":   "The DKIM key %[1]s is empty, which means revoked: publish a CNAME to %[2]s.",
	"dkim-other":     "%[1]s holds another DKIM key than ours, so signatures fail: publish a CNAME to %[2]s.",
	"dmarc-none":     "%[1]s has no DMARC record, so you cannot learn who sends mail in its name: publish %[2]s.",
	"dmarc-several":  "%[1]s has %[2]s DMARC records; there must be exactly one, or all are ignored.",
	"dmarc-invalid":  "The DMARC record of %[1]s is not valid: it must begin with v=DMARC1; p= and one of none, quarantine or reject.",
	"srv-none":       "%[1]s is missing, so mail programs that ask for it find nothing: publish %[2]s.",
	"srv-other":      "%[1]s names %[2]s instead of %[3]s.",
	"srv-not-closed": "%[1]s names %[2]s, but the service is not offered: publish %[3]s instead.",
	"host-none":      "%[1]s does not exist, so mail programs do not find their settings: publish a CNAME to %[2]s.",
	"host-other":     "%[1]s leads to another server (%[3]s) than %[2]s.",
	"host-alias":     "%[1]s is a CNAME to %[3]s, which has the same address as %[2]s today: point it to %[2]s, since the two can part at any time.",
	"host-dead":      "%[1]s leads to %[2]s as it should, but %[2]s has no address.",
	"txt-none":       "%[1]s is missing: publish %[2]s.",
	"txt-other":      "%[1]s holds %[2]s instead of %[3]s.",
	"pacc-other":     "The digest at %[1]s is not that of the file that is served, so clients reject the file: publish %[2]s.",
}

// Check compares the records of a domain with live DNS. Every record of
// [Records] has at least one finding; SPF and DMARC are looked at even when the
// description says nothing about them. The findings stand in the order of
// Records. Time-outs are the context's and the resolver's.
func Check(ctx context.Context, r Resolver, p *provider.Provider, domain string, o Options) []Finding {
	c := checker{ctx, r, p, domain}
	var tasks []func() []Finding
	tasks = append(tasks, c.mx, c.spf, c.dmarc)
	seen := map[string]bool{}
	for _, rec := range Records(p, domain, o) {
		switch {
		case rec.Type == MX || rec.Name == domain || rec.Name == "_dmarc."+domain:
		case strings.HasSuffix(rec.Name, "._domainkey."+domain):
			tasks = append(tasks, func() []Finding { return c.dkim(rec) })
		case rec.Type == CNAME:
			tasks = append(tasks, func() []Finding { return c.host(rec) })
		case rec.Type == TXT:
			tasks = append(tasks, func() []Finding { return c.txt(rec) })
		case !seen[rec.Name]:
			seen[rec.Name] = true
			want := same(Records(p, domain, o), rec.Name)
			tasks = append(tasks, func() []Finding { return c.srv(want) })
		}
	}
	return run(tasks)
}

// same returns the SRV records of a name.
func same(records []Record, name string) []Record {
	return slices.DeleteFunc(records, func(r Record) bool { return r.Type != SRV || r.Name != name })
}

// run does the tasks, eight at a time, and joins their findings in order.
func run(tasks []func() []Finding) []Finding {
	results := make([][]Finding, len(tasks))
	slots := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for i, task := range tasks {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = task()
		})
	}
	wg.Wait()
	return slices.Concat(results...)
}

type checker struct {
	ctx    context.Context
	r      Resolver
	p      *provider.Provider
	domain string
}

// finding makes a finding; key is "" when all is well. Text from DNS is made
// printable.
func finding(name string, typ Type, want string, found []string, state State, key string, args ...string) Finding {
	f := Finding{Name: name, Type: typ, State: state, Want: want, Found: []string{}, Key: key, Args: []string{}}
	for _, s := range found {
		f.Found = append(f.Found, clip(s))
	}
	places := make([]any, len(args))
	for i, a := range args {
		f.Args = append(f.Args, clip(a))
		places[i] = f.Args[i]
	}
	if key != "" {
		f.Text = fmt.Sprintf(Sentences[key], places...)
	}
	return f
}

// clip bounds what strangers publish.
func clip(s string) string {
	s = problem.Printable(strings.ToValidUTF8(s, "\uFFFD"))
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

// absent reports whether DNS said that there is nothing.
func absent(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.IsNotFound
}

func silent(name string, typ Type, want string) []Finding {
	return []Finding{finding(name, typ, want, nil, Unknown, "no-answer", name)}
}

// absolute keeps a resolver from trying the search list of this machine.
func absolute(name string) string { return name + "." }

func plainName(s string) string {
	if s == "." {
		return s
	}
	return strings.ToLower(strings.TrimSuffix(s, "."))
}

func (c checker) srv(want []Record) []Finding {
	name := want[0].Name
	service, proto, ok := strings.Cut(strings.TrimSuffix(name, "."+c.domain), ".")
	if !ok {
		return nil
	}
	_, got, err := c.r.LookupSRV(c.ctx, strings.TrimPrefix(service, "_"), strings.TrimPrefix(proto, "_"), absolute(c.domain))
	if err != nil && !absent(err) && len(got) == 0 {
		return silent(name, SRV, want[0].Data())
	}
	var found []string
	live := map[string]bool{}
	for _, s := range got {
		found = append(found, Record{Type: SRV, Priority: int(s.Priority), Weight: int(s.Weight), Port: int(s.Port), Target: plainName(s.Target)}.Data())
		live[fmt.Sprintf("%s:%d", plainName(s.Target), s.Port)] = true
	}
	slices.Sort(found) // the resolver shuffles
	stray := c.stray(want, got)
	var list []Finding
	for _, w := range want {
		data := w.Data()
		switch hit := live[fmt.Sprintf("%s:%d", w.Target, w.Port)]; {
		case hit && stray != OK && w.Target != ".":
			list = append(list, finding(name, SRV, data, found, stray, "srv-other", name, strings.Join(found, ", "), data))
			stray = OK // once for all records of the name
		case hit, w.Target == "." && len(got) == 0: // nothing at all also says that nothing is offered
			list = append(list, finding(name, SRV, data, found, OK, ""))
		case w.Target == ".":
			list = append(list, finding(name, SRV, data, found, Wrong, "srv-not-closed", name, strings.Join(found, ", "), data))
		case len(got) == 0:
			list = append(list, finding(name, SRV, data, found, Missing, "srv-none", name, data))
		default:
			list = append(list, finding(name, SRV, data, found, Wrong, "srv-other", name, strings.Join(found, ", "), data))
		}
	}
	return list
}

// stray says whether a name has records for other servers besides ours: Wrong
// when programs go to one of them first, Advice when only later.
func (c checker) stray(want []Record, got []*net.SRV) State {
	state, best := OK, uint16(math.MaxUint16)
	for _, s := range got {
		best = min(best, s.Priority)
	}
	for _, s := range got {
		ours := slices.ContainsFunc(want, func(w Record) bool { return w.Target == plainName(s.Target) && w.Port == int(s.Port) })
		switch {
		case !ours && s.Priority == best:
			return Wrong
		case !ours:
			state = Advice
		}
	}
	return state
}

// host looks whether a name leads to ours: by a chain of CNAME records that
// names it, or by addresses that are all ours. An alias of somebody else with
// the same address today is advice, since the two can part.
func (c checker) host(want Record) []Finding {
	chain := c.aliases(want.Name)
	var found []string
	for _, a := range chain {
		found = append(found, Record{Type: CNAME, Target: a}.Data())
	}
	result := func(state State, key string, args ...string) []Finding {
		return []Finding{finding(want.Name, CNAME, want.Data(), found, state, key, append([]string{want.Name, want.Target}, args...)...)}
	}
	got, err := c.r.LookupHost(c.ctx, absolute(want.Name))
	if err != nil && !absent(err) {
		return silent(want.Name, CNAME, want.Data())
	}
	named := slices.Contains(chain, want.Target)
	switch {
	case len(got) == 0 && named:
		return result(Wrong, "host-dead")
	case len(got) == 0 && len(chain) > 0:
		return result(Wrong, "host-other", strings.Join(chain, ", "))
	case len(got) == 0:
		return result(Missing, "host-none")
	case named:
		return []Finding{finding(want.Name, CNAME, want.Data(), found, OK, "")}
	}
	ours, err := c.r.LookupHost(c.ctx, absolute(want.Target))
	if err != nil && !absent(err) {
		return silent(want.Target, CNAME, want.Data())
	}
	shared := !slices.ContainsFunc(got, func(a string) bool { return !slices.Contains(ours, a) })
	if len(chain) == 0 {
		found = got
	}
	switch {
	case shared && len(chain) > 0:
		return result(Advice, "host-alias", chain[0])
	case shared:
		return []Finding{finding(want.Name, CNAME, want.Data(), found, OK, "")}
	case len(chain) > 0:
		return result(Wrong, "host-other", strings.Join(chain, ", "))
	}
	return result(Wrong, "host-other", strings.Join(got, ", "))
}

// aliases follows the CNAME records from a name, without the final dots.
func (c checker) aliases(name string) (chain []string) {
	for range 8 {
		next, err := c.r.LookupCNAME(c.ctx, absolute(name))
		name = plainName(next)
		if err != nil || next == "" || slices.Contains(chain, name) {
			break
		}
		chain = append(chain, name)
	}
	return chain
}

func (c checker) txt(want Record) []Finding {
	got, err := c.r.LookupTXT(c.ctx, absolute(want.Name))
	data := want.Data()
	switch {
	case absent(err) || err == nil && len(got) == 0:
		return []Finding{finding(want.Name, TXT, data, nil, Missing, "txt-none", want.Name, data)}
	case err != nil:
		return silent(want.Name, TXT, data)
	case slices.Contains(got, want.Text):
		return []Finding{finding(want.Name, TXT, data, got, OK, "")}
	}
	if strings.HasPrefix(want.Text, "v=UAAC1") {
		if slices.ContainsFunc(got, func(text string) bool { return packed(text) == packed(want.Text) }) {
			return []Finding{finding(want.Name, TXT, data, got, OK, "")}
		}
		return []Finding{finding(want.Name, TXT, data, got, Wrong, "pacc-other", want.Name, data)}
	}
	return []Finding{finding(want.Name, TXT, data, got, Wrong, "txt-other", want.Name, strings.Join(got, ", "), data)}
}

// packed takes out spaces, which do not count between the tags of a digest.
func packed(s string) string { return strings.Join(strings.Fields(s), "") }
