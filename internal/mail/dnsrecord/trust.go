package dnsrecord

import (
	"cmp"
	"net"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"signpost/internal/mail/provider"
)

// mx checks that the preferred mail exchangers of the domain are ours.
func (c checker) mx() []Finding {
	want := ""
	var ours []string
	for _, r := range Records(c.p, c.domain, Options{}) {
		if r.Type == MX {
			ours = append(ours, r.Target)
			if want == "" {
				want = r.Data()
			}
		}
	}
	if len(c.p.Hosted.MX) == 0 {
		return nil
	}
	if want == "" {
		want = "10 " + strings.Replace(c.p.Hosted.MX[0], "*", "NAME", 1) + "."
	}
	got, err := c.r.LookupMX(c.ctx, absolute(c.domain))
	if err != nil && !absent(err) && len(got) == 0 {
		return silent(c.domain, MX, want)
	}
	slices.SortStableFunc(got, func(a, b *net.MX) int { return cmp.Or(cmp.Compare(a.Pref, b.Pref), cmp.Compare(a.Host, b.Host)) })
	var found, names, foreign []string
	for _, m := range got {
		name := plainName(m.Host)
		names = append(names, name)
		found = append(found, strconv.Itoa(int(m.Pref))+" "+m.Host)
		if !provider.MatchMX(c.p.Hosted.MX, name) {
			foreign = append(foreign, name)
		}
	}
	result := func(state State, key string, args ...string) []Finding {
		return []Finding{finding(c.domain, MX, want, found, state, key, args...)}
	}
	switch {
	case len(got) == 0:
		return result(Missing, "mx-none", c.domain, want)
	case names[0] == "." || names[0] == "":
		return result(Wrong, "mx-null", c.domain, want)
	case provider.MatchMX(c.p.Hosted.MX, names[0]) && len(foreign) > 0:
		return result(Advice, "mx-mixed", c.domain, foreign[0])
	case len(foreign) > 0:
		return result(Wrong, "mx-foreign", c.domain, foreign[0], want)
	}
	for _, o := range ours {
		if !slices.Contains(names, o) && len(names) < len(ours) {
			return result(Advice, "mx-incomplete", c.domain, o)
		}
	}
	return result(OK, "")
}

// spf checks the one SPF record that there must be (RFC 7208).
func (c checker) spf() []Finding {
	include := c.p.Hosted.SPF
	want := `"v=spf1 mx ~all"`
	if include != "" {
		want = quote("v=spf1 include:" + include + " ~all")
	}
	texts, err := c.r.LookupTXT(c.ctx, absolute(c.domain))
	if err != nil && !absent(err) {
		return silent(c.domain, TXT, want)
	}
	records := spfRecords(texts)
	result := func(state State, key string, args ...string) []Finding {
		return []Finding{finding(c.domain, TXT, want, records, state, key, args...)}
	}
	switch len(records) {
	case 0:
		return result(Missing, "spf-none", c.domain, want)
	case 1:
	default:
		return result(Wrong, "spf-several", c.domain, strconv.Itoa(len(records)))
	}
	w := spfWalk{c: c, left: 10, wanted: include}
	w.record(records[0])
	all := spfAll(records[0])
	switch {
	case w.broken != "":
		return result(Wrong, "spf-broken", c.domain, w.broken)
	case w.left < 0:
		return result(Wrong, "spf-lookups", c.domain)
	case w.silent:
		return silent(c.domain, TXT, want)
	case include != "" && !w.found:
		return result(Wrong, "spf-not-ours", c.domain, include)
	case all == "+all":
		return result(Wrong, "spf-all", c.domain)
	case all == "?all", all == "" && !strings.Contains(strings.ToLower(records[0]), "redirect="):
		return result(Advice, "spf-open", c.domain)
	}
	return result(OK, "")
}

func spfRecords(texts []string) []string {
	var records []string
	for _, t := range texts {
		if lower := strings.ToLower(t); lower == "v=spf1" || strings.HasPrefix(lower, "v=spf1 ") {
			records = append(records, t)
		}
	}
	return records
}

// spfAll returns the mechanism all with its qualifier, or "".
func spfAll(record string) string {
	for term := range strings.FieldsSeq(strings.ToLower(record)) {
		if strings.TrimLeft(term, "+-~?") == "all" {
			if term == "all" {
				return "+all"
			}
			return term
		}
	}
	return ""
}

// An spfWalk follows includes and counts look-ups (RFC 7208 section 4.6.4).
type spfWalk struct {
	c      checker
	left   int // look-ups that may still be made
	wanted string
	found  bool
	broken string // an include without a record
	silent bool
}

// record reads the terms up to "all", behind which nothing is looked at; with
// it a redirect does not count either (RFC 7208 sections 5.1 and 6.1).
func (w *spfWalk) record(text string) {
	all := spfAll(text)
	for term := range strings.FieldsSeq(strings.ToLower(text)) {
		term = strings.TrimLeft(term, "+-~?")
		name, value, _ := strings.Cut(term, ":")
		if redirect, ok := strings.CutPrefix(term, "redirect="); ok && all == "" {
			name, value = "include", redirect
		}
		name, _, _ = strings.Cut(name, "/")
		switch name {
		case "all":
			return
		case "a", "mx", "ptr", "exists":
			w.left--
		case "include":
			w.left--
			w.include(strings.TrimSuffix(value, "."))
		}
		if w.left < 0 || w.broken != "" {
			return
		}
	}
}

func (w *spfWalk) include(name string) {
	if name == w.wanted {
		w.found = true
	}
	if w.left < 0 || name == "" || strings.Contains(name, "%") { // macros depend on the message
		return
	}
	texts, err := w.c.r.LookupTXT(w.c.ctx, absolute(name))
	if err != nil && !absent(err) {
		w.silent = true
		return
	}
	records := spfRecords(texts)
	if len(records) != 1 {
		w.broken = name
		return
	}
	w.record(records[0])
}

// dkim checks that a selector shows the key that its target shows.
func (c checker) dkim(want Record) []Finding {
	result := func(found []string, state State, key string) []Finding {
		if key == "" {
			return []Finding{finding(want.Name, CNAME, want.Data(), found, state, "")}
		}
		return []Finding{finding(want.Name, CNAME, want.Data(), found, state, key, want.Name, want.Target)}
	}
	got, err := c.r.LookupTXT(c.ctx, absolute(want.Name))
	switch {
	case absent(err) || err == nil && len(got) == 0:
		return result(nil, Missing, "dkim-none")
	case err != nil:
		return silent(want.Name, CNAME, want.Data())
	}
	key := dkimKey(got)
	if key == "" {
		return result(got, Wrong, "dkim-revoked")
	}
	ours, err := c.r.LookupTXT(c.ctx, absolute(want.Target))
	if err != nil {
		return silent(want.Target, TXT, want.Data())
	}
	if dkimKey(ours) != key {
		return result(got, Wrong, "dkim-other")
	}
	return result(got, OK, "")
}

// dkimKey returns the public key of a key record (RFC 6376 section 3.6.1).
func dkimKey(texts []string) string {
	for _, t := range texts {
		for tag := range strings.SplitSeq(t, ";") {
			name, value, ok := strings.Cut(tag, "=")
			if ok && strings.TrimSpace(name) == "p" {
				return strings.Join(strings.Fields(value), "")
			}
		}
	}
	return ""
}

// dmarc checks the record of the domain, or that of the registrable domain
// above it, which counts in its place (RFC 7489 section 6.6.3).
func (c checker) dmarc() []Finding {
	const want = `"v=DMARC1; p=none"`
	names := []string{"_dmarc." + c.domain}
	if org, err := publicsuffix.EffectiveTLDPlusOne(c.domain); err == nil && org != c.domain {
		names = append(names, "_dmarc."+org)
	}
	for _, name := range names {
		texts, err := c.r.LookupTXT(c.ctx, absolute(name))
		if err != nil && !absent(err) {
			return silent(name, TXT, want)
		}
		records := slices.DeleteFunc(slices.Clone(texts), func(t string) bool {
			version, _, _ := strings.Cut(t, ";")
			return strings.ReplaceAll(version, " ", "") != "v=DMARC1"
		})
		switch {
		case len(records) == 0:
			continue
		case len(records) > 1:
			return []Finding{finding(name, TXT, want, records, Wrong, "dmarc-several", c.domain, strconv.Itoa(len(records)))}
		case !dmarcValid(records[0]):
			return []Finding{finding(name, TXT, want, records, Wrong, "dmarc-invalid", c.domain)}
		}
		return []Finding{finding(name, TXT, want, records, OK, "")}
	}
	return []Finding{finding(names[0], TXT, want, nil, Missing, "dmarc-none", c.domain, want)}
}

func dmarcValid(record string) bool {
	tags := strings.Split(record, ";")
	if len(tags) < 2 {
		return false
	}
	name, value, _ := strings.Cut(tags[1], "=")
	policy := strings.ToLower(strings.TrimSpace(value))
	return strings.TrimSpace(name) == "p" && slices.Contains([]string{"none", "quarantine", "reject"}, policy)
}
