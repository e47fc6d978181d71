package ticket

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"signpost/internal/lang"
)

// A sign is a group of words that tell one thing. None of them is there unless
// one of the stems is: that spares most of the matching.
type sign struct {
	id    string
	stems []string
	words *regexp.Regexp
}

// signs compiles a table of id, stems and words. In words, ON is what stands between a
// program and a device in any language, APP the "mail app" of a phone. Words that package
// lang has for an id are added.
func signs(table [][3]string, further func(*lang.Mail, string) []string) []sign {
	on := alternatives(func(m *lang.Mail) []string { return m.On })
	app := alternatives(func(m *lang.Mail) []string { return m.Apps })
	var out []sign
	for _, t := range table {
		stems, words := strings.Split(t[1], "|"), strings.NewReplacer("ON", on, "APP", app).Replace(t[2])
		for _, l := range lang.All() {
			for _, w := range further(&l.Mail, t[0]) {
				stems, words = append(stems, w), words+"|"+regexp.QuoteMeta(w)
			}
		}
		out = append(out, sign{t[0], stems, regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(?:` + words + `)(?:[^\p{L}\p{N}]|$)`)})
	}
	return out
}

// alternatives joins a list of all languages to a part of a pattern, the longest first.
func alternatives(list func(*lang.Mail) []string) string {
	var all []string
	for _, l := range lang.All() {
		for _, w := range list(&l.Mail) {
			all = append(all, regexp.QuoteMeta(w))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return `(?:` + strings.Join(slices.Compact(all), "|") + `)`
}

// platforms: the ids are those of article front matter.
var platforms = signs([][3]string{
	{"ios", "iphone|ipad|ios", `iphones?(?: ?\d{1,3})?|ipads?(?: (?:air|pro|mini))?|ios(?: ?\d{1,3})?|ipados(?: ?\d{1,3})?`},
	{"macos", "mac|os|sonoma|ventura|monterey|sequoia|tahoe|catalina|big sur", `mac|macs|macbooks?|imac|mac ?mini|macos|mac os(?: x)?|os ?x|osx|sonoma|ventura|monterey|sequoia|tahoe|catalina|big sur`},
	{"android", "android|samsung|galaxy|pixel|k9|k-9|fairmail|xiaomi|oneplus|fairphone", `android(?: ?\d{1,3})?|samsung|galaxy|pixel(?: ?\d{1,3})?|k-?9(?: mail)?|fairmail|xiaomi|oneplus|fairphone`},
	{"windows", "win|w7|w10|w11|outlook|client", `windows(?: ?(?:\d{1,5}|xp|vista))?|win ?(?:7|8|10|11)|w(?:7|10|11)|microsoft outlook|outlook(?: ?(?:20\d\d|365|classic))|windows[- ]mail|em ?client`},
	{"linux", "linux|ubuntu|debian|fedora|mint|arch|suse|manjaro|kmail|evolution|geary|flatpak|snap", `linux|ubuntu|kubuntu|debian|fedora|mint|arch|opensuse|manjaro|kmail|evolution|geary|flatpak|snap`},
	{"web", "web|roundcube|horde", `web ?mail|roundcube|horde`},
}, func(m *lang.Mail, id string) []string {
	if id == "web" {
		return m.Web
	}
	return nil
})

// clients: the ids are those of the provider description.
var clients = signs([][3]string{
	{"thunderbird-android", "android", `thunderbird ON android|thunderbird-android`},
	{"thunderbird", "underbird|thuderbird|betterbird", `thunderbirds?|tunderbird|thuderbird|betterbird`},
	{"outlook-ios", "outlook", `outlook ON (?:ios|iphone|ipad)`},
	{"outlook-android", "outlook", `outlook ON android`},
	{"outlook-mac", "outlook", `outlook ON mac(?:os)?`},
	{"outlook-classic", "outlook", `outlook (?:classic|20\d\d|xp)|outlook \(classic\)`},
	{"outlook", "outlook", `outlook(?: 365)?|ms outlook`},
	{"apple-mail", "apple|mail.app|mac|iphone|ipad|ios", `apple[- ]mail|mail\.app|mac mail|macmail|iphone mail|ipad mail|ios mail|(?:APP|mail ?app|mail|post[- ]?app) ON (?:iphone|ipad|mac)`},
	{"k9-mail", "k9|k-9", `k-?9(?:[- ]mail)?`},
	{"fairemail", "fair", `fair ?e?mail`},
	{"gmail-app", "gmail", `gmail[- ]app(?:en)?|gmail ON (?:phone|android|handy|telefon(?:en)?|iphone)`},
	{"windows-mail", "windows", `windows[- ]mail|windows live mail|mail (?:app )?ON windows`},
	{"em-client", "client", `em ?client`},
	{"evolution", "evolution", `evolution`},
	{"kmail", "kmail", `kmail`},
	{"neomutt", "mutt", `neomutt|mutt`},
	{"aerc", "aerc", `aerc`},
	{"fetchmail", "fetchmail", `fetchmail`},
	{"mbsync", "mbsync|isync", `mbsync|isync`},
	{"offlineimap", "offlineimap", `offlineimap`},
	{"getmail", "getmail", `getmail6?`},
	{"msmtp", "msmtp", `msmtp`},
	{"webmail", "web|roundcube|horde", `web ?mail(?:er)?|roundcube|horde`},
}, func(m *lang.Mail, id string) []string { return m.Clients[id] })

// programs of a maker whose devices a text need not name.
var programs = signs([][3]string{{"macos", "apple mail|mail.app", `apple mail|mail\.app`}}, func(*lang.Mail, string) []string { return nil })

// Platform returns the platform that a text names most often, the first of
// them on a draw, as in article front matter; "" when it names none.
func Platform(s string) string { return cmp.Or(prevailing(s, platforms), prevailing(s, programs)) }

// Client returns the mail program that a text names most often, the most
// specific of them on a draw; "" when it names none.
func Client(s string) string { return prevailing(s, clients) }

func prevailing(s string, table []sign) string {
	s = strings.ToLower(s[:min(len(s), 50000)])
	best, bestCount, bestAt := "", 0, 0
	for _, t := range table {
		if !slices.ContainsFunc(t.stems, func(stem string) bool { return strings.Contains(s, stem) }) {
			continue
		}
		found := t.words.FindAllStringIndex(s, 100)
		if len(found) == 0 {
			continue
		}
		count, at := len(found), found[0][0]
		if count > bestCount || count == bestCount && at < bestAt {
			best, bestCount, bestAt = t.id, count, at
		}
	}
	return best
}

// A codePattern finds error codes as its first group, in a text with what it needs.
type codePattern struct {
	needs func(string) bool
	re    *regexp.Regexp
}

// hasClass looks for the beginning of an enhanced status code.
func hasClass(s string) bool {
	return strings.Contains(s, "5.") || strings.Contains(s, "4.") || strings.Contains(s, "2.")
}

func hasHex(s string) bool { return strings.Contains(s, "0x") || strings.Contains(s, "0X") }

// errorWords stand before the number of an error, in all languages.
var errorWords = func() []string {
	var words []string
	for _, l := range lang.All() {
		words = append(words, l.Mail.Errors...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}()

func hasError(s string) bool {
	if !strings.ContainsAny(s, "0123456789") {
		return false
	}
	s = strings.ToLower(s)
	return slices.ContainsFunc(errorWords, func(w string) bool { return strings.Contains(s, w) })
}

// hasCapitals reports whether four capital letters are in a row.
func hasCapitals(s string) bool {
	run := 0
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			run = 0
		} else if run++; run == 4 {
			return true
		}
	}
	return false
}

func has(part string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, part) }
}

// codePatterns are in the order of their weight: where two overlap, the earlier wins.
var codePatterns = []codePattern{
	// An SMTP reply with its enhanced status code (RFC 5321, RFC 3463).
	{hasClass, smtpReply},
	{has("ErrorDomain"), regexp.MustCompile(`\b([A-Z][A-Za-z]{2,40}ErrorDomain(?:[ :(,]{1,3}(?:[Cc]ode|[Ee]rror)?[ :=]{0,3}-?\d{1,6})?)`)},
	// IMAP and POP3 response codes (RFC 5530, RFC 9051, RFC 3206).
	{hasCapitals, regexp.MustCompile(`\b(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|UNAVAILABLE|EXPIRED|PRIVACYREQUIRED|CONTACTADMIN|NOPERM|INUSE|EXPUNGEISSUED|CORRUPTION|SERVERBUG|CLIENTBUG|CANNOT|LIMIT|OVERQUOTA|ALREADYEXISTS|NONEXISTENT|TRYCREATE|BADCHARSET|SYS/TEMP|SYS/PERM|IN-USE|LOGIN-DELAY)\b`)},
	{hasHex, regexp.MustCompile(`\b(0[xX][0-9A-Fa-f]{4,16})\b`)},
	{has("_"), regexp.MustCompile(`\b((?:NET::)?[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,12})\b`)},
	{hasCapitals, regexp.MustCompile(`\b(E(?:CONNREFUSED|CONNRESET|TIMEDOUT|TIMEOUT|HOSTUNREACH|NOTFOUND|AUTH|AI_AGAIN))\b`)},
	{hasClass, regexp.MustCompile(`(?:^|[\s(#\["'“„:])([45]\.[0-7]\.\d{1,3})(?:[\s)\]"'”,;:]|\.?\s|\.?$)`)},
	{hasError, regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}])` + alternatives(func(m *lang.Mail) []string { return m.Errors }) +
		`[^\p{L}\p{N}_\n]{0,4}(?:code|kode|number|nummer|nr\.?|numéro|número|numero)?[^\p{L}\p{N}_\n-]{0,4}(-?\d{3,8})\b`)},
}

// smtpReply is a refusal by a mail server (RFC 5321, section 4.2; RFC 3463).
var smtpReply = regexp.MustCompile(`\b([245]\d\d[ -][245]\.\d{1,3}\.\d{1,3})\b`)

// codeWords must be part of an upper-case name with underscores for it to be a code.
var codeWords = regexp.MustCompile(`ERR|FAIL|DENIED|CERT|SSL|TLS|PROBE|INVALID|REFUSED|TIMEOUT|UNKNOWN`)

// Codes returns the error codes in a text, in their order, at most 20. Hex
// numbers are written as 0x800CCC0E.
func Codes(s string) []string {
	s = s[:min(len(s), 200000)]
	type span struct{ from, to int }
	var found []span
	for _, p := range codePatterns {
		if !p.needs(s) {
			continue
		}
		for _, m := range p.re.FindAllStringSubmatchIndex(s, 50) {
			h := span{m[2], m[3]}
			overlaps := slices.ContainsFunc(found, func(f span) bool { return h.from < f.to && f.from < h.to })
			if code := s[h.from:h.to]; !overlaps && (!strings.Contains(code, "_") || codeWords.MatchString(code)) {
				found = append(found, h)
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	codes := []string{}
	for _, f := range found {
		if code := canonicalCode(s[f.from:f.to]); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	// "5.7.1" says nothing more beside "550 5.7.1".
	codes = slices.DeleteFunc(codes, func(c string) bool {
		return slices.ContainsFunc(codes, func(d string) bool { return strings.HasSuffix(d, " "+c) })
	})
	return codes[:min(len(codes), 20)]
}

// hasCode reports whether a text has an error code.
func hasCode(s string) bool {
	return slices.ContainsFunc(codePatterns, func(p codePattern) bool { return p.needs(s) && p.re.MatchString(s) }) && len(Codes(s)) > 0
}

func canonicalCode(c string) string {
	switch {
	case strings.HasPrefix(c, "0x") || strings.HasPrefix(c, "0X"):
		return "0x" + strings.ToUpper(c[2:])
	case len(c) > 8 && c[3] == '-' && c[0] <= '9': // a reply of several lines (RFC 5321, section 4.2.1)
		return c[:3] + " " + c[4:]
	}
	return c
}
