package ticket

import (
	"regexp"
	"strings"

	"signpost/internal/lang"
)

var (
	replyTag  = regexp.MustCompile(`(?i)^` + alternatives(func(m *lang.Mail) []string { return m.ReplyTags }) + `(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})? ?[:：] {0,9}`)
	listTag   = regexp.MustCompile(`^\[[^\]]{1,40}\] {0,9}`)
	ticketTag = regexp.MustCompile(`(?i)[\[(]?(?:^|\b)` + alternatives(func(m *lang.Mail) []string { return m.TicketWords }) +
		`[ :]{0,3}(?:id|nr\.?|no\.?|n°|nº|№)?[ :]{0,3}[#№]? ?\d{3,20}[\])]?:?|[\[(]#\d{2,20}[\])]`)
)

// maxSubject is how much of a subject is read.
const maxSubject = 1000

// stripSubject removes what mail programs and ticket systems add.
func stripSubject(s string) string {
	for {
		t := listTag.ReplaceAllString(replyTag.ReplaceAllString(s, ""), "")
		t = strings.TrimSpace(ticketTag.ReplaceAllString(t, " "))
		if t == s || t == "" {
			return s
		}
		s = t
	}
}
