package ticket

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark stands in place of what [Redact] took out. It holds no letters, so that
// it is never searched for.
const Mark = "[…]"

var (
	mailAddress = regexp.MustCompile(`(?i)(?:"[^"@\r\n]{1,64}"|[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{1,64})(?:@|\s?\[at\]\s?|\s?\(at\)\s?|\s?%40)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.)*[\p{L}\p{N}-]{0,62}[\p{L}\p{N}]`)
	ipv4        = regexp.MustCompile(`\b(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b`)
	ipv6        = regexp.MustCompile(`(?i)(?:\b[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})?\b|\b(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?`)
	phone       = regexp.MustCompile(`(?:\+|\b00)[1-9]\d{0,2}[ ()/.-]{0,2}\d[\d ()/.-]{5,16}\d\b`)
	longNumber  = regexp.MustCompile(`\b\d{9,}\b|\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{2,4}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b`)
	// secret is a named secret: always redacted after a colon or "=", after a
	// verb only when the value looks like one or is quoted.
	secretColon = regexp.MustCompile(`(?i)\b((?:[\p{L}-]{0,20})?(?:password|passwort|passord|passphrase|passwd|kennwort|kodeord|pwd|pass|pw|pin|puk|secret|token|api[- ]?key)(?:et|en|s)?)(\s{0,2}[:=]\s{0,2})(\S{1,100})`)
	secretIs    = regexp.MustCompile(`(?i)\b((?:[\p{L}-]{0,20})?(?:password|passwort|passord|passphrase|passwd|kennwort|kodeord|pwd|pw|pin)(?:et|en)?)(\s(?:is|was|ist|war|lautet|er|var)\s{1,2}(?:now |jetzt |nå )?)(\S{4,100})`)
	hexCode     = regexp.MustCompile(`(?i)^0x[0-9a-f]+$`)
	// spoken is an address as people write it for people.
	spoken = regexp.MustCompile(`(?i)[\p{L}\p{N}._+-]{1,64} (?:at|@) [\p{L}\p{N}-]{1,63}(?: (?:dot|punkt|punktum) [\p{L}\p{N}-]{2,63})+`)
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
		s = mailAddress.ReplaceAllString(s, Mark)
	}
	s = spoken.ReplaceAllString(s, Mark)
	s = machineSecret.ReplaceAllString(s, Mark)
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

// secretStems are in every word that names a secret.
var secretStems = []string{"pass", "pw", "pin", "puk", "secret", "token", "key", "kenn", "kode"}

func redactSecrets(s string) string {
	low := strings.ToLower(s)
	if !slices.ContainsFunc(secretStems, func(stem string) bool { return strings.Contains(low, stem) }) {
		return s
	}
	s = secretColon.ReplaceAllString(s, "$1$2"+Mark)
	return secretIs.ReplaceAllStringFunc(s, func(m string) string {
		g := secretIs.FindStringSubmatch(m)
		if v := g[3]; strings.ContainsAny(v[:1], "\"'") || strings.HasPrefix(v, "„") || strings.HasPrefix(v, "“") || strings.HasPrefix(v, "«") || odd(v) {
			return g[1] + g[2] + Mark
		}
		return m
	})
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

var plainAddress = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{1,62}[\p{L}\p{N}]`)
