// Package channel tells subscribers by webhook and in chats: it writes what each
// service documents, and hands it over.
//
// A [Note] holds the words and facts of one message; [Encode] writes it for one
// channel. [Sender.Send] implements [notify.Sender].
//
// Guarantees: strangers' targets are called through the guarded client of package
// webhook; a webhook is signed (Standard Webhooks) and must answer a challenge
// before it is told anything; words cannot become markup or mention anybody.
package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/webhook"
)

// KeyPurpose is that of the key from which [Secret] makes secrets.
const KeyPurpose = "webhooks of subscribers"

// Secret is what signs the webhooks of a subscriber, named by its id, or, with an
// owner of "", the webhook at a target that the operator named. It stays the same
// when keys are added to the ring.
func Secret(key []byte, owner, target string) webhook.Secret {
	mac := hmac.New(sha256.New, key)
	if owner == "" {
		owner = "operator " + target
	}
	mac.Write([]byte(owner))
	return mac.Sum(nil)
}

// A Note is what a message says, in one language.
type Note struct {
	State    string // in words; "" for a request to confirm
	Title    string
	Level    string // ok notice maintenance degraded partial down
	Lead     string // whether mail is safe; ""
	Facts    []Fact
	Text     string // plain; of the updates that are told
	URL      string // of the post, or of the page with the button
	LinkText string
	Event    Event // for webhooks
}

// A Fact is a label with what it says.
type Fact struct {
	Label  string
	Values []string
}

// An Event is what a webhook receives, as JSON.
type Event struct {
	Type      string    `json:"type"`      // "status." and a [notify.Kind]
	Timestamp time.Time `json:"timestamp"` // when it was decided to tell
	Data      Data      `json:"data"`
}

// Data is the post as it is told. Moments are RFC 3339, or a date alone.
type Data struct {
	Post       string      `json:"post"`
	Kind       string      `json:"kind"` // incident, maintenance or notice
	URL        string      `json:"url"`
	Title      string      `json:"title"`
	Lang       string      `json:"lang"`
	State      string      `json:"state"`
	Updates    []string    `json:"updates"` // ids of those that are told, oldest first
	Text       string      `json:"text"`
	Mail       string      `json:"mail,omitempty"` // safe, delayed, at-risk or lost
	Components []Component `json:"components"`     // what the post leaves in effect
	Unaffected []string    `json:"unaffected"`     // ids
	Starts     string      `json:"starts,omitempty"`
	Ends       string      `json:"ends,omitempty"`
	Next       string      `json:"next,omitempty"` // when the next update is promised
}

// Component is one of the site's, with the condition that a post gives it.
type Component struct {
	ID        string `json:"id"`
	Condition string `json:"condition"`
}

// Limits of the services, in characters.
const (
	maxHeader  = 150   // a header block of Slack
	maxSection = 2900  // a section block of Slack, of 3000
	maxText    = 12000 // Mattermost takes 16383
	maxNtfy    = 3900  // bytes; ntfy makes longer messages attachments
)

// Encode returns the header fields and the body of a message for a chat.
func Encode(c notify.Channel, n Note) (http.Header, []byte, error) {
	var doc any
	switch c {
	case notify.Slack:
		doc = slack(n)
	case notify.Mattermost:
		doc = map[string]string{"text": cut(markdown(n), maxText)}
	case notify.Teams:
		doc = teams(n)
	case notify.Ntfy:
		return ntfy(n)
	default:
		return nil, nil, fmt.Errorf("%q is not a chat", c)
	}
	body, err := json.Marshal(doc)
	return http.Header{"Content-Type": {"application/json"}}, body, err
}

// heading is the state and the title.
func (n Note) heading() string {
	if n.State == "" {
		return n.Title
	}
	return n.State + ": " + n.Title
}

// plain is everything below the heading, without the link.
func (n Note) plain() string {
	var parts []string
	for _, f := range n.Facts {
		parts = append(parts, f.Label+": "+strings.Join(f.Values, ", "))
	}
	facts := strings.Join(parts, "\n")
	return strings.Join(slices.DeleteFunc([]string{n.Lead, facts, n.Text}, func(s string) bool { return s == "" }), "\n\n")
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// A block is an element of Slack's Block Kit.
type block struct {
	Type string      `json:"type"`
	Text *slackWords `json:"text,omitempty"`
}

type slackWords struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// mrkdwn escapes what Slack reads as control characters, mentions among them.
var mrkdwn = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func slack(n Note) any {
	blocks := []block{{"header", &slackWords{"plain_text", cut(n.heading(), maxHeader)}}}
	if text := n.plain(); text != "" {
		blocks = append(blocks, block{"section", &slackWords{"plain_text", cut(text, maxSection)}})
	}
	if n.URL != "" {
		blocks = append(blocks, block{"section", &slackWords{"mrkdwn", "<" + n.URL + "|" + mrkdwn.Replace(n.LinkText) + ">"}})
	}
	return map[string]any{"text": cut(mrkdwn.Replace(n.heading()), maxSection), "blocks": blocks}
}

// literal keeps words from being read as Markdown, and names from being
// mentioned.
func literal(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]()<>#+-.!|~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' {
			b.WriteRune('\u2060') // word joiner: no name follows
		}
	}
	return b.String()
}

func markdown(n Note) string {
	s := "**" + literal(n.heading()) + "**"
	if text := n.plain(); text != "" {
		s += "\n\n" + literal(text)
	}
	if n.URL != "" {
		s += "\n\n[" + literal(n.LinkText) + "](" + n.URL + ")"
	}
	return s
}

// A cardItem is an element of an Adaptive Card.
type cardItem struct {
	Type   string     `json:"type"`
	Text   string     `json:"text,omitempty"`
	Size   string     `json:"size,omitempty"`
	Weight string     `json:"weight,omitempty"`
	Color  string     `json:"color,omitempty"`
	Wrap   bool       `json:"wrap,omitempty"`
	Facts  []cardFact `json:"facts,omitempty"`
	Title  string     `json:"title,omitempty"`
	URL    string     `json:"url,omitempty"`
}

type cardFact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// colours are those that an Adaptive Card knows, by level.
var colours = map[string]string{"ok": "good", "degraded": "warning", "partial": "attention", "down": "attention", "maintenance": "accent", "notice": "default"}

// teams is an Adaptive Card, as workflows take it.
func teams(n Note) any {
	text := func(s string) cardItem {
		return cardItem{Type: "TextBlock", Text: cut(literal(s), maxText/2), Wrap: true}
	}
	head := text(n.heading())
	head.Size, head.Weight, head.Color = "large", "bolder", colours[n.Level]
	items := []cardItem{head}
	if n.Lead != "" {
		items = append(items, text(n.Lead))
	}
	if len(n.Facts) > 0 {
		set := cardItem{Type: "FactSet"}
		for _, f := range n.Facts {
			set.Facts = append(set.Facts, cardFact{literal(f.Label), literal(strings.Join(f.Values, ", "))})
		}
		items = append(items, set)
	}
	if n.Text != "" {
		items = append(items, text(n.Text))
	}
	card := map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": items}
	if n.URL != "" {
		card["actions"] = []cardItem{{Type: "Action.OpenUrl", Title: n.LinkText, URL: n.URL}}
	}
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card,
	}}}
}

// tags and priorities of ntfy, by level.
var (
	tags       = map[string]string{"ok": "white_check_mark", "degraded": "warning", "partial": "warning", "down": "rotating_light", "maintenance": "wrench", "notice": "information_source"}
	priorities = map[string]string{"down": "4", "partial": "4"}
)

func ntfy(n Note) (http.Header, []byte, error) {
	h := http.Header{"Content-Type": {"text/plain; charset=utf-8"}}
	h.Set("Title", mime.QEncoding.Encode("utf-8", oneLine(n.heading())))
	if p := priorities[n.Level]; p != "" {
		h.Set("Priority", p)
	}
	if tag := tags[n.Level]; tag != "" {
		h.Set("Tags", tag)
	}
	body := n.plain()
	if n.URL != "" {
		h.Set("Click", n.URL)
		body += "\n\n" + n.LinkText + ": " + n.URL
	}
	body = strings.TrimSpace(body)
	if len(body) > maxNtfy {
		body = strings.ToValidUTF8(body[:maxNtfy], "") + "…"
	}
	return h, []byte(body), nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// A Sender hands messages over for webhooks and chats. All fields are needed.
type Sender struct {
	Strange *webhook.Client                           // for targets of subscribers
	Own     *webhook.Client                           // for those that the operator named
	Note    func(notify.Message) (Note, error)        // words a message
	Secret  func(owner, target string) webhook.Secret // of a webhook
	Now     func() time.Time
}

// Send implements [notify.Sender].
func (s Sender) Send(ctx context.Context, m notify.Message) error {
	client := s.Strange
	if m.Subscription.Owner == "" {
		client = s.Own
	}
	if m.Subscription.Channel == notify.Webhook && m.Event.Kind == notify.Confirm {
		return s.challenge(ctx, client, m)
	}
	n, err := s.Note(m)
	if err != nil {
		return err
	}
	var header http.Header
	var body []byte
	if m.Subscription.Channel == notify.Webhook {
		if body, err = json.Marshal(n.Event); err == nil {
			header = s.Secret(m.Subscription.Owner, m.Subscription.Target).Sign(m.ID, s.Now(), body)
		}
	} else {
		header, body, err = Encode(m.Subscription.Channel, n)
	}
	if err != nil {
		return &notify.Error{Permanent: true, Err: err}
	}
	_, err = client.Post(ctx, m.Subscription.Target, header, body)
	return told(err)
}

// told says of an error whether trying again may help.
func told(err error) error {
	if err == nil {
		return nil
	}
	var answer *webhook.StatusError
	permanent := errors.Is(err, webhook.ErrTarget)
	if errors.As(err, &answer) {
		permanent = slices.Contains([]int{http.StatusBadRequest, http.StatusGone, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}, answer.Status)
	}
	return &notify.Error{Permanent: permanent, Err: err}
}

// challengeType is the type of the first message to a webhook.
const challengeType = "subscription.challenge"

// ErrChallenge says that a receiver answered something else than the challenge.
var ErrChallenge = errors.New("the receiver did not answer with the challenge")

// challenge asks whether a webhook wants to be told: it answers a 2xx with the
// value of data.challenge, alone or as {"challenge": "…"}. Who only takes every
// request does not.
func (s Sender) challenge(ctx context.Context, client *webhook.Client, m notify.Message) error {
	body, err := json.Marshal(map[string]any{"type": challengeType, "timestamp": m.Date.UTC(), "data": map[string]string{"challenge": m.ID}})
	if err != nil {
		return &notify.Error{Permanent: true, Err: err}
	}
	answer, err := client.Post(ctx, m.Subscription.Target, s.Secret(m.Subscription.Owner, m.Subscription.Target).Sign(m.ID, s.Now(), body), body)
	if err != nil {
		return told(err)
	}
	var v struct {
		Challenge string `json:"challenge"`
	}
	if strings.TrimSpace(string(answer)) == m.ID || json.Unmarshal(answer, &v) == nil && v.Challenge == m.ID {
		return nil
	}
	return &notify.Error{Err: ErrChallenge}
}
