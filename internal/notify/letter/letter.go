// Package letter writes the mails that tell subscribers of a status post, or ask
// them for a confirmation: one text and one HTML form of the same words.
//
// A [Letter] holds the words, in one language; [Letter.Mail] addresses it.
//
// Guarantees: the HTML loads nothing, holds no pictures and no script, and is
// readable on light and dark; both forms say the same; a mail that was asked for
// can be left by one click (RFC 2369, RFC 8058); all mails of a post to one
// person are one thread; nothing in words or addresses can add a header field.
package letter

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"signpost/internal/relay"
)

// A Letter is what a mail says. Everything but Text.HTML is plain text.
type Letter struct {
	Lang, Dir string // of the letter: BCP 47, and ltr or rtl
	Site      string // name of the help desk
	Subject   string
	Intro     string // why it comes now; "" when that is plain
	Level     string // the colour: ok notice maintenance degraded partial down
	State     string // in words; "" when it is about no post
	Title     string
	Lead      string // what matters most: whether mail is safe; ""
	Facts     []Fact
	Texts     []Text // the newest first
	Help      string // heading of Links
	Links     []Link // articles that help
	Action    Link   // what to open: the post, or the page with the button
	Notes     []string
	Foot      string // why the reader gets it
	Manage    Link   // change what is told; zero: not offered
	Leave     Link   // unsubscribe; its URL is the target of the one-click request too; zero: not offered
}

// A Fact is a label with what it says.
type Fact struct {
	Label  string
	Values []string
}

// A Text is prose: an update, or what the reader should do.
type Text struct {
	Head  string // "Cause found · 1 December 2026, 10:20 CET"
	Lang  string // when it differs from the letter's, else ""
	Plain string
	HTML  template.HTML // made by the Markdown renderer, with absolute links
}

// Side is the direction of a text in a language of its own, "" for the letter's.
func (t Text) Side() string {
	if t.Lang == "" {
		return ""
	}
	return "auto"
}

// A Link is a text and an absolute URL.
type Link struct{ Text, URL string }

//go:embed letter.html
var source string

var page = template.Must(template.New("letter").Parse(source))

// HTML returns the HTML form.
func (l Letter) HTML() (string, error) {
	var b bytes.Buffer
	if err := page.Execute(&b, l); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Plain returns the plain text form.
func (l Letter) Plain() string {
	var parts []string
	add := func(s ...string) {
		if s := strings.TrimSpace(strings.Join(s, "")); s != "" {
			parts = append(parts, s)
		}
	}
	add(l.Intro)
	title := l.Title
	if l.State != "" {
		title = l.State + ": " + title
	}
	add(title)
	add(l.Lead)
	var facts []string
	for _, f := range l.Facts {
		facts = append(facts, f.Label+": "+strings.Join(f.Values, "; "))
	}
	add(strings.Join(facts, "\n"))
	for _, t := range l.Texts {
		head := ""
		if t.Head != "" {
			head = t.Head + "\n"
		}
		add(head, strings.TrimSpace(t.Plain))
	}
	if len(l.Links) > 0 {
		list := l.Help + ":"
		for _, link := range l.Links {
			list += "\n- " + link.Text + "\n  " + link.URL
		}
		add(list)
	}
	if l.Action.URL != "" {
		add(l.Action.Text, ":\n", l.Action.URL)
	}
	for _, n := range l.Notes {
		add(n)
	}
	parts = append(parts, "-- \n"+l.foot())
	return strings.Join(parts, "\n\n") + "\n"
}

// foot is the signature: why the mail comes, and how to end that.
func (l Letter) foot() string {
	lines := []string{l.Site}
	if l.Foot != "" {
		lines = append(lines, l.Foot)
	}
	for _, link := range []Link{l.Manage, l.Leave} {
		if link.URL != "" {
			lines = append(lines, link.Text+": "+link.URL)
		}
	}
	return strings.Join(lines, "\n")
}

// An Envelope is from whom and to whom a letter goes.
type Envelope struct {
	From, FromName string
	To             string
	Return         string    // address that bounces go to; "" = From
	Host           string    // of the site: the right side of Message-ID and List-Id
	ID             string    // left side of the Message-ID
	Thread         string    // left side of the first message of the thread; "" or equal to ID for the first
	Kind           string    // what it tells, for Feedback-ID: "incident", "confirm" …
	Date           time.Time // of the header
}

// Mail returns the mail. Automatic replies are asked not to come (RFC 3834).
func (l Letter) Mail(e Envelope) (relay.Mail, error) {
	html, err := l.HTML()
	if err != nil {
		return relay.Mail{}, err
	}
	m := relay.Mail{
		From: e.From, FromName: e.FromName, To: e.To, Envelope: e.Return, Subject: l.Subject, Text: l.Plain(), HTML: html,
		ID: e.ID + "@" + e.Host, Date: e.Date,
	}
	add := func(name, value string) { m.Header = append(m.Header, relay.Field{Name: name, Value: value}) }
	add("Auto-Submitted", "auto-generated")
	add("X-Auto-Response-Suppress", "All") // what Exchange reads in place of the former
	add("Feedback-ID", e.Kind+":status:"+e.Host)
	if e.Thread != "" && e.Thread != e.ID {
		add("In-Reply-To", "<"+e.Thread+"@"+e.Host+">")
		add("References", "<"+e.Thread+"@"+e.Host+">")
	}
	if l.Leave.URL == "" {
		return m, nil
	}
	add("List-Id", "<status."+e.Host+">")
	if u, err := url.Parse(l.Leave.URL); err == nil {
		add("List-Unsubscribe", "<"+u.String()+">")
		if u.Scheme == "https" { // RFC 8058, section 3.1
			add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	if len(l.Texts) > 0 {
		if i := slices.IndexFunc(l.Texts, func(t Text) bool { return t.Lang == "" }); i < 0 {
			add("Content-Language", l.Lang+", "+l.Texts[0].Lang)
			return m, nil
		}
	}
	add("Content-Language", l.Lang)
	return m, nil
}
