package server_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"signpost/internal/contact"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/mail/dovecottest"
	"signpost/internal/relay"
	"signpost/internal/server"
)

// A mailbag is a site whose customers can write: its relay is a real mail
// server.
type mailbag struct {
	*agentSite
	t      *testing.T
	relay  *dovecottest.Server
	outbox *contact.Outbox
	dir    string
}

func newMailbag(t *testing.T) *mailbag {
	t.Helper()
	m := &mailbag{t: t, dir: filepath.Join(t.TempDir(), "outbox")}
	m.relay = dovecottest.Start(t, dovecottest.Options{Users: map[string]string{"site@relay.test": "secret"}})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := relay.New(relay.Config{URL: fmt.Sprintf("smtps://site%%40relay.test@%s:%d", dovecottest.Address, m.relay.Submissions), PasswordFile: file, Roots: m.relay.CA.Pool()})
	if err != nil {
		t.Fatal(err)
	}
	m.agentSite = newAgentSite(t, "", func(c *server.Config) {
		if m.outbox, err = contact.Open(contact.Config{Dir: m.dir, Send: contact.Mailed(r), Now: time.Now, Log: c.Log}); err != nil {
			t.Fatal(err)
		}
		c.Outbox, c.Sender = m.outbox, "site@relay.test"
	})
	return m
}

// write sends the form, with files by their names.
func (m *mailbag) write(files map[string]string, pairs ...string) reply {
	m.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			m.t.Fatal(err)
		}
	}
	for name, data := range files {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write([]byte(data))
		}
		if err != nil {
			m.t.Fatal(err)
		}
	}
	form.Close()
	return m.do(http.MethodPost, "/contact", b.String(), "Content-Type", form.FormDataContentType())
}

// deliver hands over what waits, and returns the newest mail.
func (m *mailbag) deliver() *mail.Message {
	m.t.Helper()
	go m.outbox.Run(m.t.Context())
	within(m.t, "the message being handed over", func() bool { return m.outbox.Waiting() == 0 })
	sent := m.relay.Sent()
	if len(sent) == 0 {
		m.t.Fatal("nothing was sent")
	}
	msg, err := mail.ReadMessage(strings.NewReader(sent[len(sent)-1].Text))
	if err != nil {
		m.t.Fatal(err)
	}
	return msg
}

var referenceShown = regexp.MustCompile(`<strong>([2-9A-Y]{4}-[2-9A-Y]{4})</strong>`)

// TestContact: what may answer a message is shown first; a message that is sent
// arrives by mail, with its files and the way to answer, and leaves nothing
// behind.
func TestContact(t *testing.T) {
	m := newMailbag(t)
	if got := m.get("/contact"); got.status != http.StatusOK || !strings.Contains(got.body, `name="text"`) || strings.Contains(got.body, `name="file"`) {
		t.Fatalf("the form: %d", got.status)
	}
	const text = "How do I set up my iPhone?\nIt asks for a server. canary-words"
	looked := m.write(nil, "text", text, "address", "jo.canary@example.org", "do", "look")
	if looked.status != http.StatusOK || !strings.Contains(looked.body, `id="found"`) || !strings.Contains(looked.body, "iPhone") || !strings.Contains(looked.body, `name="file"`) || !strings.Contains(looked.body, "jo.canary@example.org") {
		t.Fatalf("answers: %d %s", looked.status, looked.body)
	}
	if n := len(regexp.MustCompile(`<a href="/help/`).FindAllString(looked.body, -1)); n != 3 {
		t.Errorf("%d articles are shown, want 3", n)
	}
	picture, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	sent := m.write(map[string]string{"../../error <1>.png": string(picture), "trace.log": "line 1\n"}, "text", text, "address", "jo.canary@example.org", "mailbox", "jo@example.com", "do", "send")
	ref := referenceShown.FindStringSubmatch(sent.body)
	if sent.status != http.StatusOK || ref == nil || sent.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("sent: %d %s", sent.status, sent.body)
	}
	msg := m.deliver()
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if want := "[" + ref[1] + "] How do I set up my iPhone?"; err != nil || subject != want {
		t.Errorf("subject %q, want %q", subject, want)
	}
	for header, want := range map[string]string{"From": "site@relay.test", "Reply-To": "jo.canary@example.org", "Auto-Submitted": "", "Precedence": "", "List-Id": ""} {
		if got := msg.Header.Get(header); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s is %q", header, got)
		}
	}
	body, err := io.ReadAll(msg.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"canary-words", "Mailbox named, not verified: jo@example.com", "attachment-", ".png", ".log", ref[1]} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if strings.Contains(string(body), "error <1>") {
		t.Error("a file keeps the name that a stranger gave it")
	}
	if left, _ := os.ReadDir(m.dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if log := m.log.String(); strings.Contains(log, "canary") {
		t.Errorf("the log holds what a customer wrote:\n%s", log)
	}
	if metrics := m.admin("/metrics").body; !strings.Contains(metrics, `signpost_contact_total{outcome="sent"} 1`) || !strings.Contains(metrics, `signpost_contact_total{outcome="shown"} 1`) || strings.Contains(metrics, "canary") {
		t.Error("the messages are not counted")
	}
	if solved := m.write(nil, "text", text, "address", "", "do", "solved"); solved.status != http.StatusOK || !strings.Contains(solved.body, "Nothing was sent") {
		t.Errorf("solved: %d", solved.status)
	}
}

// TestContactByWebhook: a site without any address for messages takes them when
// a webhook does; what it receives tells the customer's words from what was added.
func TestContactByWebhook(t *testing.T) {
	took := make(chan contact.Message, 1)
	o := newAgentSite(t, "", func(c *server.Config) {
		outbox, err := contact.Open(contact.Config{Dir: filepath.Join(t.TempDir(), "outbox"), Now: time.Now, Log: c.Log, Send: func(_ context.Context, m contact.Message) error {
			took <- m
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		go outbox.Run(t.Context())
		c.Outbox, c.Hook = outbox, true
	})
	writeFile(t, o.dir, "site.yaml", "name: Example Mail\nlanguages: [en, de]\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	got := o.form("/de/contact", "text", "No new mail\nsince ten", "address", "jo@example.org", "mailbox", "jo@example.com", "do", "send", "website", "x")
	if got.status != http.StatusOK || referenceShown.FindStringSubmatch(got.body) == nil {
		t.Fatalf("%d %s", got.status, got.body)
	}
	want := contact.Customer{Subject: "No new mail", Text: "No new mail\nsince ten", Address: "jo@example.org", Mailbox: "jo@example.com", Language: "de", Unverified: true}
	if m := <-took; m.Customer != want || m.Reference != referenceShown.FindStringSubmatch(got.body)[1] {
		t.Errorf("%+v", m.Customer)
	}
}

// TestContactInAnOutage: the open incident is shown before the message is sent,
// and an address that cannot be read at present is pointed out, not refused.
func TestContactInAnOutage(t *testing.T) {
	m := newMailbag(t)
	if _, err := m.editor().New(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap", "pop", "smtp", "webmail"}, Title: "Mail is down"}, Message: "We are looking into it."}); err != nil {
		t.Fatal(err)
	}
	if err := m.live.Load(); err != nil {
		t.Fatal(err)
	}
	got := m.write(nil, "text", "nothing works since 10, no mail at all", "address", "kari@example.com", "do", "look")
	if !strings.Contains(got.body, "Mail is down") || !strings.Contains(got.body, "kari@example.com is one of our mailboxes") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if sent := m.write(nil, "text", "nothing works since 10", "address", "kari@example.com", "do", "send"); !referenceShown.MatchString(sent.body) {
		t.Errorf("%d %s", sent.status, sent.body)
	}
}

func TestContactRefuses(t *testing.T) {
	m := newMailbag(t)
	text, from := "My calendar is empty", "jo@example.org"
	for name, tt := range map[string]struct {
		files  map[string]string
		pairs  []string
		status int
		says   string
	}{
		"no text":         {nil, []string{"text", " ", "address", from}, 400, "what the matter is"},
		"too much":        {nil, []string{"text", strings.Repeat("x", 10_001), "address", from}, 400, "10,000 characters"},
		"no address":      {nil, []string{"text", text}, 400, "not an e-mail address"},
		"a header line":   {nil, []string{"text", text, "address", "jo@example.org\r\nBcc: x@example.net"}, 400, "not an e-mail address"},
		"a wrong mailbox": {nil, []string{"text", text, "address", from, "mailbox", "kari"}, 400, "leave the field empty"},
		"a program":       {map[string]string{"a.png": "MZ\x90\x00\x03\x00\x00\x00"}, []string{"text", text, "address", from, "do", "send"}, 400, "Only pictures"},
		"a page":          {map[string]string{"a.txt": "<html><script>"}, []string{"text", text, "address", from, "do", "send"}, 400, "Only pictures"},
		"much too large":  {map[string]string{"a.txt": strings.Repeat("x", 6<<20)}, []string{"text", text, "address", from, "do", "send"}, 413, ""},
	} {
		got := m.write(tt.files, tt.pairs...)
		if got.status != tt.status || !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %d without %q", name, got.status, tt.says)
		}
		if tt.status == 400 && tt.pairs[1] == text && !strings.Contains(got.body, text+"</textarea>") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	for i := range 4 {
		got := m.write(nil, "text", text, "address", strings.ToUpper(from[:i])+from[i:], "do", "send")
		if want := map[bool]int{true: 200, false: 429}[i < 3]; got.status != want {
			t.Errorf("message %d of an address: %d", i+1, got.status)
		}
	}
	if got := m.do(http.MethodPost, "/contact", "text=x&address=a@example.org", "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://elsewhere.test", "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("a form of another site: %d", got.status)
	}
	// 200 customers behind one address.
	for i := range 200 {
		if got := m.write(nil, "text", text, "address", fmt.Sprintf("c%d@example.org", i), "do", "send"); got.status != 200 {
			t.Fatalf("customer %d: %d", i, got.status)
		}
	}
	marked := 0
	names, err := filepath.Glob(filepath.Join(m.dir, "*.json"))
	if err != nil || len(names) != 203 {
		t.Fatalf("%d messages wait: %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("(unverified)")) {
			marked++
		}
	}
	if marked == 0 || marked > 143 {
		t.Errorf("%d of 203 are marked", marked)
	}
}

// TestContactWithoutRelay: without somebody who takes messages there is no form.
func TestContactWithoutRelay(t *testing.T) {
	o := newAgentSite(t, "")
	if got := o.get("/contact"); got.status != http.StatusOK || strings.Contains(got.body, `name="text"`) {
		t.Errorf("%d", got.status)
	}
	if got := o.do(http.MethodPost, "/contact", "text=x", "Content-Type", "application/x-www-form-urlencoded"); got.status != http.StatusNotFound {
		t.Errorf("a message to nobody: %d", got.status)
	}
}

// TestContactWhileWriting: with scripts, answers appear below what is written,
// and what was written stays.
func TestContactWhileWriting(t *testing.T) {
	m := newMailbag(t)
	ctx := chromium(t)
	browse(t, ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(m.http.URL+"/contact"), chromedp.SendKeys(chromedp.CSS("#text"), "How do I set up my iPhone?"))
	becomes(t, ctx, `String(document.querySelectorAll("#answers .articles a, #answers li a").length > 2)`, "true")
	becomes(t, ctx, `document.getElementById("text").value`, "How do I set up my iPhone?")
	keep(t, ctx, "contact-390")
	browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#address"), "jo@example.org"), chromedp.Click(chromedp.CSS("button[value=look]")))
	becomes(t, ctx, `String(!!document.querySelector("button[value=send]")) + document.getElementById("address").value`, "truejo@example.org")
	keep(t, ctx, "contact-answers-390")
	browse(t, ctx, chromedp.Click(chromedp.CSS("button[value=send]")))
	becomes(t, ctx, `String(/^[2-9A-Y]{4}-[2-9A-Y]{4}$/.test(document.querySelector("#sent ~ p strong")?.textContent))`, "true")
	if wide := eval(t, ctx, `String(document.documentElement.scrollWidth - innerWidth)`); wide != "0" && !strings.HasPrefix(wide, "-") {
		t.Errorf("%s pixels wider than the screen", wide)
	}
}
