package setup

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
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
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
func fields(e edition.Edition, m mailbox, ours bool) []view.Hidden {
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
func (rm *Room) profileCard(e edition.Edition, m mailbox, ours bool) *view.Profile {
	l := e.Words()
	account := m.account(format.Reader(format.Profile))
	if _, err := write(e, format.Profile, m.sample()); err != nil {
		link := because(e, account.Because)
		if link.URL == "" {
			link = because(e, m.provider.Help["apple-mail"])
		}
		if link.URL == "" {
			return nil
		}
		return &view.Profile{Why: &link}
	}
	card := &view.Profile{
		Action: e.Root() + "/setup/profile.mobileconfig", Signed: rm.signer.Load() != nil,
		Fields: append(fields(e, m, ours), view.Hidden{Name: "lang", Value: e.Lang}),
	}
	with := m.sample()
	with.dav = true
	mail := provider.IMAP
	if m.pop3 {
		mail = provider.POP3
	}
	card.Adds = append(card.Adds, l.T("use."+string(mail)), l.T("use."+string(provider.Submit)))
	if _, err := write(e, format.Profile, with); err == nil {
		for _, s := range account.Expressible(provider.Profile) {
			card.DAV = card.DAV || s.Use == provider.CalDAV || s.Use == provider.CardDAV
		}
	}
	return card
}

// Profile answers POST /setup/profile.mobileconfig.
func (rm *Room) Profile(r *exchange.Request) error {
	private(r)
	m, err := rm.posted(r)
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return setupFailed(r, err)
	}
	if lang := r.Request().PostForm.Get("lang"); r.Knows(lang) {
		r.Lang = lang
	}
	body, err := write(r.Edition, format.Profile, m)
	switch {
	case errors.Is(err, mobileconfig.ErrNotExpressible), errors.Is(err, mobileconfig.ErrControl):
		return &exchange.Error{Status: http.StatusUnprocessableEntity, Detail: r.Words().T("profile.impossible")}
	case err != nil:
		return err
	}
	if signer := rm.signer.Load(); signer != nil {
		if body, err = rm.sign(r.Request().Context(), signer, body); err != nil {
			return err
		}
	}
	download(r, mobileconfig.FileName(m.provider), mobileconfig.MediaType, body)
	return nil
}

// sign signs a profile when it is its turn: signing costs far more than
// everything else here.
func (rm *Room) sign(ctx context.Context, signer *mobileconfig.Signer, profile []byte) ([]byte, error) {
	turn := time.NewTimer(signTime)
	defer turn.Stop()
	select {
	case rm.signing <- struct{}{}:
		defer func() { <-rm.signing }()
		return signer.Sign(profile)
	case <-turn.C:
	case <-ctx.Done():
	}
	return nil, &exchange.Error{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second}
}

func download(r *exchange.Request, name, contentType string, body []byte) {
	r.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	r.Send(http.StatusOK, contentType, body)
}

// files are the configuration files that can be written for the mailbox.
func files(e edition.Edition, m mailbox, ours bool) []view.File {
	var list []view.File
	for _, f := range clientfile.Formats() {
		if _, err := write(e, f.Name, m.sample()); err != nil {
			continue
		}
		name, _ := ClientName(e.Words(), format.Reader(f.Name))
		list = append(list, view.File{
			Format: f.Name, Name: name, About: e.Words().T("file." + f.Name),
			Action: e.Root() + "/setup/file/" + f.Name, Fields: fields(e, m, ours),
		})
	}
	return list
}

// File answers POST /setup/file/FORMAT. What a phone has to scan comes as
// a picture.
func (rm *Room) File(r *exchange.Request) error {
	private(r)
	f, err := format.Find(r.Param("format"))
	if err != nil {
		return exchange.ErrNotFound
	}
	if f.Name == format.Profile {
		return rm.Profile(r)
	}
	m, err := rm.posted(r)
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return setupFailed(r, err)
	}
	body, err := write(r.Edition, f.Name, m)
	if err != nil { // a sentence about this mailbox, such as a name that the program's syntax cannot hold
		return &exchange.Error{Status: http.StatusUnprocessableEntity, Detail: r.Words().T("file.impossible", "program", f.Name)}
	}
	if f.Name == "thunderbird-qr" || f.Name == "dclogin" {
		code, err := view.NewQR(strings.TrimSpace(string(body)))
		if err != nil {
			return err
		}
		r.Send(http.StatusOK, "image/svg+xml", code.SVG())
		return nil
	}
	download(r, f.FileName, f.MediaType, body)
	return nil
}

// sealed is what the link in a QR code holds.
type sealed struct {
	Address string `json:"a"`
	Login   string `json:"l,omitempty"`
	POP3    bool   `json:"p,omitempty"`
	Ours    bool   `json:"o,omitempty"`
}

func (rm *Room) sealMailbox(r *exchange.Request, m mailbox, ours bool) string {
	data, _ := json.Marshal(sealed{m.address.String(), m.login, m.pop3, ours}) // strings and bools always marshal
	return rm.keys.Seal(tokenPurpose, data, r.Now.Add(tokenLife))
}

// Token answers the link in a QR code: it names the address and the servers
// before anything is installed.
func (rm *Room) Token(r *exchange.Request) error {
	private(r)
	page := &view.SetupProfile{Chrome: edition.Unlisted(r.Chrome("/setup"))}
	page.Title = r.Words().T("token.title")
	data, err := rm.keys.Unseal(tokenPurpose, r.Param("token"), r.Now)
	var box sealed
	if err == nil {
		err = json.Unmarshal(data, &box)
	}
	if err != nil {
		page.Expired, page.Title = true, r.Words().T("token.expired")
		return r.Fresh(http.StatusGone, page)
	}
	protocol := ""
	if box.POP3 {
		protocol = "pop3"
	}
	m, err := rm.mailbox(r, box.Address, box.Login, protocol, box.Ours)
	var foreign *notOurs
	if errors.As(err, &foreign) { // DNS changed its mind within minutes; whoever made the code saw the settings
		m, err = rm.mailbox(r, box.Address, box.Login, protocol, true)
		box.Ours = true
	}
	if err != nil {
		return err
	}
	page.Address = m.address.Unicode()
	page.Groups = groups(r.Edition, m.account(format.Reader(format.Profile)), m.pop3)
	if card := rm.profileCard(r.Edition, m, box.Ours); card != nil {
		page.Profile = *card
	}
	return r.Fresh(http.StatusOK, page)
}
