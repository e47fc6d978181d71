package server

import (
	"errors"
	"net/http"

	"signpost/internal/mail/address"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
)

// A setupOrder asks for the settings of a mailbox.
type setupOrder struct {
	Address  string `json:"address"`
	Login    string `json:"login,omitempty" jsonschema:"description=The user name when it is not the address"`
	Protocol string `json:"protocol,omitempty" jsonschema:"enum=imap,enum=pop3"`
	Ours     bool   `json:"ours,omitempty" jsonschema:"description=The mailbox is here although DNS does not say so"`
}

// setupAPI answers POST /api/v1/setup {address, login, protocol}.
func (r *request) setupAPI() error {
	r.private()
	var question setupOrder
	if err := r.readJSON(&question); err != nil {
		return err
	}
	m, err := r.mailbox(question.Address, question.Login, question.Protocol, question.Ours)
	var bad *address.Error
	var foreign *notOurs
	switch {
	case errors.As(err, &bad):
		return badRequest(bad.Message + "; " + bad.Hint)
	case errors.As(err, &foreign) && (foreign.result.How == hosted.Busy || foreign.result.How == hosted.Failed):
		return errAskAgain
	case errors.As(err, &foreign):
		return &httpError{Status: http.StatusNotFound, Detail: "The mail of this domain is not here."}
	case err != nil:
		return err
	case m.address.IsZero():
		return badRequest(address.ErrNoLocal.Error())
	}
	if m.pop3 && question.Protocol == "imap" { // the only way there is
		question.Protocol = "pop3"
	} else if !m.pop3 && question.Protocol == "pop3" {
		question.Protocol = "imap"
	}
	settings := format.Describe(format.Request{Provider: m.provider, Address: m.address, Login: m.login, Lang: r.lang}, question.Protocol)
	for i := range settings.Clients {
		if c := &settings.Clients[i]; c.Article != "" {
			c.Article = r.absoluteOf(r.because(c.Article).URL)
		}
	}
	body, err := marshalJSON(settings)
	if err != nil {
		return err
	}
	r.send(http.StatusOK, "application/json", body)
	return nil
}

// absoluteOf is absolute, but "" stays what it is.
func (r *request) absoluteOf(path string) string {
	if path == "" {
		return ""
	}
	return r.absolute(path)
}
