package setup

import (
	"errors"
	"net/http"

	"signpost/internal/mail/address"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// A SetupOrder asks for the settings of a mailbox.
type SetupOrder struct {
	Address  string `json:"address"`
	Login    string `json:"login,omitempty" jsonschema:"description=The user name when it is not the address"`
	Protocol string `json:"protocol,omitempty" jsonschema:"enum=imap,enum=pop3"`
	Ours     bool   `json:"ours,omitempty" jsonschema:"description=The mailbox is here although DNS does not say so"`
}

// API answers POST /api/v1/setup {address, login, protocol}.
func (h *Handlers) API(r *web.Request) error {
	private(r)
	var question SetupOrder
	if err := r.ReadJSON(&question); err != nil {
		return err
	}
	m, err := h.mailbox(r, question.Address, question.Login, question.Protocol, question.Ours)
	var bad *address.Error
	var foreign *notOurs
	switch {
	case errors.As(err, &bad):
		return web.BadRequest(bad.Message + "; " + bad.Hint)
	case errors.As(err, &foreign) && (foreign.result.How == hosted.Busy || foreign.result.How == hosted.Failed):
		return errAskAgain
	case errors.As(err, &foreign):
		return &web.Error{Status: http.StatusNotFound, Detail: "The mail of this domain is not here."}
	case err != nil:
		return err
	case m.address.IsZero():
		return web.BadRequest(address.ErrNoLocal.Error())
	}
	if m.pop3 && question.Protocol == "imap" { // the only way there is
		question.Protocol = "pop3"
	} else if !m.pop3 && question.Protocol == "pop3" {
		question.Protocol = "imap"
	}
	settings := format.Describe(format.Request{Provider: m.provider, Address: m.address, Login: m.login, Lang: r.Page.Lang}, question.Protocol)
	for i := range settings.Clients {
		if c := &settings.Clients[i]; c.Article != "" {
			c.Article = absoluteOf(r.Page, because(r.Page, c.Article).URL)
		}
	}
	body, err := web.EncodeJSON(settings)
	if err != nil {
		return err
	}
	r.Send(http.StatusOK, "application/json", body)
	return nil
}

// absoluteOf is absolute, but "" stays what it is.
func absoluteOf(e page.Context, path string) string {
	if path == "" {
		return ""
	}
	return e.Absolute(path)
}
