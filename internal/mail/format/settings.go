package format

import (
	"slices"

	"signpost/internal/mail/provider"
)

// Settings are the settings of a mailbox as a value, for the API and the
// command line. Lists are never null.
type Settings struct {
	Address  string    `json:"address"` // its domain as A-labels
	Domain   string    `json:"domain"`
	Provider string    `json:"provider"`
	Name     string    `json:"name"`
	Services []Service `json:"services"`
	Clients  []Client  `json:"clients"` // that need something else
	Webmail  string    `json:"webmail,omitempty"`
}

// A Service is one server.
type Service struct {
	Use      string   `json:"use"`
	Host     string   `json:"host,omitempty"`
	Port     int      `json:"port,omitempty"`
	Security string   `json:"security,omitempty"` // tls, starttls, plain or https
	URL      string   `json:"url,omitempty"`
	Login    string   `json:"login"`
	Auth     []string `json:"auth"` // the preferred one first
}

// A Client is a mail program with exceptions.
type Client struct {
	Client   string    `json:"client"`
	Article  string    `json:"article,omitempty"` // that says why: its slug, or its URL
	Services []Service `json:"services"`
}

// Describe returns the settings. With protocol "imap" or "pop3" the other one
// is left out.
func Describe(rq Request, protocol string) Settings {
	p := rq.Provider
	v := Settings{
		Address: rq.Address.String(), Domain: rq.Address.Domain, Provider: p.ID, Name: p.NameIn(rq.Lang),
		Services: services(rq.Account(""), protocol, nil), Clients: []Client{}, Webmail: p.Webmail,
	}
	for _, client := range p.ExceptClients() {
		acc := rq.Account(client)
		c := Client{Client: client, Article: acc.Because, Services: services(acc, protocol, func(s provider.Service) bool { return p.Excepts(client, s.Use) })}
		if len(c.Services) > 0 {
			v.Clients = append(v.Clients, c)
		}
	}
	return v
}

func services(acc provider.Account, protocol string, keep func(provider.Service) bool) []Service {
	values := []Service{}
	for _, s := range acc.Services {
		if keep != nil && !keep(s) || protocol != "" && s.Use.Incoming() && string(s.Use) != protocol {
			continue
		}
		v := Service{Use: string(s.Use), Security: s.SecurityKey(), URL: s.URL, Login: s.Login, Auth: slices.Clone(s.AuthKeys())}
		if !s.Use.HasURL() {
			v.Host, v.Port = s.Host, s.PortNumber()
		}
		values = append(values, v)
	}
	return values
}
