package suggest

import (
	"bytes"
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

// Limits of a snippet: longer answers are the article itself.
const (
	maxSteps  = 12
	maxTables = 4
	maxLead   = 300 // characters
	textWidth = 72
)

// reader resolves values for a customer.
func reader(s *site.Snapshot, texts *locale.Catalogues, c Customer, lang string) *content.Reader {
	r := s.DeskReader(lang, content.WordsIn(texts.For(lang)))
	r.Root, r.Address = root(s, c.Lang), c.Address
	return r
}

// ArticleSnippet writes a snippet about an article: its title, its steps in short or its
// summary, the settings it shows, and the link url, which is absolute; "" makes
// it the article's permanent link below base.
func ArticleSnippet(s *site.Snapshot, texts *locale.Catalogues, a *article.Article, c Customer, base, url string) (Snippet, error) {
	if c.Lang == "" {
		c.Lang = s.DefaultLanguage()
	}
	shown := a.In(c.Lang)
	title, summary, _ := site.Head(reader(s, texts, c, shown.Head.Lang), a)
	p := draft{Title: title, Lead: summary, URL: url}
	if url == "" {
		p.URL = base + "/a/" + strconv.Itoa(a.ID) + query(c.Platform)
	}
	if doc := s.Library.Doc(shown.Body); doc != nil {
		rd := &recorder{Reader: reader(s, texts, c, shown.Body.Lang)}
		p.Steps = steps(doc, rd, c.Platform)
		if len(p.Steps) == 0 && p.Lead == "" {
			p.Lead = doc.Lead(rd, maxLead)
		}
		doc.Text(rd, markdown.Options{Platform: c.Platform})
		p.Tables = rd.tables
	}
	return p.write()
}

// steps are the first sentences of a howto's steps: those of the customer's
// platform. Without a platform, an article that differs by platform has none,
// and neither has one with too many for a reply.
func steps(doc *markdown.Doc, r markdown.Resolver, platform string) []string {
	var out []string
	for _, s := range doc.Steps(r) {
		switch {
		case len(s.Platforms) == 0, slices.Contains(s.Platforms, platform):
			out = append(out, s.Name)
		case platform == "":
			return nil
		}
	}
	if len(out) > maxSteps {
		return nil
	}
	return out
}

// A recorder notes the settings tables that a document shows.
type recorder struct {
	*content.Reader
	tables []markdown.Settings
}

// Settings returns the table and notes it.
func (r *recorder) Settings(service, client string) (markdown.Settings, error) {
	t, err := r.Reader.Settings(service, client)
	if err == nil && len(r.tables) < maxTables && !slices.ContainsFunc(r.tables, func(o markdown.Settings) bool { return sameRows(o, t) }) {
		r.tables = append(r.tables, t)
	}
	return t, err
}

func sameRows(a, b markdown.Settings) bool {
	return a.Caption == b.Caption && slices.Equal(a.Rows, b.Rows)
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
	Steps            []string
	Tables           []markdown.Settings
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
	for i, s := range p.Steps {
		if i == 0 {
			b.WriteString("\n")
		}
		number := strconv.Itoa(i+1) + ". "
		b.WriteString(number + wrap(s, strings.Repeat(" ", len(number))) + "\n")
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
	for i, s := range p.Steps {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(strconv.Itoa(i+1) + ". " + syntax.EscapeStart(plain(s)) + "\n")
	}
	for _, t := range p.Tables {
		b.WriteString("\n| " + plain(t.Caption) + " | |\n|---|---|\n")
		for _, row := range t.Rows {
			b.WriteString("| " + plain(row.Label) + " | " + plain(row.Value) + " |\n")
		}
	}
	return b.String()
}

// The HTML has no classes and no styles: it is pasted into mails, and through the
// clipboard of a page that allows none.
var snippetHTML = template.Must(template.New("").Parse(`<p><a href="{{.URL}}"><strong>{{.Title}}</strong></a></p>
{{with .Lead}}<p>{{.}}</p>
{{end}}{{with .Steps}}<ol>
{{range .}}<li>{{.}}</li>
{{end}}</ol>
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
