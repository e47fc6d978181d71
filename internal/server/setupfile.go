package server

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/clientfile"
	"signpost/internal/mail/format"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/provider"
	"signpost/internal/view"
)

const (
	tokenLife    = 10 * time.Minute // of the link in a QR code
	tokenPurpose = "setup"
	signTime     = 2 * time.Second // how long a profile waits for its turn to be signed
	signers      = 4               // profiles signed at once
)

// fields are the hidden fields that say which mailbox is meant. Without an
// address they hold the placeholder that the script fills in.
func (r *request) fields(m mailbox, ours bool) []view.Hidden {
	text := "{address}"
	if !m.address.IsZero() {
		text = m.address.String()
	}
	list := []view.Hidden{{Name: "address", Value: text}}
	add := func(name, value string, wanted bool) {
		if wanted {
			list = append(list, view.Hidden{Name: name, Value: value})
		}
	}
	add("login", m.login, m.login != "")
	add("protocol", "pop3", m.pop3)
	add("ours", "1", ours)
	return list
}

// sample returns the mailbox, with an invented address when there is none, to
// find out what can be written for it.
func (m mailbox) sample() mailbox {
	if m.address.IsZero() {
		m.address = address.Address{Local: "name", Domain: m.domain}
	}
	return m
}

// profileCard offers the profile for Apple devices, or says what to do instead
// where no profile can express what the mailbox needs.
func (r *request) profileCard(m mailbox, ours bool) *view.Profile {
	l := r.words()
	account := m.account(format.Reader(format.Profile))
	if _, err := r.write(format.Profile, m.sample()); err != nil {
		link := r.because(account.Because)
		if link.URL == "" {
			link = r.because(m.provider.Help["apple-mail"])
		}
		if link.URL == "" {
			return nil
		}
		return &view.Profile{Why: &link}
	}
	card := &view.Profile{
		Action: r.root() + "/setup/profile.mobileconfig", Signed: r.s.mail.signer.Load() != nil,
		Fields: append(r.fields(m, ours), view.Hidden{Name: "lang", Value: r.lang}),
	}
	with := m.sample()
	with.dav = true
	mail := provider.IMAP
	if m.pop3 {
		mail = provider.POP3
	}
	card.Adds = append(card.Adds, l.T("use."+string(mail)), l.T("use."+string(provider.Submit)))
	if _, err := r.write(format.Profile, with); err == nil {
		for _, s := range account.Expressible(provider.Profile) {
			card.DAV = card.DAV || s.Use == provider.CalDAV || s.Use == provider.CardDAV
		}
	}
	return card
}

// profile answers POST /setup/profile.mobileconfig.
func (r *request) profile() error {
	r.private()
	m, err := r.posted()
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return r.setupFailed(err)
	}
	if lang := r.Request().PostForm.Get("lang"); r.knows(lang) {
		r.lang = lang
	}
	body, err := r.write(format.Profile, m)
	switch {
	case errors.Is(err, mobileconfig.ErrNotExpressible), errors.Is(err, mobileconfig.ErrControl):
		return &httpError{Status: http.StatusUnprocessableEntity, Detail: r.words().T("profile.impossible")}
	case err != nil:
		return err
	}
	if signer := r.s.mail.signer.Load(); signer != nil {
		if body, err = r.s.sign(r.Request().Context(), signer, body); err != nil {
			return err
		}
	}
	r.download(mobileconfig.FileName(m.provider), mobileconfig.MediaType, body)
	return nil
}

// sign signs a profile when it is its turn: signing costs far more than
// everything else here.
func (s *Server) sign(ctx context.Context, signer *mobileconfig.Signer, profile []byte) ([]byte, error) {
	turn := time.NewTimer(signTime)
	defer turn.Stop()
	select {
	case s.mail.signing <- struct{}{}:
		defer func() { <-s.mail.signing }()
		return signer.Sign(profile)
	case <-turn.C:
	case <-ctx.Done():
	}
	return nil, &httpError{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second}
}

func (r *request) download(name, contentType string, body []byte) {
	r.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	r.send(http.StatusOK, contentType, body)
}

// files are the configuration files that can be written for the mailbox.
func (r *request) files(m mailbox, ours bool) []view.File {
	var list []view.File
	for _, f := range clientfile.Formats() {
		if _, err := r.write(f.Name, m.sample()); err != nil {
			continue
		}
		name, _ := clientName(r.words(), format.Reader(f.Name))
		list = append(list, view.File{
			Format: f.Name, Name: name, About: r.words().T("file." + f.Name),
			Action: r.root() + "/setup/file/" + f.Name, Fields: r.fields(m, ours),
		})
	}
	return list
}

// setupFile answers POST /setup/file/FORMAT. What a phone has to scan comes as
// a picture.
func (r *request) setupFile() error {
	r.private()
	f, err := format.Find(r.Param("format"))
	if err != nil {
		return errNotFound
	}
	if f.Name == format.Profile {
		return r.profile()
	}
	m, err := r.posted()
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return r.setupFailed(err)
	}
	body, err := r.write(f.Name, m)
	if err != nil { // a sentence about this mailbox, such as a name that the program's syntax cannot hold
		return &httpError{Status: http.StatusUnprocessableEntity, Detail: r.words().T("file.impossible", "program", f.Name)}
	}
	if f.Name == "thunderbird-qr" || f.Name == "dclogin" {
		code, err := view.NewQR(strings.TrimSpace(string(body)))
		if err != nil {
			return err
		}
		r.send(http.StatusOK, "image/svg+xml", code.SVG())
		return nil
	}
	r.download(f.FileName, f.MediaType, body)
	return nil
}

// sealed is what the link in a QR code holds.
type sealed struct {
	Address string `json:"a"`
	Login   string `json:"l,omitempty"`
	POP3    bool   `json:"p,omitempty"`
	Ours    bool   `json:"o,omitempty"`
}

func (r *request) sealMailbox(m mailbox, ours bool) string {
	data, _ := json.Marshal(sealed{m.address.String(), m.login, m.pop3, ours}) // strings and bools always marshal
	return r.s.mail.keys.Seal(tokenPurpose, data, r.now.Add(tokenLife))
}

// token answers the link in a QR code: it names the address and the servers
// before anything is installed.
func (r *request) token() error {
	r.private()
	page := &view.SetupProfile{Chrome: r.unlisted(r.chrome("/setup"))}
	page.Title = r.words().T("token.title")
	data, err := r.s.mail.keys.Unseal(tokenPurpose, r.Param("token"), r.now)
	var box sealed
	if err == nil {
		err = json.Unmarshal(data, &box)
	}
	if err != nil {
		page.Expired, page.Title = true, r.words().T("token.expired")
		return r.fresh(http.StatusGone, page)
	}
	protocol := ""
	if box.POP3 {
		protocol = "pop3"
	}
	m, err := r.mailbox(box.Address, box.Login, protocol, box.Ours)
	var foreign *notOurs
	if errors.As(err, &foreign) { // DNS changed its mind within minutes; whoever made the code saw the settings
		m, err = r.mailbox(box.Address, box.Login, protocol, true)
		box.Ours = true
	}
	if err != nil {
		return err
	}
	page.Address = m.address.Unicode()
	page.Groups = r.groups(m.account(format.Reader(format.Profile)), m.pop3)
	if card := r.profileCard(m, box.Ours); card != nil {
		page.Profile = *card
	}
	return r.fresh(http.StatusOK, page)
}
