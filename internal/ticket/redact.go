package ticket

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/internal/lang"
)

// Mark stands in place of what [Redact] took out. It holds no letters, so that
// it is never searched for.
const Mark = "[…]"

// spokenPattern is an address in the words of one language each: "at" and "point" do
// not belong together.
func spokenPattern() string {
	quoted := func(list []string) string {
		var all []string
		for _, w := range list {
			all = append(all, regexp.QuoteMeta(w))
		}
		return `(?:` + strings.Join(all, "|") + `)`
	}
	var all []string
	for _, l := range lang.All() {
		if len(l.Mail.At) > 0 && len(l.Mail.Dot) > 0 {
			at := append([]string{"@"}, l.Mail.At...)
			all = append(all, quoted(at)+` [\p{L}\p{N}-]{1,63}(?: `+quoted(l.Mail.Dot)+` [\p{L}\p{N}-]{2,63}){1,10}`)
		}
	}
	return `(?i)[\p{L}\p{N}._+-]{1,64} (?:` + strings.Join(all, "|") + `)`
}

// secretVerbs is a part of a pattern: what stands between the name of a secret and
// the secret. Japanese has no blanks around it.
func secretVerbs() string {
	var all []string
	for _, l := range lang.All() {
		for _, v := range l.Mail.SecretIs {
			if r, _ := utf8.DecodeRuneInString(v); wordRune(r) {
				v = `\s{1,2}` + regexp.QuoteMeta(v) + `\s{1,2}`
			}
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return strings.Join(all, "|")
}

var (
	// mailDomain is what follows the "@" of an address, also without a dot: jo@localhost.
	mailDomain = regexp.MustCompile(`^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.){0,10}[\p{L}\p{N}-]{0,62}[\p{L}\p{N}]`)
	ipv4       = regexp.MustCompile(`\b(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b`)
	ipv6       = regexp.MustCompile(`(?i)(?:\b[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})?\b|\b(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?`)
	phone      = regexp.MustCompile(`(?:\+|\b00)[1-9]\d{0,2}[ ()/.-]{0,2}\d[\d ()/.-]{5,16}\d\b`)
	longNumber = regexp.MustCompile(`\b\d{9,500}\b|\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{2,4}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b`)
	// A secret after its name: redacted always after a colon or "=", after a verb only
	// when it looks like one or is quoted.
	secretColon = regexp.MustCompile(`^(?:et|en|s)?\s{0,2}[:=：]\s{0,2}(\S{1,100})`)
	secretIs    = regexp.MustCompile(`^(?:et|en)?(?:` + secretVerbs() + `)(\S{4,100})`)
	hexCode     = regexp.MustCompile(`(?i)^0x[0-9a-f]+$`)
	// spoken is an address as people write it for people.
	spoken = regexp.MustCompile(spokenPattern())
	// machineSecret are the shapes of our own tokens, JSON Web Tokens, and the
	// keys of well-known services, which carry a mark of their own.
	machineSecret = regexp.MustCompile(`\b(?:signpost_[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|A[KS]IA[0-9A-Z]{16}|gh[pousr]_\w{20,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{10,})`)
	// digits are groups that may be a telephone number without its country.
	digits = regexp.MustCompile(`\(?\d[\d ()/-]{5,22}\d`)
	day    = regexp.MustCompile(`^(?:(?:19|20)\d\d[ /-]?[01]\d[ /-]?[0-3]\d|[0-3]?\d[ /-][0-3]?\d[ /-](?:19|20)\d\d)(?:\D|$)`)
	groups = regexp.MustCompile(`\d+`)
	year   = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// mailPorts are numbers that customers write in a row.
var mailPorts = []string{"25", "80", "110", "143", "443", "465", "587", "993", "995", "2525", "4190", "8080", "8443"}

// Redact replaces mail addresses, IP addresses, telephone and other long
// numbers, tokens, and what looks like a password, by [Mark]. It is for everything that
// is kept: search words, comments, gaps.
func Redact(s string) string {
	if strings.ContainsAny(s, "@%") || strings.Contains(s, "at)") || strings.Contains(s, "at]") {
		s = redactAddresses(s)
	}
	if containsAny(s, spokenDots) {
		s = spoken.ReplaceAllString(s, Mark)
	}
	if containsAny(s, machineSecrets) {
		s = machineSecret.ReplaceAllString(s, Mark)
	}
	s = redactSecrets(s)
	if strings.ContainsAny(s, "0123456789") {
		s = longNumber.ReplaceAllString(s, Mark)
		s = phone.ReplaceAllString(s, Mark)
		s = ipv4.ReplaceAllString(s, Mark)
		s = redactNational(s)
	}
	if strings.Count(s, ":") > 1 {
		s = ipv6.ReplaceAllString(s, Mark)
	}
	return replaceWords(s, passwordLike)
}

// ats are how the "@" of an address is written; with blanks they may be apart.
var ats = []string{"@", "%40", "[at]", "(at)"}

// redactAddresses hides mail addresses.
func redactAddresses(s string) string {
	low := asciiLower(s)
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); i++ {
		at := ""
		if strings.IndexByte("@%[(", s[i]) >= 0 {
			for _, a := range ats {
				if strings.HasPrefix(low[i:], a) {
					at = a
				}
			}
		}
		if at == "" {
			continue
		}
		start, end := i, i+len(at)
		if at != "@" {
			start = len(strings.TrimRight(s[max(0, i-1):i], " \t\n")) + max(0, i-1)
			end += len(s[end:min(len(s), end+1)]) - len(strings.TrimLeft(s[end:min(len(s), end+1)], " \t\n"))
		}
		local := localPart(s[from:start])
		domain := mailDomain.FindString(s[end:min(len(s), end+800)])
		if local == 0 || domain == "" {
			continue
		}
		b.WriteString(s[from:start-local] + Mark)
		from = end + len(domain)
		i = from - 1
	}
	return b.String() + s[from:]
}

// localPart returns how many bytes at the end of s may be the part of an address
// before the "@".
func localPart(s string) int {
	if strings.HasSuffix(s, `"`) {
		if i := strings.LastIndexByte(s[max(0, len(s)-66):len(s)-1], '"'); i >= 0 {
			quoted := s[max(0, len(s)-66)+i:]
			if len(quoted) > 2 && !strings.ContainsAny(quoted, "@\r\n") {
				return len(quoted)
			}
		}
	}
	n := 0
	for range 64 {
		r, size := utf8.DecodeLastRuneInString(s[:len(s)-n])
		if size == 0 || !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune(".!#$%&'*+/=?^_{|}~-", r) {
			break
		}
		n += size
	}
	return n
}

// machineSecrets and spokenDots are in every text that their patterns can find.
var (
	machineSecrets = []string{"signpost_", "eyJ", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "sk-", "xox"}
	spokenDots     = func() []string {
		var dots []string
		for _, l := range lang.All() {
			for _, d := range l.Mail.Dot {
				dots = append(dots, " "+d+" ", " "+strings.ToUpper(d)+" ", " "+strings.ToUpper(d[:1])+d[1:]+" ")
			}
		}
		return dots
	}()
)

func containsAny(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.Contains(s, p) })
}

// redactNational hides telephone numbers without a country: seven digits or more
// in a row or in groups, unless they are a day, years or ports, or a part of
// something longer, such as an error code or a version.
func redactNational(s string) string {
	var b strings.Builder
	from := 0
	for _, at := range digits.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after := strings.TrimLeft(s[at[1]:], ".,")
		next, _ := utf8.DecodeRuneInString(after)
		m := s[at[0]:at[1]]
		inside := unicode.IsLetter(before) || strings.ContainsRune("_.,:-#", before) || unicode.IsLetter(next) || next == '_' ||
			after != s[at[1]:] && unicode.IsDigit(next)
		if inside || !national(m) {
			continue
		}
		b.WriteString(s[from:at[0]] + Mark)
		from = at[1]
	}
	return b.String() + s[from:]
}

func national(m string) bool {
	if day.MatchString(m) {
		return false
	}
	all, known := 0, true
	parts := groups.FindAllString(m, -1)
	for _, g := range parts {
		all += len(g)
		known = known && (year.MatchString(g) || slices.Contains(mailPorts, g))
	}
	return all >= 7 && !known && len(parts) <= 6
}

// secretNames are what a password is called, in all languages.
var secretNames = func() []string {
	names := []string{"api key", "api-key", "apikey"}
	for _, l := range lang.All() {
		names = append(names, l.Mail.Secrets...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

// redactSecrets hides what follows the name of a secret.
func redactSecrets(s string) string {
	low := strings.ToLower(s)
	if len(low) != len(s) { // a letter whose small form has another length
		low = asciiLower(s)
	}
	type span struct{ from, to int }
	var found []span
	for _, name := range secretNames {
		for i := 0; ; {
			n := strings.Index(low[i:], name)
			if n < 0 {
				break
			}
			i += n + len(name)
			if m := secretColon.FindStringSubmatchIndex(low[i:min(len(s), i+200)]); m != nil {
				found = append(found, span{i + m[2], i + m[3]})
			} else if m := secretIs.FindStringSubmatchIndex(low[i:min(len(s), i+200)]); m != nil && secretValue(s[i+m[2]:i+m[3]]) {
				found = append(found, span{i + m[2], i + m[3]})
			}
		}
	}
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var b strings.Builder
	from := 0
	for _, f := range found {
		if f.from >= from {
			b.WriteString(s[from:f.from] + Mark)
		}
		from = max(from, f.to)
	}
	return b.String() + s[from:]
}

// secretValue reports whether what follows "my password is" is one.
func secretValue(v string) bool {
	return strings.ContainsAny(v[:1], "\"'") || strings.HasPrefix(v, "„") || strings.HasPrefix(v, "“") || strings.HasPrefix(v, "«") || odd(v)
}

// asciiLower makes only ASCII letters small.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// odd reports whether a value after "my password is" is no ordinary word: it
// has a digit, a sign inside, or a capital letter after a small one.
func odd(v string) bool {
	v = strings.TrimRight(v, ".,;:!?)")
	return strings.ContainsFunc(v, unicode.IsDigit) || strings.ContainsAny(v, "!#$%&*+=?@^_~") || capitalInside(v)
}

func capitalInside(v string) bool {
	small := false
	for _, r := range v {
		if small && unicode.IsUpper(r) {
			return true
		}
		small = small || unicode.IsLower(r)
	}
	return false
}

// passwordLike reports whether a word has small and capital letters, digits
// and signs all at once, as passwords must have and hardly any word has.
func passwordLike(w string) bool {
	w = strings.Trim(w, `.,;:!?()[]<>"'`)
	if len(w) < 8 || len(w) > 128 || hexCode.MatchString(w) {
		return false
	}
	var small, capital, digit, sign bool
	for _, r := range w {
		switch {
		case unicode.IsLower(r):
			small = true
		case unicode.IsUpper(r):
			capital = true
		case unicode.IsDigit(r):
			digit = true
		case strings.ContainsRune("!#$%&*+=?^~§@", r):
			sign = true
		}
	}
	return small && capital && digit && sign
}

// replaceWords puts Mark in place of the words that hide chooses; white space stays.
func replaceWords(s string, hide func(string) bool) string {
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexFunc(s, unicode.IsSpace)
		if i < 0 {
			i = len(s)
		}
		if w := s[:i]; hide(w) {
			b.WriteString(Mark)
		} else {
			b.WriteString(w)
		}
		j := strings.IndexFunc(s[i:], func(r rune) bool { return !unicode.IsSpace(r) })
		if j < 0 {
			j = len(s) - i
		}
		b.WriteString(s[i : i+j])
		s = s[i+j:]
	}
	return b.String()
}

// placeholder is what other systems put in place of what they took out.
var placeholder = regexp.MustCompile(`(?i)<(?:address|e-?mail|number|phone|url|link|name|ip|user|host|redacted|removed)>|\[(?:…|redacted|removed|email[  ]?address)\]`)

// dropMarks removes marks: they are no words of the customer.
func dropMarks(s string) string {
	lines := strings.Split(placeholder.ReplaceAllString(s, " "), "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, "\n")
}

// robot is the address of a program, not of a customer.
var robot = regexp.MustCompile(`(?i)^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@`)

// robotName finds such an address in the head of a quoted message, and what it is called.
var robotName = regexp.MustCompile(`(?i)(?:mailer-daemon|postmaster|mail delivery (?:sub)?system)`)

// findAddresses returns the distinct mail addresses of a text as written, at
// most 20, in order.
func findAddresses(s string) []string {
	if !strings.Contains(s, "@") {
		return nil
	}
	var out []string
	for _, a := range plainAddress.FindAllString(s, 50) {
		a = strings.Trim(a, ".'-")
		if robot.MatchString(a) {
			continue
		}
		if !slices.ContainsFunc(out, func(b string) bool { return strings.EqualFold(a, b) }) && len(out) < 20 {
			out = append(out, a)
		}
	}
	return out
}

var plainAddress = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,10}[\p{L}\p{N}-]{1,62}[\p{L}\p{N}]`)
