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
	"signpost/internal/server/page"
	"signpost/internal/server/web"
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
func fields(e page.Context, m mailbox, ours bool) []view.Hidden {
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
func (h *Handlers) profileCard(e page.Context, m mailbox, ours bool) *view.Profile {
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
		Action: e.Root() + "/setup/profile.mobileconfig", Signed: h.signer.Load() != nil,
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
func (h *Handlers) Profile(r *web.Request) error {
	private(r)
	m, err := h.posted(r)
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return setupFailed(r, err)
	}
	if lang := r.Request().PostForm.Get("lang"); r.Page.Knows(lang) {
		r.Page.Lang = lang
	}
	m.device = deviceOf(r.Request().UserAgent()).profile()
	body, err := write(r.Page, format.Profile, m)
	switch {
	case errors.Is(err, mobileconfig.ErrNotExpressible), errors.Is(err, mobileconfig.ErrControl):
		return &web.Error{Status: http.StatusUnprocessableEntity, Detail: r.Page.Words().T("profile.impossible")}
	case err != nil:
		return err
	}
	if signer := h.signer.Load(); signer != nil {
		if body, err = h.sign(r.Request().Context(), signer, body); err != nil {
			return err
		}
	}
	download(r, mobileconfig.FileName(m.provider), mobileconfig.MediaType, body)
	return nil
}

// sign signs a profile when it is its turn: signing costs far more than
// everything else here.
func (h *Handlers) sign(ctx context.Context, signer *mobileconfig.Signer, profile []byte) ([]byte, error) {
	turn := time.NewTimer(signTime)
	defer turn.Stop()
	select {
	case h.signing <- struct{}{}:
		defer func() { <-h.signing }()
		return signer.Sign(profile)
	case <-turn.C:
	case <-ctx.Done():
	}
	return nil, &web.Error{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second}
}

func download(r *web.Request, name, contentType string, body []byte) {
	r.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	r.Send(http.StatusOK, contentType, body)
}

// files are the configuration files that can be written for the mailbox.
func files(e page.Context, m mailbox, ours bool) []view.File {
	var list []view.File
	for _, f := range clientfile.Formats() {
		if _, err := write(e, f.Name, m.sample()); err != nil {
			continue
		}
		name, _ := page.ClientName(e.Words(), format.Reader(f.Name))
		list = append(list, view.File{
			Format: f.Name, Name: name, About: e.Words().T("file." + f.Name),
			Action: e.Root() + "/setup/file/" + f.Name, Fields: fields(e, m, ours),
		})
	}
	return list
}

// File answers POST /setup/file/FORMAT. What a phone has to scan comes as
// a picture.
func (h *Handlers) File(r *web.Request) error {
	private(r)
	f, err := format.Find(r.Param("format"))
	if err != nil {
		return web.ErrNotFound
	}
	if f.Name == format.Profile {
		return h.Profile(r)
	}
	m, err := h.posted(r)
	if err == nil && m.address.IsZero() {
		err = address.ErrNoLocal
	}
	if err != nil {
		return setupFailed(r, err)
	}
	body, err := write(r.Page, f.Name, m)
	if err != nil { // a sentence about this mailbox, such as a name that the program's syntax cannot hold
		return &web.Error{Status: http.StatusUnprocessableEntity, Detail: r.Page.Words().T("file.impossible", "program", f.Name)}
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

func (h *Handlers) sealMailbox(r *web.Request, m mailbox, ours bool) string {
	data, _ := json.Marshal(sealed{m.address.String(), m.login, m.pop3, ours}) // strings and bools always marshal
	return h.keys.Seal(tokenPurpose, data, r.Now.Add(tokenLife))
}

// Token answers the link in a QR code: it names the address and the servers
// before anything is installed.
func (h *Handlers) Token(r *web.Request) error {
	private(r)
	v := &view.SetupProfile{Chrome: page.Unlisted(r.Page.Chrome("/setup"))}
	v.Title = r.Page.Words().T("token.title")
	data, err := h.keys.Unseal(tokenPurpose, r.Param("token"), r.Now)
	var box sealed
	if err == nil {
		err = json.Unmarshal(data, &box)
	}
	if err != nil {
		v.Expired, v.Title = true, r.Page.Words().T("token.expired")
		return r.SendFresh(http.StatusGone, v)
	}
	protocol := ""
	if box.POP3 {
		protocol = "pop3"
	}
	m, err := h.mailbox(r, box.Address, box.Login, protocol, box.Ours)
	var foreign *notOurs
	if errors.As(err, &foreign) { // DNS changed its mind within minutes; whoever made the code saw the settings
		m, err = h.mailbox(r, box.Address, box.Login, protocol, true)
		box.Ours = true
	}
	if err != nil {
		return err
	}
	v.Address, v.Device = m.address.Unicode(), string(deviceOf(r.Request().UserAgent()))
	v.First, _ = device(v.Device).split(guides(r.Page, m.provider, m.domain, ""))
	v.Groups = groups(r.Page, m.account(format.Reader(format.Profile)), m.pop3)
	if card := h.profileCard(r.Page, m, box.Ours); card != nil {
		card.Device = v.Device
		v.Profile = *card
	}
	return r.SendFresh(http.StatusOK, v)
}
