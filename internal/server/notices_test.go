package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/internal/auth"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/mail/dovecottest"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/relay"
	"signpost/internal/server"
)

// A newsroom is a site whose readers can subscribe. What it sends is handed over
// when the test says so.
type newsroom struct {
	*agentSite
	t    *testing.T
	run  *delivery.Runner
	mu   sync.Mutex
	sent []relay.Mail
}

func newNewsroom(t *testing.T, change ...func(*server.Config)) *newsroom {
	t.Helper()
	n := &newsroom{t: t}
	n.agentSite = newAgentSite(t, "", append(change, func(c *server.Config) { c.Notices, c.Sender = c.State.Notices, "status@relay.test" })...)
	n.senders(func(_ context.Context, m relay.Mail) error {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.sent = append(n.sent, m)
		return nil
	})
	n.tell() // what is there counts as told
	return n
}

func (n *newsroom) senders(send func(context.Context, relay.Mail) error) {
	n.run = delivery.New(delivery.Config{
		Store: n.store.Notices, Board: func() *status.BoardState { return n.live.Snapshot().Board }, Senders: n.srv.Senders(send, nil, n.now),
		Rules: intent.Rules{Hold: time.Minute, PerHour: 100}, Now: n.now, Log: slog.New(slog.DiscardHandler),
	})
}

// tell finds what is new, hands over what is due, and returns all that was sent.
func (n *newsroom) tell() []relay.Mail {
	n.t.Helper()
	if err := n.run.Derive(n.t.Context(), n.now()); err != nil {
		n.t.Fatal(err)
	}
	for {
		count, err := n.run.Deliver(n.t.Context(), n.now(), func() {})
		n.run.Wait()
		if err != nil {
			n.t.Fatal(err)
		}
		if count == 0 {
			break
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]relay.Mail(nil), n.sent...)
}

// forward moves the clock.
func (n *newsroom) forward(d time.Duration) { n.later.Add(int64(d)) }

var linkInMail = regexp.MustCompile(`(/(?:\w\w/)?status/(?:un)?subscribe/[\w-]+)`)

// subscribe asks and confirms, and returns the page of the subscription.
func (n *newsroom) subscribe(address string, pairs ...string) (manage string) {
	n.t.Helper()
	if got := n.form("/status/subscribe", append([]string{"address", address, "do", "send"}, pairs...)...); got.status != http.StatusOK || !strings.Contains(got.body, "Look into your mailbox") {
		n.t.Fatalf("asking: %d %s", got.status, got.body)
	}
	sent := n.tell()
	link := linkInMail.FindString(sent[len(sent)-1].Text)
	if got := n.get(link); got.status != http.StatusOK || !strings.Contains(got.body, `value="confirm"`) {
		n.t.Fatalf("the link %q: %d %s", link, got.status, got.body)
	}
	got := n.form(link, "do", "confirm")
	manage = linkInMail.FindString(got.body)
	if got.status != http.StatusOK || manage == "" {
		n.t.Fatalf("confirming: %d %s", got.status, got.body)
	}
	if again := n.form(link, "do", "confirm"); again.status != http.StatusNotFound {
		n.t.Errorf("a link that was used: %d", again.status)
	}
	return manage
}

func (n *newsroom) post(d edit.Draft) string {
	n.t.Helper()
	w, err := n.editor().New(d)
	if err == nil {
		err = n.live.Load()
	}
	if err != nil {
		n.t.Fatal(err)
	}
	return w.ID
}

func outage(message string) edit.Draft {
	return edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap"}, Unaffected: []string{"webmail"}, Mail: status.MailSafe}, Message: message}
}

// TestSubscribing: who asks gets a mail, confirms by a button, is told in the
// language and zone that were chosen, can change that, and leaves by one request
// from anywhere.
func TestSubscribing(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	manage := n.subscribe("jo@elsewhere.test", "language", "de", "zone", "America/New_York", "component", "imap")
	n.post(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"webmail"}}, Message: "not for jo"})
	id := n.post(outage("canary-text"))
	n.tell()
	n.forward(2 * time.Minute)
	sent := n.tell()
	m := sent[len(sent)-1]
	if len(sent) != 2 || m.To != "jo@elsewhere.test" || m.From != "status@relay.test" {
		t.Fatalf("%d mails, the last to %s from %s", len(sent), m.To, m.From)
	}
	if !regexp.MustCompile(`Uhr \(E[SD]T\)`).MatchString(m.Text) {
		t.Errorf("the times are not New York's:\n%s", m.Text)
	}
	for _, want := range []string{"canary-text", "Eingehende E-Mails sind sicher", "Betroffen: ", "Nicht betroffen: Webmail", n.http.URL + "/de/status/" + id} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("no %q in\n%s", want, m.Text)
		}
	}
	leave := ""
	for _, f := range m.Header {
		if f.Name == "List-Unsubscribe" {
			leave = linkInMail.FindString(f.Value)
		}
	}

	if got := n.form(manage, "do", "change", "kind", "maintenance", "language", "en"); !strings.Contains(got.body, "Gespeichert") {
		t.Errorf("changing: %d %s", got.status, got.body)
	}
	w, err := n.editor().Add(id, edit.Addition{State: status.Resolved, Message: "over"}, "")
	if err != nil || n.live.Load() != nil || w.ID != id {
		t.Fatal(err)
	}
	n.tell()
	n.forward(2 * time.Minute)
	if sent := n.tell(); len(sent) != 2 {
		t.Errorf("told of an incident although only planned work was chosen: %s", sent[len(sent)-1].Subject)
	}

	if got := n.get(leave); got.status != http.StatusOK || !strings.Contains(got.body, "<button>") {
		t.Errorf("the page to leave: %d", got.status)
	}
	if got := n.get(manage); got.status != http.StatusOK {
		t.Errorf("opening the link to leave ended the subscription: %d", got.status)
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	parts.WriteField("List-Unsubscribe", "One-Click")
	parts.Close()
	for range 400 { // beyond what a client may do of anything else
		got := n.do(http.MethodPost, leave, form.String(), "Content-Type", parts.FormDataContentType(), "Origin", "https://mail.elsewhere.test", "Sec-Fetch-Site", "cross-site")
		if got.status != http.StatusOK || got.header.Get("Set-Cookie") != "" {
			t.Fatalf("leaving: %d", got.status)
		}
	}
	if got := n.get(manage); got.status != http.StatusNotFound || !strings.Contains(got.body, "/status/subscribe") {
		t.Errorf("after leaving: %d", got.status)
	}
	for name, text := range map[string]string{"log": n.log.String(), "metrics": n.admin("/metrics").body} {
		if strings.Contains(text, "elsewhere") || strings.Contains(text, "canary-text") {
			t.Errorf("the %s holds an address or a text", name)
		}
	}
}

// TestSubscribingRefuses: what cannot be told, and what the form asks about first.
func TestSubscribingRefuses(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	for address, want := range map[string]string{"": "whole e-mail address", "jo": "has no @", "postmaster@elsewhere.test": "function or a list", "list-request@elsewhere.test": "function or a list", "jo@elsewhere.test\r\nBcc: x@y.test": ""} {
		if got := n.form("/status/subscribe", "address", address, "do", "send"); got.status != http.StatusBadRequest || !strings.Contains(got.body, want) {
			t.Errorf("%q: %d", address, got.status)
		}
	}
	if got := n.form("/status/subscribe", "address", "jo@elsewhere.test", "zone", "Nowhere/Here", "do", "send"); got.status != http.StatusBadRequest || !strings.Contains(got.body, "not a time zone") {
		t.Errorf("a zone that there is not: %d", got.status)
	}
	for address, want := range map[string]string{"jo@gmial.com": "Did you mean jo@gmail.com?", "kari@example.com": "one of our own mailboxes"} {
		if got := n.form("/status/subscribe", "address", address, "do", "send"); got.status != http.StatusOK || !strings.Contains(got.body, want) || !strings.Contains(got.body, `value="anyway"`) {
			t.Errorf("%s: %d %s", address, got.status, got.body)
		}
		// What was answered about one address is no answer about another.
		if got := n.form("/status/subscribe", "address", address, "doubted", "other@example.com", "do", "anyway"); !strings.Contains(got.body, want) {
			t.Errorf("%s, after a question about another address: %d", address, got.status)
		}
	}
	if got := n.do(http.MethodPost, "/status/subscribe", "address=jo@elsewhere.test&do=send", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("from another site's page: %d", got.status)
	}
	if sent := n.tell(); len(sent) != 0 {
		t.Errorf("%d mails were sent", len(sent))
	}
	first := n.form("/status/subscribe", "address", "jo@elsewhere.test", "do", "send")
	for range 100 {
		if again := n.form("/status/subscribe", "address", "JO@elsewhere.test", "do", "send"); again.status != first.status || strings.ReplaceAll(again.body, "JO@", "jo@") != first.body {
			t.Fatalf("the answer tells that an address is known: %d", again.status)
		}
	}
	if sent := n.tell(); len(sent) != 1 {
		t.Errorf("%d mails to one address on one day", len(sent))
	}
	for _, link := range []string{"/status/subscribe/nonsense", "/status/subscribe/" + strings.Repeat("A", 5000)} {
		if got := n.get(link); got.status != http.StatusNotFound {
			t.Errorf("%.40s: %d", link, got.status)
		}
	}
	m := n.subscribe("kim@elsewhere.test")
	for target, want := range map[string]string{"http://hooks.elsewhere.test/x": "must begin with https", "https://hooks.elsewhere.test:22/x": "must begin with https", "https://hooks.elsewhere.test/SECRET": "on its way"} {
		if got := n.form(m, "do", "add", "channel", "slack", "target", target); !strings.Contains(got.body, want) {
			t.Errorf("%s: %d", target, got.status)
		}
	}
	if got := n.get(m); !strings.Contains(got.body, "whsec_") || strings.Contains(got.body, "SECRET") {
		t.Error("the page of a subscription shows a secret of others, or not its own")
	}
}

// TestAgentSeesNotices: who would be told and what, the hold with its button, the
// counts, and what is written without telling anybody.
func TestAgentSeesNotices(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.hire()
	n.subscribe("jo@elsewhere.test")
	form := []string{"csrf", n.csrf(), "mode", "new", "kind", "incident", "component-imap", "down", "text", "A switch failed."}
	if got := n.form("/agent/status", append(form, "do", "preview")...); !strings.Contains(got.body, "This would be told to: E-mail 1.") || !strings.Contains(got.body, "A switch failed.\n\nRead it on the status page") {
		t.Fatalf("preview: %d %s", got.status, got.body)
	}
	published := func(pairs ...string) string {
		t.Helper()
		got := n.form("/agent/status", append(append([]string{"csrf", n.csrf(), "mode", "new", "kind", "incident", "component-imap", "down", "text", "A switch failed."}, pairs...), "do", "separate")...)
		if got.status != http.StatusSeeOther {
			t.Fatalf("publishing: %d %s", got.status, got.body)
		}
		n.tell()
		return got.header.Get("Location")
	}
	page := published()
	stop := regexp.MustCompile(`value="(stop:[^"]+)"`).FindStringSubmatch(n.page(page).body)
	if stop == nil {
		t.Fatalf("no button stops the notice on %s", page)
	}
	post := strings.TrimPrefix(page, "/agent/status?saved=")
	if got := n.form("/agent/status", "csrf", n.csrf(), "id", post, "do", stop[1]); got.status != http.StatusSeeOther {
		t.Errorf("stopping: %d %s", got.status, got.body)
	}
	published("silent", "true")
	token, err := n.auth.AddToken(t.Context(), "quiet", "", []string{auth.ScopeStatus}, time.Time{}, n.now())
	if err != nil {
		t.Fatal(err)
	}
	loud, err := n.auth.AddToken(t.Context(), "loud", "", []string{auth.ScopeStatus, auth.ScopeNotify}, time.Time{}, n.now())
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"kind":"incident","affects":["smtp"],"text":"by a program"%s}`
	for _, call := range [][2]string{{token, ""}, {loud, `,"notify":false`}} {
		if got := n.do(http.MethodPost, "/api/v1/status/posts", fmt.Sprintf(body, call[1]), "Authorization", "Bearer "+call[0], "Content-Type", "application/json"); got.status != http.StatusCreated {
			t.Fatalf("by API: %d %s", got.status, got.body)
		}
		n.tell()
	}
	n.forward(2 * time.Minute)
	if sent := n.tell(); len(sent) != 1 {
		t.Fatalf("told of what was stopped or silent: %s", sent[len(sent)-1].Subject)
	}
	page = published()
	n.forward(2 * time.Minute)
	if sent := n.tell(); len(sent) != 2 || !strings.Contains(sent[1].Text, "A switch failed.") {
		t.Fatalf("%d mails", len(sent))
	}
	if got := n.page(page); !strings.Contains(got.body, "Delivered: 1. Failed: 0. Waiting: 0.") {
		t.Error("the counts are not on the page")
	}
	n.srv.SetPaused(n.run.Paused)
	n.senders(func(context.Context, relay.Mail) error { return &relay.Error{Relay: true, Err: os.ErrDeadlineExceeded} })
	n.srv.SetPaused(n.run.Paused)
	page = published()
	n.forward(2 * time.Minute)
	n.tell()
	if got := n.page(page); !strings.Contains(got.body, "the mail server takes nothing") {
		t.Error("the page does not say that notices wait")
	}
	if err := n.store.Close(); err != nil { // the database is gone
		t.Fatal(err)
	}
	got := n.form("/agent/status", "csrf", n.csrf(), "mode", "new", "kind", "incident", "component-imap", "down", "text", "Without a database.", "do", "separate")
	if got.status != http.StatusSeeOther {
		t.Fatalf("publishing without the database: %d", got.status)
	}
	if page := n.page(got.header.Get("Location")); page.status != http.StatusOK || !strings.Contains(page.body, "the database cannot be reached") {
		t.Errorf("without the database: %d", page.status)
	}
	if got := n.form("/status/subscribe", "address", "kim@elsewhere.test", "do", "send"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || !strings.Contains(got.body, "cannot read or keep subscriptions") {
		t.Errorf("subscribing without the database: %d", got.status)
	}
	if got := n.form("/status/unsubscribe/abc"); got.status != http.StatusOK {
		t.Errorf("leaving without the database: %d", got.status)
	}
}

// TestNoticeIsRead has a notice travel through Dovecot, and s-nail read it there.
func TestNoticeIsRead(t *testing.T) {
	t.Parallel()
	program := dovecottest.RequireProgram(t, "s-nail")
	const user, reader = "status@relay.test", "jo@elsewhere.test"
	d := dovecottest.Start(t, dovecottest.Options{Users: map[string]string{user: "secret", reader: "other"}})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := relay.New(relay.Config{URL: fmt.Sprintf("smtps://status%%40relay.test@%s:%d", dovecottest.Address, d.Submissions), PasswordFile: file, Roots: d.CA.Pool()})
	if err != nil {
		t.Fatal(err)
	}
	n := newNewsroom(t)
	n.subscribe(reader, "language", "de")
	writeFile(t, n.dir, "site.yaml", "name: Pöst\nurl: https://help.example.com\nlanguages: [en, de]\ncomponents:\n  - {id: imap, name: {en: IMAP, de: IMAP}}\n")
	if err := n.live.Load(); err != nil {
		t.Fatal(err)
	}
	n.senders(r.Send)
	n.post(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap"}, Mail: status.MailSafe}, Message: "Größe " + strings.Repeat("lang ", 300)})
	n.tell()
	n.forward(2 * time.Minute)
	n.tell()
	passed := d.Sent()
	if len(passed) != 1 {
		t.Fatalf("%d mails left", len(passed))
	}
	for _, line := range strings.Split(passed[0].Text, "\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d octets", len(line))
		}
	}
	d.Deliver(reader, passed[0].Text)
	cmd := exec.Command(program, "-:/", "-R", "-S", "v15-compat=y", "-S", "ttycharset=UTF-8", "-S", "tls-verify=ignore", "-S", "imap-auth=login", "-S", "imap-use-starttls=no",
		"-f", fmt.Sprintf("imaps://jo%%40elsewhere.test:other@%s:%d/INBOX", dovecottest.Address, d.IMAPS))
	cmd.Stdin = strings.NewReader("retain *\nType 1\nexit\n")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	read := string(out)
	for _, want := range []string{"IMAP", "Pöst", "Größe", "List-Unsubscribe: <https://help.example.com/de/status/unsubscribe/", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Id: <status.help.example.com>", "Eingehende E-Mails sind sicher"} {
		if !strings.Contains(read, want) {
			t.Errorf("s-nail shows no %q (%v):\n%s", want, err, read)
		}
	}
}

// TestKindsOfNotices follows planned work from its announcement to its end that
// never comes: each notice says what it is, in one thread.
func TestKindsOfNotices(t *testing.T) {
	n := newNewsroom(t)
	n.subscribe("jo@elsewhere.test", "zone", "UTC")
	const when = "2006-01-02 15:04 MST"
	starts := n.now().UTC().Truncate(time.Minute).Add(30 * time.Hour)
	told := func() relay.Mail {
		t.Helper()
		if err := n.live.Load(); err != nil {
			t.Fatal(err)
		}
		before := len(n.tell())
		n.forward(2 * time.Minute)
		sent := n.tell()
		if len(sent) != before+1 {
			t.Fatalf("%d mails, want one more than %d", len(sent), before)
		}
		return sent[before]
	}
	id := n.post(edit.Draft{
		FrontMatter: status.FrontMatter{Kind: status.Maintenance, Affects: []string{"smtp"}, Starts: starts.Format(when), Lasts: "2h", Expect: "a pause of a minute", Action: "Save your **drafts**.", Help: []string{"spam-filter"}},
		Message:     "New disks. ![a cabinet](nowhere.png)",
	})
	planned := told()
	add := func(a edit.Addition) {
		t.Helper()
		e := n.editor()
		e.Now = n.now()
		if _, err := e.Add(id, a, ""); err != nil {
			t.Fatal(err)
		}
	}
	n.later.Add(int64(starts.Add(-24*time.Hour + time.Minute).Sub(n.now())))
	if err := n.live.Renew(); err != nil {
		t.Fatal(err)
	}
	sent := n.tell() // a reminder has no hold
	reminder := sent[len(sent)-1]
	moved := starts.Add(26 * time.Hour)
	add(edit.Addition{State: status.Scheduled, Starts: moved.Format(when), Lasts: "1h", Message: "A part is missing."})
	move := told()
	add(edit.Addition{State: status.Cancelled, Message: "The part does not come."})
	cancel := told()
	date := func(at time.Time) string { return at.Format("2 January 2006, 15:04") + " UTC" }
	for _, tt := range []struct {
		mail     relay.Mail
		subject  string
		text, no []string
	}{
		{planned, "[Planned] ", []string{"Start: " + date(starts), "End: " + date(starts.Add(2*time.Hour)), "Affected: Sending mail (SMTP)", "What to expect: a pause of a minute", "What you should do\nSave your drafts.", "/help/spam-filter", "New disks."}, nil},
		{reminder, "[Reminder] ", []string{"Start: " + date(starts), "New disks."}, nil},
		{move, "[New time] ", []string{"Start: " + date(moved), "End: " + date(moved.Add(time.Hour)), "A part is missing."}, []string{"New disks."}},
		{cancel, "[Cancelled] ", []string{"The part does not come."}, []string{"Affected:", "What you should do", "/help/spam-filter"}},
	} {
		if !strings.HasPrefix(tt.mail.Subject, tt.subject) {
			t.Errorf("subject %q, want %q first", tt.mail.Subject, tt.subject)
		}
		for _, want := range tt.text {
			if !strings.Contains(tt.mail.Text, want) {
				t.Errorf("%s: no %q in\n%s", tt.subject, want, tt.mail.Text)
			}
		}
		for _, no := range append(tt.no, "<img") {
			if strings.Contains(tt.mail.Text+tt.mail.HTML, no) {
				t.Errorf("%s: %q in\n%s", tt.subject, no, tt.mail.Text)
			}
		}
		references := ""
		for _, f := range tt.mail.Header {
			if f.Name == "References" {
				references = f.Value
			}
		}
		if want := "<" + planned.ID + ">"; tt.mail.ID != planned.ID && references != want {
			t.Errorf("%s: References %q, want %q", tt.subject, references, want)
		}
	}
}
