package server

import (
	"time"

	"signpost/internal/mail/address"
)

// Seal makes the token of a QR code.
func (s *Server) Seal(now time.Time, text, login string, pop3 bool) string {
	a, err := address.Parse(text)
	if err != nil {
		panic(err)
	}
	r := &request{s: s, now: now}
	return r.sealMailbox(mailbox{address: a, login: login, pop3: pop3}, false)
}

// HoldSigners keeps every place for signing busy until the returned function
// is called.
func (s *Server) HoldSigners() (release func()) {
	for range cap(s.mail.signing) {
		s.mail.signing <- struct{}{}
	}
	return func() {
		for range cap(s.mail.signing) {
			<-s.mail.signing
		}
	}
}
