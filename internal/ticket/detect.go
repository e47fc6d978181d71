package ticket

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// stopWords are frequent words of one language that are rare in the others.
var stopWords = map[string]string{
	"en": "the and is of to my it this that with not have has but when from are was can cannot can't you your what how does do be been on as if or would there which they will i'm i've don't please any just after since our could should their thanks help were who why where into get got it's while some one other want need use using new change only like about because more",
	"de": "der die das und ist nicht ich mit ein eine einen einer auf für von zu den dem des im kann keine kein wird werden wenn auch aber wie bei habe haben sich es nach mein meine meinen meinem meiner wir sie oder noch nur bitte über seit mehr beim zum zur diese dieser dieses mich mir hat sind wurde alle danke wieder immer warum wo ihre",
	"nb": "og ikke jeg det på som en et til av med har kan meg min mitt mine er den når men hvordan får vi dere hva fra ved eller om blir må seg etter noe noen bare være skal vil hvor hvorfor denne dette deres ingen takk hei hjelp lenger kommer over inn ut nå også fikk mer min bruker",
}

var stopIndex = func() map[string][]string {
	index := map[string][]string{}
	for lang, words := range stopWords {
		for w := range strings.FieldsSeq(words) {
			if !slices.Contains(index[w], lang) {
				index[w] = append(index[w], lang)
			}
		}
	}
	return index
}()

// Language returns the language of a text, "en", "de" or "nb", by its frequent
// words and letters, or "" when there are too few or none prevails.
func Language(s string) string {
	scores := map[string]float64{}
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(s[:min(len(s), 20000)]), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '’'
	}) {
		words++
		w = strings.ReplaceAll(w, "’", "'")
		for _, lang := range stopIndex[w] {
			scores[lang] += 1 / float64(len(stopIndex[w]))
		}
		switch {
		case strings.ContainsAny(w, "ß"), strings.ContainsAny(w, "äü") && len(w) > 3:
			scores["de"] += .5
		case strings.ContainsAny(w, "æøå"):
			scores["nb"] += .5
		}
	}
	best, second := "", 0.0
	for _, lang := range []string{"en", "nb", "de"} {
		switch v := scores[lang]; {
		case best == "" || v > scores[best]:
			second, best = scores[best], lang
		case v > second:
			second = v
		}
	}
	top := scores[best]
	if top < 1 || top <= second*1.2 || top < .09*float64(words) {
		return ""
	}
	return best
}

// A sign is a group of words that tell one thing. None of them is there unless
// one of the stems is: that spares most of the matching.
type sign struct {
	id    string
	stems []string
	words *regexp.Regexp
}

func signs(table [][3]string) []sign {
	var out []sign
	for _, t := range table {
		words := regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(?:` + t[2] + `)(?:[^\p{L}\p{N}]|$)`)
		out = append(out, sign{t[0], strings.Split(t[1], "|"), words})
	}
	return out
}

// platforms: the ids are those of article front matter.
var platforms = signs([][3]string{
	{"ios", "iphone|ipad|ios", `iphones?(?: ?\d+)?|ipads?(?: (?:air|pro|mini))?|ios(?: ?\d+)?|ipados(?: ?\d+)?`},
	{"macos", "mac|os|sonoma|ventura|monterey|sequoia|tahoe|catalina|big sur", `mac|macs|macbooks?|imac|mac ?mini|macos|mac os(?: x)?|os ?x|osx|sonoma|ventura|monterey|sequoia|tahoe|catalina|big sur`},
	{"android", "android|samsung|galaxy|pixel|k9|k-9|fairmail|xiaomi|oneplus|fairphone", `android(?: ?\d+)?|samsung|galaxy|pixel(?: ?\d+)?|k-?9(?: mail)?|fairmail|xiaomi|oneplus|fairphone`},
	{"windows", "win|w7|w10|w11|outlook|client", `windows(?: ?(?:\d+|xp|vista))?|win ?(?:7|8|10|11)|w(?:7|10|11)|microsoft outlook|outlook(?: ?(?:20\d\d|365|classic))|windows[- ]mail|em ?client`},
	{"linux", "linux|ubuntu|debian|fedora|mint|arch|suse|manjaro|kmail|evolution|geary|flatpak|snap", `linux|ubuntu|kubuntu|debian|fedora|mint|arch|opensuse|manjaro|kmail|evolution|geary|flatpak|snap`},
	{"web", "web|roundcube|horde|browser|nettleser|nettmail", `web ?mail|nettmail|roundcube|horde|im browser|i nettleseren|nettleser|in (?:the|my) browser|weboberfläche`},
})

// clients: the ids are those of the provider description.
var clients = signs([][3]string{
	{"thunderbird-android", "android", `thunderbird (?:for|für|på|on) android|thunderbird-android`},
	{"thunderbird", "underbird|thuderbird|betterbird", `thunderbirds?|tunderbird|thuderbird|betterbird`},
	{"outlook-ios", "outlook", `outlook (?:for|für|på|on) (?:ios|iphone|ipad)`},
	{"outlook-android", "outlook", `outlook (?:for|für|på|on) android`},
	{"outlook-mac", "outlook", `outlook (?:for|für|on|på) (?:the )?mac(?:os)?`},
	{"outlook-classic", "outlook", `outlook (?:classic|20\d\d|xp)|classic outlook|outlook \(classic\)|klassische[sn]? outlook|klassisk outlook`},
	{"outlook", "outlook", `outlook(?: 365)?|ms outlook`},
	{"apple-mail", "apple|mail.app|mac|iphone|ipad|ios", `apple[- ]mail|mail\.app|mac mail|macmail|iphone mail|ipad mail|ios mail|(?:mail|e-?post|post)[- ]?app(?:en)? (?:on|auf|på|of|der|des)? ?(?:my|the|the |dem|meinem|min|mitt)? ?(?:iphone|ipad|mac)`},
	{"k9-mail", "k9|k-9", `k-?9(?:[- ]mail)?`},
	{"fairemail", "fair", `fair ?e?mail`},
	{"gmail-app", "gmail", `gmail[- ]app(?:en)?|gmail (?:on|auf|på) (?:my |meinem |min )?(?:phone|android|handy|telefon(?:en)?|iphone)`},
	{"windows-mail", "windows", `windows[- ]mail|windows live mail|mail (?:app )?(?:for|für) windows`},
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
})

// programs of a maker whose devices a text need not name.
var programs = signs([][3]string{{"macos", "apple mail|mail.app", `apple mail|mail\.app`}})

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

// codePatterns find error codes as their first group; where two overlap, the
// earlier pattern wins.
var codePatterns = []*regexp.Regexp{
	// An SMTP reply with its enhanced status code (RFC 5321, RFC 3463).
	regexp.MustCompile(`\b([245]\d\d[ -][245]\.\d{1,3}\.\d{1,3})\b`),
	regexp.MustCompile(`\b([A-Z][A-Za-z]{2,40}ErrorDomain(?:[ :(,]{1,3}(?:[Cc]ode|[Ee]rror)?[ :=]{0,3}-?\d{1,6})?)`),
	// IMAP and POP3 response codes (RFC 5530, RFC 9051, RFC 3206).
	regexp.MustCompile(`\b(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|UNAVAILABLE|EXPIRED|PRIVACYREQUIRED|CONTACTADMIN|NOPERM|INUSE|EXPUNGEISSUED|CORRUPTION|SERVERBUG|CLIENTBUG|CANNOT|LIMIT|OVERQUOTA|ALREADYEXISTS|NONEXISTENT|TRYCREATE|BADCHARSET|SYS/TEMP|SYS/PERM|IN-USE|LOGIN-DELAY)\b`),
	regexp.MustCompile(`\b(0[xX][0-9A-Fa-f]{4,16})\b`),
	regexp.MustCompile(`\b((?:NET::)?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b`),
	regexp.MustCompile(`\b(E(?:CONNREFUSED|CONNRESET|TIMEDOUT|TIMEOUT|HOSTUNREACH|NOTFOUND|AUTH|AI_AGAIN))\b`),
	regexp.MustCompile(`(?:^|[\s(#\["'“„:])([45]\.[0-7]\.\d{1,3})(?:[\s)\]"'”,;:]|\.?\s|\.?$)`),
	regexp.MustCompile(`(?i)\b(?:error|errors|code|fehler|fehlercode|fehlermeldung|feil|feilkode|feilmelding|smtp|status|server (?:responded|said|antwortete|response)|reply)\b[^\w\n]{0,4}(?:code|number|nummer|nr\.?|kode)?[^\w\n-]{0,4}(-?\d{3,8})\b`),
}

// codeWords must be part of an upper-case name with underscores for it to be a code.
var codeWords = regexp.MustCompile(`ERR|FAIL|DENIED|CERT|SSL|TLS|PROBE|INVALID|REFUSED|TIMEOUT|UNKNOWN`)

// Codes returns the error codes in a text, in their order, at most 20. Hex
// numbers are written as 0x800CCC0E.
func Codes(s string) []string {
	s = s[:min(len(s), 200000)]
	type span struct{ from, to int }
	var found []span
	for _, p := range codePatterns {
		for _, m := range p.FindAllStringSubmatchIndex(s, 50) {
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

func canonicalCode(c string) string {
	switch {
	case strings.HasPrefix(c, "0x") || strings.HasPrefix(c, "0X"):
		return "0x" + strings.ToUpper(c[2:])
	case len(c) > 8 && c[3] == '-' && c[0] <= '9': // a reply of several lines (RFC 5321, section 4.2.1)
		return c[:3] + " " + c[4:]
	}
	return c
}
