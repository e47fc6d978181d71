package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

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
