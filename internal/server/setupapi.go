package server

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"signpost/internal/mail/address"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
)

// A setupValue is what POST /api/v1/setup answers. Lists are never null.
type setupValue struct {
	Address  string         `json:"address"` // domain as A-labels
	Domain   string         `json:"domain"`
	Provider string         `json:"provider"`
	Name     string         `json:"name"`
	Hosted   bool           `json:"hosted"` // the domain is a customer's own
	Services []ServiceValue `json:"services"`
	Clients  []clientValue  `json:"clients"` // that need something else
	Webmail  string         `json:"webmail,omitempty"`
}

// A ServiceValue is one server in the API and on the command line.
type ServiceValue struct {
	Use      string   `json:"use"`
	Host     string   `json:"host,omitempty"`
	Port     int      `json:"port,omitempty"`
	Security string   `json:"security,omitempty"` // tls, starttls, plain or https
	URL      string   `json:"url,omitempty"`
	Login    string   `json:"login"`
	Auth     []string `json:"auth"` // the preferred one first
}

type clientValue struct {
	Client   string         `json:"client"`
	Article  string         `json:"article,omitempty"` // URL of the article that says why
	Services []ServiceValue `json:"services"`
}

// Services lists the services of an account as values. pop3 is the choice
// between IMAP and POP.
func Services(list []provider.Service) []ServiceValue {
	values := []ServiceValue{}
	for _, s := range list {
		v := ServiceValue{Use: string(s.Use), Security: s.SecurityKey(), URL: s.URL, Login: s.Login, Auth: s.AuthKeys()}
		if !s.Use.HasURL() {
			v.Host, v.Port = s.Host, s.PortNumber()
		}
		values = append(values, v)
	}
	return values
}

// setupAPI answers POST /api/v1/setup {address, login, protocol}.
func (r *request) setupAPI() error {
	r.private()
	if t, _, err := mime.ParseMediaType(r.Request().Header.Get("Content-Type")); err != nil || t != "application/json" {
		return &httpError{Status: http.StatusUnsupportedMediaType, Detail: "Send JSON with Content-Type: application/json."}
	}
	var question struct {
		Address  string `json:"address"`
		Login    string `json:"login"`
		Protocol string `json:"protocol"`
		Ours     bool   `json:"ours"` // the mailbox is here although DNS does not say so
	}
	d := json.NewDecoder(r.Request().Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&question); err != nil {
		if asHTTPError(err).Status == http.StatusRequestEntityTooLarge {
			return err
		}
		return badRequest("The body is not {\"address\", \"login\", \"protocol\", \"ours\"} in JSON.")
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
	body, err := marshalJSON(r.setupValue(m, question.Protocol))
	if err != nil {
		return err
	}
	r.send(http.StatusOK, "application/json", body)
	return nil
}

func (r *request) setupValue(m mailbox, protocol string) setupValue {
	chosen := func(list []provider.Service) []provider.Service {
		var kept []provider.Service
		for _, s := range list {
			if protocol == "" || !s.Use.Incoming() || (s.Use == provider.POP3) == m.pop3 {
				kept = append(kept, s)
			}
		}
		return kept
	}
	v := setupValue{
		Address: m.address.String(), Domain: m.domain, Provider: m.provider.ID, Name: m.provider.NameIn(r.lang), Hosted: m.hosted(),
		Services: Services(chosen(m.account("").Services)), Clients: []clientValue{}, Webmail: m.provider.Webmail,
	}
	done := map[string]bool{}
	for _, e := range m.provider.Except {
		if done[e.Client] {
			continue
		}
		done[e.Client] = true
		account := m.account(e.Client)
		c := clientValue{Client: e.Client}
		if why := r.because(account.Because); why.URL != "" {
			c.Article = r.absolute(why.URL)
		}
		var services []provider.Service
		for _, s := range chosen(account.Services) {
			if isException(m.provider, e.Client, s.Use) {
				services = append(services, s)
			}
		}
		if c.Services = Services(services); len(services) > 0 {
			v.Clients = append(v.Clients, c)
		}
	}
	return v
}
