package ticket

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// attribution is the line above a quote, in the words of the common
	// programs: "On … wrote:", "Am … schrieb …:", "tir. 12. mars skrev …:".
	attribution = regexp.MustCompile(`(?i)^(?:(?:on|am|den|på|le|el|op|il|em|w dniu)\s.{6,260}?|\d{1,2}[./ ].{4,200}?|(?:man|tir|ons|tor|fre|lør|søn)\w*\.? .{4,200}?|.{0,120}[>\]]\s*)\b(?:wrote|schrieb|skrev|a écrit|escribió|schreef|ha scritto|escreveu|napisał\(?a?\)?)\b.{0,160}:$`)
	// original is the divider of Outlook and of forwarding programs.
	original = regexp.MustCompile(`(?i)(?:-{3,}|_{3,}) ?(?:original message|forwarded (?:message|by.{0,60})|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|opprinnelig melding|original melding|videresendt melding|oprindelig meddelelse|message transféré|mensaje original) ?(?:-{2,}|_{2,})?|^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|start på videresendt melding|videresendt melding) ?:?$`)
	// headerLine is a field of a quoted message's head in three languages.
	headerLine = regexp.MustCompile(`(?i)^[*_ ]*(from|sent|to|cc|bcc|date|subject|reply-to|importance|attachments|von|gesendet|an|datum|betreff|kopie|antwort an|fra|sendt|til|kopi|dato|emne)[*_ ]*:[*_ ]*(?:\s|$)`)
	firstLine  = regexp.MustCompile(`(?i)^[*_ ]*(?:from|von|fra|date|datum|dato|subject|betreff|emne)[*_ ]*:`)
	dashes     = regexp.MustCompile(`^(?:--|[-_=*—–]{2,60})$`)

	sentFrom = regexp.MustCompile(`(?i)^(?:sent (?:from|with|via|by) .{2,60}|get outlook for .{2,30}|von meine[mr] .{2,40} gesendet|gesendet (?:von|mit|aus|über) .{2,60}|diese nachricht wurde (?:von|mit) .{2,80} gesendet.?|outlook für .{2,20} (?:beziehen|herunterladen)|holen sie sich outlook für .{2,20}|sendt fra (?:min|mitt|mi|outlook|yahoo).{0,40}|(?:skaff deg|hent|få) outlook for .{2,20})$`)

	closing       = regexp.MustCompile(`(?i)^(?:(?:with |many )?(?:thanks|thank you|thx)(?: you| again| very much| so much| a lot| in advance| and (?:best|kind) regards| for (?:your|any|the) (?:help|time|support|assistance))*|(?:with )?(?:my |the )?(?:(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes|greetings)|best|cheers|sincerely|(?:yours )(?:sincerely|faithfully|truly)|sincerely yours|mit (?:freundlichen|besten|herzlichen|lieben|vielen) grü(?:ß|ss)en|(?:viele|liebe|beste|schöne|herzliche|freundliche) grü(?:ß|ss)e|mit freundlichem gru(?:ß|ss)|(?:besten |vielen |herzlichen |schon mal )?dank(?:e)?(?: im voraus| für ihre hilfe| schön)?(?: und (?:viele )?grü(?:ß|ss)e)?|mfg|lg|vg|gru(?:ß|ss)|(?:med )?(?:vennlig|vennleg|beste|hjertelig|mange) hilsen(?:er)?|(?:på forhånd )?(?:tusen )?takk(?: på forhånd| for hjelpen| for hjelp)?|hilsen|mvh|vh)\b[ ,.!:;-]*(?:[\p{L}.'-]+[ ,.!-]*){0,4}$`)
	inlineClosing = regexp.MustCompile(`(?i)([.!?)])\s+(?:(?:many )?thanks|thank you|thx|(?:(?:best|kind|warm) )?regards|cheers|(?:vielen )?dank(?:e)?|(?:viele|liebe|beste) grü(?:ß|ss)e|mfg|mit freundlichen grü(?:ß|ss)en|(?:på forhånd |tusen )?takk|mvh|(?:med )?vennlig hilsen)\b[ ,.!:;-]*(?:(?:in advance|very much|so much|im voraus|på forhånd|for (?:your |any |the )?help)[ ,.!]*)?(?:[\p{L}.'-]+[ ,.!-]*){0,3}$`)

	greeting = regexp.MustCompile(`^(?i:hi|hello|hey|hiya|dear|good (?:morning|day|afternoon|evening)|greetings|to whom it may concern|hallo|halli hallo|guten (?:tag|morgen|abend)|moin(?: moin)?|servus|grü(?:ß|ss) gott|sehr geehrte[rs]?|liebe[rs]?|hei|heisann|god (?:dag|morgen|kveld|ettermiddag))(?:[ -]+(?:(?i:there|all|everyone|everybody|team|support|folks|guys|sir|madam|sirs|or|and|und|og|zusammen|liebe[rsn]?|kjære|alle|sammen|damen|herren|igjen|again|dere|leute|mr|mrs|ms|herr|frau)\b\.?|\p{Lu}[\p{L}.'/-]*)){0,6}[ ]*(?:[,!.:;–]+|-(?: |$)|$)\s*`)

	legal = regexp.MustCompile(`(?i)(?:confidential|privileged).{0,400}(?:intended (?:recipient|solely|only)|addressee|disclos)|intended (?:solely|only) for the (?:use|person|individual|addressee)|(?:e-?mail|nachricht|mitteilung).{0,200}(?:vertraulich|rechtlich geschützt)|nicht der (?:richtige|beabsichtigte|vorgesehene) (?:adressat|empfänger)|(?:e-?post|melding).{0,200}(?:fortrolig|konfidensiell)|consider the environment before printing|denken sie an die umwelt|tenk på miljøet før|virus[- ]?free\.|virenfrei\.|checked (?:by|for viruses)|scanned (?:by|for viruses)|auf viren (?:geprüft|untersucht)|(?:registered (?:office|in england)|amtsgericht|handelsregister|hrb \d|ust-?id|geschäftsführer|foretaksregisteret|org\.? ?nr)`)

	webAddress = regexp.MustCompile(`(?i)[<(\[]*(?:\b(?:https?|ftp)://|\bwww\.|\bmailto:)[^\s<>"']+[>)\]]*`)
	markdownTo = regexp.MustCompile(`\]\((?:https?://|mailto:)[^)\s]*\)`)
	spaces     = regexp.MustCompile(`[ \t]{2,}`)

	replyTag  = regexp.MustCompile(`(?i)^(?:re|fw|fwd|aw|wg|sv|vs|antw|antwort|vedr|ang|videresendt|weitergeleitet)(?:\[\d+\]|\(\d+\))? ?: *`)
	listTag   = regexp.MustCompile(`^\[[^\]]{1,40}\] *`)
	ticketTag = regexp.MustCompile(`(?i)[\[(]?\b(?:ticket|case|request|sak|vorgang|anfrage)[ :]*(?:id|nr\.?|no\.?)?[ :]*#? ?\d{3,}[\])]?:?|[\[(]#\d{2,}[\])]`)
)

// normalize brings text into lines ended by "\n", without invisible characters.
func normalize(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// cleanLine makes one line of text.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(normalize(s)), " ")
}

// stripSubject removes what mail programs and ticket systems add.
func stripSubject(s string) string {
	for {
		t := listTag.ReplaceAllString(replyTag.ReplaceAllString(s, ""), "")
		t = strings.TrimSpace(ticketTag.ReplaceAllString(t, " "))
		if t == s {
			return s
		}
		s = t
	}
}

// strip returns what the customer wrote, and the lines that name the sending
// program. When nothing but quotes is there, the outermost quote counts.
func strip(text string) (asked, removed string) {
	if len(text) < 4*MaxBytes {
		text = original.ReplaceAllString(text, "\n$0\n")
	}
	lines := strings.Split(text, "\n")
	var signs strings.Builder
	for range MaxDepth {
		top, below := splitReply(lines)
		if asked = body(top, &signs); asked != "" {
			break
		}
		if len(below) == 0 {
			if below = unquote(lines); len(below) == 0 {
				break
			}
		}
		lines = below
	}
	return asked, signs.String()
}

// splitReply separates what is written above the first reply or forward marker
// from what is below it. Lines quoted with ">" are in neither.
func splitReply(lines []string) (top, below []string) {
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch {
		case strings.HasPrefix(l, ">"):
			continue
		case original.MatchString(l):
			return top, skipHead(lines[i+1:])
		case firstLine.MatchString(l) && headLength(lines[i:]) > 0:
			return top, skipHead(lines[i:])
		}
		if n := attributionLength(lines[i:]); n > 0 {
			if quotedNext(lines[i+n:]) {
				i += n - 1
				continue
			}
			return top, lines[i+n:]
		}
		top = append(top, l)
	}
	return top, nil
}

// attributionLength is the number of lines (at most 3) of an attribution at
// the beginning of lines; 0 when there is none.
func attributionLength(lines []string) int {
	joined := ""
	for n, l := range lines[:min(3, len(lines))] {
		if l == "" || strings.HasPrefix(l, ">") || len(joined) > 400 {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + l)
		if strings.HasSuffix(l, ":") {
			if attribution.MatchString(joined) {
				return n + 1
			}
			return 0
		}
	}
	return 0
}

func quotedNext(lines []string) bool {
	for _, l := range lines {
		if l != "" {
			return strings.HasPrefix(l, ">")
		}
	}
	return false
}

// headLength is the number of lines of a quoted message's head; 0 when fewer
// than three fields are there.
func headLength(lines []string) int {
	fields, end := 0, 0
	for i, l := range lines[:min(16, len(lines))] {
		if headerLine.MatchString(l) {
			fields, end = fields+1, i+1
		} else if l == "" && fields >= 3 || i-end >= 3 {
			break
		}
	}
	if fields < 3 {
		return 0
	}
	return end
}

// skipHead drops empty lines and a quoted message's head.
func skipHead(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	n := headLength(lines)
	for n < len(lines) && headerLine.MatchString(lines[n]) {
		n++
	}
	return lines[n:]
}

// unquote takes one level of ">" away; it returns nil when there is none.
func unquote(lines []string) []string {
	var out []string
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, ">"); ok {
			out = append(out, strings.TrimSpace(rest))
		}
	}
	return out
}

// body drops what surrounds the question: greeting, closing, signature, legal
// footer, "sent from" lines (which go to signs) and web addresses.
func body(lines []string, signs *strings.Builder) string {
	var kept []string
	for _, l := range lines {
		if len(l) < 200 && sentFrom.MatchString(l) {
			signs.WriteString(l + "\n")
			continue
		}
		l = markdownTo.ReplaceAllString(l, "]")
		l = webAddress.ReplaceAllString(l, " ")
		kept = append(kept, strings.TrimSpace(spaces.ReplaceAllString(l, " ")))
	}
	kept = withoutLegal(kept)
	kept = withoutSignature(kept, signs)
	kept = withoutGreeting(kept)
	text := strings.TrimSpace(strings.Join(kept, "\n"))
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return inlineClosing.ReplaceAllString(text, "$1")
}

// withoutLegal drops paragraphs of legal boilerplate. The customer's own first
// paragraph always stays.
func withoutLegal(lines []string) []string {
	var out, paragraph []string
	seen := false
	end := func() {
		joined := strings.Join(paragraph, " ")
		if !seen || len(joined) < 20 || !legal.MatchString(joined[:min(len(joined), 4000)]) {
			out = append(out, paragraph...)
			seen = seen || strings.TrimSpace(joined) != ""
		}
		paragraph = nil
	}
	for _, l := range lines {
		if l == "" {
			end()
			out = append(out, "")
			continue
		}
		paragraph = append(paragraph, l)
	}
	end()
	return out
}

// withoutSignature cuts at "-- " (RFC 3676, section 4.3), and at a closing or
// a row of dashes that only a few words follow.
func withoutSignature(lines []string, signs *strings.Builder) []string {
	after := 0 // words below the line
	cut := len(lines)
	for i := len(lines) - 1; i > 0; i-- {
		l := lines[i]
		ends := l == "--" && after < 150 || after <= 40 && (dashes.MatchString(l) || len(l) < 120 && closing.MatchString(l))
		if ends && strings.TrimSpace(strings.Join(lines[:i], "")) != "" {
			cut = i
		}
		after += len(strings.Fields(l))
	}
	for _, l := range lines[cut:] {
		signs.WriteString(l + "\n")
	}
	return lines[:cut]
}

func withoutGreeting(lines []string) []string {
	for i, l := range lines {
		if l == "" {
			continue
		}
		if m := greeting.FindStringIndex(l); m != nil && m[1] > 0 {
			lines[i] = l[m[1]:]
		}
		return lines[i:]
	}
	return nil
}
