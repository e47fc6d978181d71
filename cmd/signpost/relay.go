package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"signpost/internal/contact"
	"signpost/internal/mail/address"
	"signpost/internal/relay"
	"signpost/internal/webhook"
)

// relayFlags name the mail server that takes what the site sends.
type relayFlags struct {
	url, passwordFile string
	hook, hookSecret  string
	networks          []string
}

func (f *relayFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.url, "smtp", "", "mail server for what the site sends: smtps://USER@HOST:465 or smtp://USER@HOST:587; not the platform that customers write about")
	fl.StringVar(&f.passwordFile, "smtp-password-file", "", "file with the password for --smtp, on one line")
	fl.StringVar(&f.hook, "contact-webhook", "", "https address that takes messages of customers as signed webhooks, in place of mail to contact_to")
	fl.StringVar(&f.hookSecret, "contact-webhook-secret-file", "", "file with the secret (whsec_...) that signs them, on one line")
	fl.StringSliceVar(&f.networks, "allow-networks", nil, "internal networks in which webhooks that you name may be (default: public addresses only)")
}

// open returns nil when no server is named.
func (f relayFlags) open() (*relay.Relay, error) {
	if f.url == "" {
		if f.passwordFile != "" {
			return nil, usageError{hinted(errors.New("--smtp-password-file is for a mail server that is not named"), "name it with --smtp")}
		}
		return nil, nil
	}
	r, err := relay.New(relay.Config{URL: f.url, PasswordFile: f.passwordFile})
	if err != nil {
		return nil, usageError{hinted(fmt.Errorf("--smtp: %w", err), "for example --smtp smtps://help%40example.net@relay.example.net --smtp-password-file /run/secrets/smtp")}
	}
	return r, nil
}

// An outgoing is where messages of customers wait, and what takes them.
type outgoing struct {
	outbox *contact.Outbox // nil: nothing takes them
	sender string          // the address that the mail server surely lets us write from, or ""
	hook   bool            // a webhook takes them
}

// outgoing opens the outbox, if a mail server or a webhook takes what is in it.
func (f relayFlags) outgoing(data string, log *slog.Logger) (o outgoing, err error) {
	r, err := f.open()
	if err != nil {
		return o, err
	}
	hook, err := f.webhook()
	if err != nil {
		return o, err
	}
	c := contact.Config{Dir: filepath.Join(data, "outbox"), Now: time.Now, Log: log}
	switch {
	case hook != nil:
		c.Send, o.hook = hook.Send, true
	case r != nil:
		c.Send = contact.Mailed(r)
	default:
		if waiting, _ := filepath.Glob(filepath.Join(c.Dir, "*.json")); len(waiting) > 0 {
			log.Warn("messages of customers wait, and neither a mail server nor a webhook is named for them", "messages", len(waiting), "hint", "name it with --smtp or --contact-webhook")
		}
		return o, nil
	}
	if r != nil {
		if a, err := address.Parse(r.User()); err == nil {
			o.sender = a.String()
		}
	}
	o.outbox, err = contact.Open(c)
	return o, err
}

// webhook returns what hands messages of customers to a webhook, nil when none
// is named.
func (f relayFlags) webhook() (*contact.Hook, error) {
	allow, err := parseNetworks("--allow-networks", f.networks)
	switch {
	case err != nil:
		return nil, err
	case f.hook == "" && f.hookSecret == "":
		return nil, nil
	case f.hook == "" || f.hookSecret == "":
		return nil, usageError{hinted(errors.New("a webhook needs both its address and a secret"), "give --contact-webhook and --contact-webhook-secret-file")}
	}
	target, err := webhook.ParseOwnTarget(f.hook)
	if err != nil {
		return nil, usageError{fmt.Errorf("--contact-webhook: %w", err)}
	}
	text, err := os.ReadFile(f.hookSecret)
	if err != nil {
		return nil, fmt.Errorf("--contact-webhook-secret-file: %w", err)
	}
	secret, err := webhook.ParseSecret(string(text))
	if err != nil {
		return nil, fmt.Errorf("--contact-webhook-secret-file: %s: %w", f.hookSecret, err)
	}
	return &contact.Hook{Client: webhook.NewOwn(allow, nil), Target: target, Secret: secret, Now: time.Now}, nil
}
