package suggest

import (
	"bytes"
	"errors"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/markdown/syntax"
	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/site"
)

// A Customer is whom a snippet is for.
type Customer struct {
	Address  address.Address // zero: an example stands in its place
	Lang     string          // a language of the site; "" is its first
	Platform string          // one of markdown.Platforms, or ""
	Client   string          // mail program, or ""
}

// A Snippet goes into a reply. The three texts say the same.
type Snippet struct {
	URL      string `json:"url"` // absolute
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
}

// Limits of a snippet: longer answers end with the link to the rest.
const (
	maxBody   = 1500 // characters of the plain text
	maxLead   = 300
	textWidth = 72
)

// reader resolves values for a customer.
func reader(s *site.Snapshot, texts *locale.Catalogues, c Customer, lang string) *content.Reader {
	r := s.DeskReader(lang, content.WordsIn(texts.For(lang)))
	r.Root, r.Address = root(s, c.Lang), c.Address
	return r
}

// ErrNoSection means that an article has no section with the anchor.
var ErrNoSection = errors.New("the article has no section with this anchor")

// ArticleSnippet writes a snippet about one place of an article: its title, the section with the
// anchor, whole, and the link url with the anchor; without an anchor the section that is the
// article's only one with steps for the customer, else the summary. A section
// that says nothing for the customer's platform is the summary too. url is
// absolute; "" makes it the article's permanent link below base.
func ArticleSnippet(s *site.Snapshot, texts *locale.Catalogues, a *article.Article, c Customer, anchor, base, url string) (Snippet, error) {
	if c.Lang == "" {
		c.Lang = s.DefaultLanguage()
	}
	shown := a.In(c.Lang)
	title, summary, _ := site.Head(reader(s, texts, c, shown.Head.Lang), a)
	p := draft{Title: title, Lead: summary, URL: url, more: texts.For(shown.Body.Lang).T("snippet.more")}
	if shown.Body.Lang != c.Lang {
		p.Title += " (" + texts.For(c.Lang).T("lang."+shown.Body.Lang) + ")"
	}
	if url == "" {
		p.URL = base + "/a/" + strconv.Itoa(a.ID) + query(c.Platform)
	}
	doc := s.Library.Doc(shown.Body)
	if doc == nil {
		if anchor != "" {
			return Snippet{}, ErrNoSection
		}
		return p.write()
	}
	if anchor != "" && !doc.HasAnchor(anchor) {
		return Snippet{}, ErrNoSection
	}
	rd := reader(s, texts, c, shown.Body.Lang)
	if anchor == "" {
		anchor = onlySteps(doc, rd, c.Platform)
	}
	o := markdown.Options{
		Base: base, Self: rd.Root + "/help/" + a.Slug, Platform: c.Platform, NoAnchors: true, Width: textWidth, Texts: content.MarkdownTexts(texts.For(shown.Body.Lang)),
	}
	if anchor != "" {
		p.URL += "#" + anchor
		if section := doc.Section(anchor, c.Platform); section != nil {
			p.section(section, rd, o)
		}
	}
	if p.Body == nil && p.Lead == "" {
		p.Lead = doc.Lead(rd, maxLead)
	}
	return p.write()
}

// onlySteps returns the anchor of the first of a howto's steps for a platform when
// they all stand in one list, else "".
func onlySteps(doc *markdown.Doc, r markdown.Resolver, platform string) string {
	anchor, next := "", 0
	for _, s := range doc.Steps(r) {
		switch {
		case len(s.Platforms) > 0 && platform == "":
			return ""
		case len(s.Platforms) > 0 && !slices.Contains(s.Platforms, platform):
		case anchor == "":
			anchor, next = s.Anchor, s.Number+1
		case s.Number != next:
			return ""
		default:
			next++
		}
	}
	return anchor
}

// section puts a section into the draft, as much as is short enough.
func (p *draft) section(section *markdown.Doc, r markdown.Resolver, o markdown.Options) {
	short, cut := section.Shorten(r, o, maxBody)
	if short == nil {
		return
	}
	p.Lead, p.Cut = "", cut
	p.Body = &body{Text: short.Text(r, o), Markdown: short.Markdown(r, o), HTML: short.HTML(r, o)}
}

// SettingsSnippet writes a snippet with the settings for receiving and sending mail, and
// the link to the set-up page below base. It is empty without a provider.
func SettingsSnippet(s *site.Snapshot, texts *locale.Catalogues, c Customer, base string) (Snippet, error) {
	prov := s.Library.ProviderFor(c.Address.Domain)
	if prov == nil {
		prov = s.Library.Provider()
	}
	if prov == nil {
		return Snippet{}, nil
	}
	if c.Lang == "" {
		c.Lang = s.DefaultLanguage()
	}
	l := texts.For(c.Lang)
	rd := reader(s, texts, c, c.Lang)
	p := draft{Title: l.T("card.title", "provider", prov.NameIn(c.Lang)), URL: base + root(s, c.Lang) + "/setup"}
	account := prov.Account(c.Address, c.Client)
	for _, u := range []provider.Use{provider.IMAP, provider.POP3, provider.Submit} {
		if service, ok := account.First(u); ok {
			p.Tables = append(p.Tables, rd.Table(prov, service))
		}
	}
	return p.write()
}

// A draft is what the three texts are written from.
type draft struct {
	Title, Lead, URL string
	Body             *body  // a section; nil: Lead and Tables
	Cut              bool   // there is more of the section
	more             string // "Continue here:"
	Tables           []markdown.Settings
}

// A body is a section in the three forms.
type body struct {
	Text, Markdown string
	HTML           template.HTML
}

// More are the words before the link of a section that goes on.
func (p *draft) More() string {
	if p.Cut {
		return p.more
	}
	return ""
}

func (p *draft) write() (Snippet, error) {
	html, err := p.html()
	return Snippet{URL: p.URL, Text: p.text(), Markdown: p.markdown(), HTML: html}, err
}

func (p *draft) text() string {
	var b strings.Builder
	b.WriteString(wrap(p.Title, "") + "\n")
	if p.Lead != "" {
		b.WriteString("\n" + wrap(p.Lead, "") + "\n")
	}
	if p.Body != nil {
		b.WriteString("\n" + strings.TrimSpace(p.Body.Text) + "\n")
	}
	for _, t := range p.Tables {
		b.WriteString("\n")
		if t.Caption != "" {
			b.WriteString(t.Caption + "\n")
		}
		for _, row := range t.Rows {
			b.WriteString("  " + row.Label + ": " + row.Value + "\n")
		}
	}
	if p.Cut {
		return b.String() + "\n" + p.more + " " + p.URL + "\n"
	}
	return b.String() + "\n" + p.URL + "\n"
}

// wrap breaks lines at blanks; every line but the first begins with indent.
func wrap(s, indent string) string {
	var b strings.Builder
	column := len(indent)
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i > 0 && column+1+n > textWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		case i > 0:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

func (p *draft) markdown() string {
	var b strings.Builder
	plain := func(s string) string { return syntax.Escape(strings.Join(strings.Fields(s), " "), true) }
	b.WriteString("**[" + plain(p.Title) + "](<" + p.URL + ">)**\n")
	if p.Lead != "" {
		b.WriteString("\n" + syntax.EscapeStart(plain(p.Lead)) + "\n")
	}
	if p.Body != nil {
		b.WriteString("\n" + strings.TrimSpace(p.Body.Markdown) + "\n")
	}
	if p.Cut {
		b.WriteString("\n" + plain(p.more) + " <" + p.URL + ">\n")
	}
	for _, t := range p.Tables {
		b.WriteString("\n| " + plain(t.Caption) + " | |\n|---|---|\n")
		for _, row := range t.Rows {
			b.WriteString("| " + plain(row.Label) + " | " + plain(row.Value) + " |\n")
		}
	}
	return b.String()
}

// The HTML has no styles: it is pasted into mails, and through the clipboard of
// a page that allows none.
var snippetHTML = template.Must(template.New("").Parse(`<p><a href="{{.URL}}"><strong>{{.Title}}</strong></a></p>
{{with .Lead}}<p>{{.}}</p>
{{end}}{{with .Body}}{{.HTML}}
{{end}}{{with .More}}<p>{{.}} <a href="{{$.URL}}">{{$.URL}}</a></p>
{{end}}{{range .Tables}}<table>
{{with .Caption}}<tr><th colspan="2" align="left">{{.}}</th></tr>
{{end}}{{range .Rows}}<tr><th align="left">{{.Label}}</th><td>{{.Value}}</td></tr>
{{end}}</table>
{{end}}`))

func (p *draft) html() (string, error) {
	var b bytes.Buffer
	err := snippetHTML.Execute(&b, p)
	return b.String(), err
}
