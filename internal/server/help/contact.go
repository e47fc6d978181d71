package help

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"signpost/internal/contact"
	"signpost/internal/content/status"
	"signpost/internal/limit"
	"signpost/internal/mail/address"
	"signpost/internal/relay"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
	"signpost/internal/view"
)

// Limits of what customers write.
const (
	maxWritten     = 10_000 // characters of a message
	maxFiles       = 5
	maxFileBytes   = 5 << 20 // all files of a message
	maxSuggested   = 3       // articles shown before a message is sent
	perAddress     = 3       // messages with one address for the answer, a day
	sendersKnown   = 50_000
	unverifiedRate = 60 // messages a minute, from all; what is beyond is marked
)

// BodyContact is how large a message with its files may be, in bytes.
const BodyContact = maxFileBytes + 256<<10

// A Contact takes messages of customers and hands them to the outbox.
type Contact struct {
	outbox  *contact.Outbox
	hook    bool   // messages go to a webhook, which needs no address
	from    string // of the relay's user, when that is an address
	key     []byte // of hashes of addresses, which die with the process
	senders *limit.Buckets[[sha256.Size]byte]
	all     *limit.Buckets[struct{}]
	counted *prometheus.CounterVec
}

// NewContact returns what takes messages; from is the address to write from
// when site.yaml has no sender, "" for none. hook says that they are not mailed.
func NewContact(outbox *contact.Outbox, from string, hook bool, m *web.Metrics) *Contact {
	c := &Contact{
		outbox: outbox, from: from, hook: hook, key: newVisitorKey(),
		senders: limit.New[[sha256.Size]byte](limit.Budget{PerMinute: 1, AtOnce: perAddress}, sendersKnown),
		all:     limit.New[struct{}](limit.Budget{PerMinute: unverifiedRate, AtOnce: unverifiedRate}, 1),
		counted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "signpost_contact_total", Help: "Messages on /contact: shown (answers), solved (by them), sent, refused.",
		}, []string{"outcome"}),
	}
	m.Register(c.counted, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "signpost_contact_waiting", Help: "Messages of customers that the relay or the webhook has not taken yet.",
	}, func() float64 { return float64(outbox.Waiting()) }))
	return c
}

// takes reports whether a site's customers can write here: somebody must get it.
func (c *Contact) takes(e page.Context) bool { return c != nil && (c.hook || c.to(e) != "") }

func (c *Contact) to(e page.Context) string {
	site := e.Snap.Library.Site
	if site.ContactTo != "" {
		return site.ContactTo
	}
	return site.Contact.Email
}

// sender is the address that messages come from.
func (c *Contact) sender(e page.Context) string {
	for _, a := range []string{e.Snap.Library.Site.Sender, c.from} {
		if a != "" {
			return a
		}
	}
	return c.to(e)
}

// Contact answers GET /contact: the ways to reach a person, and the form.
func (h *Handlers) Contact(r *web.Request) error {
	takes := h.contact.takes(r.Page)
	if !takes && !r.Page.ContactWays().Any() {
		return web.ErrNotFound
	}
	return r.SendPage(func() (view.Page, error) {
		p := contactPage(r.Page)
		if takes {
			p.Form = &view.ContactForm{}
		}
		return p, nil
	})
}

func contactPage(e page.Context) *view.Contact {
	p := &view.Contact{Chrome: e.Chrome("/contact"), Ways: e.ContactWays(), Popular: e.ArticleLinks(e.Snap.Popular(5))}
	p.Title = e.Words().T("nav.contact")
	p.Level, p.Sentence, _ = e.Overall()
	return p
}

// written is what a customer typed.
type written struct {
	text    string
	address address.Address // for the answer
	mailbox string          // that the message is about, as typed
	trap    bool            // a field was filled in that people do not see
	files   []relay.File
}

// Write answers POST /contact. First it shows what may answer the message; the
// customer then says that it did, or sends the message.
func (h *Handlers) Write(r *web.Request) error {
	if !h.contact.takes(r.Page) {
		return web.ErrNotFound
	}
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	if err := r.Request().ParseMultipartForm(maxFileBytes); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return web.BadForm(err)
	}
	form := r.Request().PostForm
	p := contactPage(r.Page)
	p.Chrome = page.Unlisted(p.Chrome)
	p.Popular = nil
	p.Form = &view.ContactForm{Text: limited(form.Get("text"), maxWritten), Address: limited(form.Get("address"), 400), Mailbox: limited(form.Get("mailbox"), 400)}
	if form.Get("do") == "solved" {
		h.contact.counted.WithLabelValues("solved").Inc()
		p.Form, p.Solved = nil, true
		return r.SendFresh(http.StatusOK, p)
	}
	w, key := h.contact.read(r, form)
	if key != "" {
		p.Form.Error, p.Form.Wrong = r.Page.Words().T("contact.error."+key), strings.SplitN(key, ".", 2)[0]
		return r.SendFresh(http.StatusBadRequest, p)
	}
	if form.Get("do") != "send" {
		h.contact.answers(r, p, w)
		h.contact.counted.WithLabelValues("shown").Inc()
		return r.SendFresh(http.StatusOK, p)
	}
	return h.contact.send(r, p, w)
}

// limited bounds what is repeated in a form.
func limited(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// read checks what was typed; key says what is wrong, for the catalogues: the
// field, and what it is.
func (c *Contact) read(r *web.Request, form url.Values) (w written, key string) {
	w.text = strings.TrimSpace(strings.ReplaceAll(form.Get("text"), "\r\n", "\n"))
	switch {
	case w.text == "":
		return w, "text.empty"
	case !utf8.ValidString(w.text), utf8.RuneCountInString(w.text) > maxWritten:
		return w, "text.long"
	}
	var err error
	if w.address, err = address.Parse(form.Get("address")); err != nil {
		return w, "address"
	}
	if m, err := address.Parse(form.Get("mailbox")); err == nil {
		w.mailbox = m.Unicode()
	} else if strings.TrimSpace(form.Get("mailbox")) != "" {
		return w, "mailbox"
	}
	w.trap = form.Get("website") != ""
	if f := r.Request().MultipartForm; f != nil && form.Get("do") == "send" {
		w.files, key = attached(f.File["file"])
	}
	return w, key
}

// answers fills in what may answer the message.
func (c *Contact) answers(r *web.Request, p *view.Contact, w written) {
	e := r.Page
	p.Form.Looked = true
	t, err := ticket.FromText("", w.text, "", r.Request().UserAgent())
	if err != nil {
		return // nothing to go by
	}
	got := suggest.For(e.Snap, t, suggest.Options{Lang: e.Lang, Limit: maxSuggested, Public: true})
	for _, i := range got.Incidents {
		if post, ok := e.Snap.Board.Post(i.ID); ok {
			link := e.PostLink(post)
			link.Summary = e.Sentence(post)
			p.Form.Incidents = append(p.Form.Incidents, link)
		}
	}
	for _, a := range got.Articles {
		link := e.ArticleLink(a.Article)
		link.URL = a.URL
		if a.Section != "" {
			link.Summary = a.Section
		}
		p.Form.Articles = append(p.Form.Articles, link)
	}
	if c.unreachable(e, w.address) {
		p.Form.Elsewhere = e.Words().T("contact.elsewhere", "address", w.address.Unicode())
	}
}

// unreachable reports whether an answer would go to a mailbox of ours that
// cannot be read at present.
func (c *Contact) unreachable(e page.Context, a address.Address) bool {
	if e.Snap.Library.ProviderFor(a.Domain) == nil {
		return false
	}
	return slices.ContainsFunc(e.Snap.Board.Components, func(s status.ComponentState) bool {
		reading := slices.ContainsFunc([]string{"imap", "pop3", "webmail", "delivery"}, func(use string) bool {
			return s.ID == use || slices.Contains(s.Services, use)
		})
		return reading && s.Condition >= status.PartialOutage
	})
}

// send keeps the message and shows its reference.
func (c *Contact) send(r *web.Request, p *view.Contact, w written) error {
	l := r.Page.Words()
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(strings.ToLower(w.address.String())))
	if wait := c.senders.Take([sha256.Size]byte(mac.Sum(nil)), 1, slowly(r.Now)); wait > 0 {
		c.counted.WithLabelValues("refused").Inc()
		p.Form.Error = l.T("contact.error.often")
		return r.SendFresh(http.StatusTooManyRequests, p)
	}
	ref, unverified := contact.NewReference(), c.all.Take(struct{}{}, 1, r.Now) > 0 || w.trap
	first := firstLine(w.text)
	m := contact.Message{Reference: ref, Customer: contact.Customer{
		Subject: first, Text: w.text, Address: w.address.String(), Mailbox: w.mailbox, Language: r.Page.Lang, Unverified: unverified,
	}, Mail: relay.Mail{
		From: c.sender(r.Page), FromName: r.Page.Snap.Library.Site.Name, To: c.to(r.Page), ReplyTo: w.address.String(),
		Subject: subject(ref, first, unverified), Text: c.body(r, ref, w),
		ID: ref + "." + r.Now.UTC().Format("20060102150405") + "@" + web.HostName(hostOf(r.Page.Base())), Date: r.Now, Files: w.files,
	}}
	without, err := c.outbox.Add(m)
	if err != nil {
		r.App.Log.Error("a message of a customer could not be kept", "error", err)
		c.counted.WithLabelValues("refused").Inc()
		p.Form.Error = l.T("contact.error.full")
		return r.SendFresh(http.StatusServiceUnavailable, p)
	}
	c.counted.WithLabelValues("sent").Inc()
	p.Form, p.Sent = nil, ref
	if without {
		p.Without = l.T("contact.without")
	}
	return r.SendFresh(http.StatusOK, p)
}

// slowly is a clock on which a day has as many minutes as an address may send
// messages, since budgets are by the minute.
func slowly(now time.Time) time.Time {
	return time.Unix(now.Unix()*perAddress/(24*60), 0)
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "localhost"
	}
	return u.Host
}

// firstLine is what a message is called.
func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if r := []rune(first); len(r) > 70 {
		first = strings.TrimSpace(string(r[:70])) + "…"
	}
	return first
}

// subject begins with the reference, which ticket systems keep in replies.
func subject(ref, first string, unverified bool) string {
	if unverified {
		first = "(unverified) " + first
	}
	return "[" + ref + "] " + first
}

// body is the text of the message with what an agent has to know.
func (c *Contact) body(r *web.Request, ref string, w written) string {
	var b strings.Builder
	b.WriteString(w.text + "\n\n-- \nReference: " + ref + "\nAnswer to: " + w.address.Unicode() + "\n")
	if w.mailbox != "" {
		b.WriteString("Mailbox named, not verified: " + w.mailbox + "\n")
	}
	fmt.Fprintf(&b, "Language of the page: %s\nSent: %s\n", r.Page.Lang, r.Now.UTC().Format(time.RFC3339))
	return b.String()
}

// kinds are the files that are taken, by what is in them.
var kinds = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "text/plain; charset=utf-8": ".txt"}

// attached reads the files of a form. Their names are made anew: what a stranger
// calls a file is for nobody's disk.
func attached(list []*multipart.FileHeader) (files []relay.File, key string) {
	total := int64(0)
	for _, f := range list {
		if f.Size == 0 && f.Filename == "" {
			continue
		}
		if total += f.Size; total > maxFileBytes || len(files) == maxFiles {
			return nil, "file.large"
		}
		src, err := f.Open()
		if err != nil {
			return nil, "file.kind"
		}
		data, err := io.ReadAll(io.LimitReader(src, maxFileBytes+1))
		src.Close()
		if err != nil {
			return nil, "file.kind"
		}
		kind := http.DetectContentType(data)
		end, ok := kinds[kind]
		if !ok || strings.HasPrefix(kind, "text/") && !utf8.Valid(data) {
			return nil, "file.kind"
		}
		if given := strings.ToLower(filepath.Ext(f.Filename)); end == ".txt" && (given == ".eml" || given == ".log") {
			end = given
		}
		files = append(files, relay.File{Name: fmt.Sprintf("attachment-%d%s", len(files)+1, end), Type: kind, Data: data})
	}
	return files, ""
}
