package contact

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"signpost/internal/relay"
	"signpost/internal/webhook"
)

// Mailed returns a function for [Config] that hands messages over as mail.
func Mailed(r *relay.Relay) func(context.Context, Message) error {
	return func(ctx context.Context, m Message) error { return r.Send(ctx, m.Mail) }
}

// A Hook hands messages over by a signed webhook (Standard Webhooks), whose
// webhook-id is the reference.
type Hook struct {
	Client *webhook.Client
	Target string
	Secret webhook.Secret
	Now    func() time.Time
}

// A HookBody is what a webhook receives, as JSON.
type HookBody struct {
	Type      string    `json:"type"`      // "contact.message"
	Timestamp time.Time `json:"timestamp"` // when the customer sent the message
	Data      HookData  `json:"data"`
}

// HookData is a message.
type HookData struct {
	Reference string `json:"reference"` // what the customer was told
	Customer
	Files []relay.File `json:"files"` // checked by content, names made here; data in base64
}

// Send hands one message over; with a nil error the receiver is responsible for it.
func (h Hook) Send(ctx context.Context, m Message) error {
	d := HookData{Reference: m.Reference, Customer: m.Customer, Files: m.Mail.Files}
	if d.Text == "" { // kept by a version that knew only mail
		d.Customer = Customer{Subject: m.Mail.Subject, Text: m.Mail.Text, Address: m.Mail.ReplyTo}
	}
	if d.Files == nil {
		d.Files = []relay.File{}
	}
	body, err := json.Marshal(HookBody{"contact.message", m.Mail.Date.UTC(), d})
	if err != nil {
		return &relay.Error{Permanent: true, Err: err}
	}
	_, err = h.Client.Post(ctx, h.Target, h.Secret.Sign(m.Reference, h.Now(), body), body)
	if err == nil {
		return nil
	}
	var answer *webhook.StatusError
	said := errors.As(err, &answer) && answer.Status >= 400 && answer.Status < 500
	return &relay.Error{Permanent: said && answer.Status != http.StatusRequestTimeout && answer.Status != http.StatusTooManyRequests, Err: err}
}
