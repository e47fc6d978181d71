package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"signpost/internal/contact"
	"signpost/internal/mail/address"
	"signpost/internal/relay"
)

// relayFlags name the mail server that takes what the site sends.
type relayFlags struct{ url, passwordFile string }

func (f *relayFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.url, "smtp", "", "mail server for what the site sends: smtps://USER@HOST:465 or smtp://USER@HOST:587; not the platform that customers write about")
	fl.StringVar(&f.passwordFile, "smtp-password-file", "", "file with the password for --smtp, on one line")
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

// outbox returns where messages of customers wait, nil when no mail server takes
// them, and the address that the server surely lets us write from, or "".
func (f relayFlags) outbox(data string, log *slog.Logger) (o *contact.Outbox, sender string, err error) {
	r, err := f.open()
	if err != nil {
		return nil, "", err
	}
	dir := filepath.Join(data, "outbox")
	if r == nil {
		if waiting, _ := filepath.Glob(filepath.Join(dir, "*.json")); len(waiting) > 0 {
			log.Warn("messages of customers wait, and no mail server is named for them", "messages", len(waiting), "hint", "name it with --smtp")
		}
		return nil, "", nil
	}
	if a, err := address.Parse(r.User()); err == nil {
		sender = a.String()
	}
	o, err = contact.Open(contact.Config{Dir: dir, Send: r.Send, Now: time.Now, Log: log})
	return o, sender, err
}
