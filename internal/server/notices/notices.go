// Package notices is where readers subscribe to the status, and what they are
// told: the pages of a subscription, and the words of every mail, webhook and chat.
//
// [New] returns the [Handlers]; [Handlers.Subscribe] is the form,
// [Handlers.Subscription] the page behind a link in a mail, [Handlers.Leave] the
// end of a subscription. [Handlers.Senders] are what package delivery hands
// messages to.
//
// Guarantees: the answer to who asks does not say whether an address is known;
// no text of who asks stands in a mail; a GET changes nothing; leaving needs no
// cookie, no particular origin and no database (RFC 8058).
package notices

import (
	"context"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"signpost/internal/content"
	"signpost/internal/notify"
	"signpost/internal/notify/channel"
	"signpost/internal/relay"
	"signpost/internal/server/web"
	"signpost/internal/token"
	"signpost/internal/webhook"
)

// Config is what the notices need besides the snapshot.
type Config struct {
	App     *web.App
	Store   notify.Store
	Keys    *token.Keyring
	Sender  string                                         // address that mails come from when site.yaml has no sender
	Bounces string                                         // domain of the addresses that bounces go to; "" sends them to the sender
	Ours    func(lib *content.Library, domain string) bool // whether a mail domain is one of ours
}

// Handlers answer the pages of subscriptions.
type Handlers struct {
	c      Config
	key    []byte // of webhook secrets
	paused atomic.Pointer[func(notify.Channel) bool]
}

// New returns the handlers.
func New(c Config) *Handlers { return &Handlers{c: c, key: c.Keys.Secret(channel.KeyPurpose)} }

// secret is what signs the webhooks of a subscriber or of the operator.
func (h *Handlers) secret(owner, target string) webhook.Secret {
	return channel.Secret(h.key, owner, target)
}

// Senders are the ways by which messages leave. mail hands over to the relay;
// allow are internal networks in which targets of the operator may be.
func (h *Handlers) Senders(mail func(context.Context, relay.Mail) error, allow []netip.Prefix, now func() time.Time) map[notify.Channel]notify.Sender {
	chats := channel.Sender{
		Strange: webhook.New(nil, nil), Own: webhook.NewOwn(allow, nil), Note: h.note, Secret: h.secret, Now: now,
	}
	list := map[notify.Channel]notify.Sender{notify.Mail: mailSender{h, mail}}
	for _, c := range notify.Channels() {
		if c != notify.Mail {
			list[c] = chats
		}
	}
	return list
}

// hostOf is the host name of the site.
func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}
