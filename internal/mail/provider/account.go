package provider

import (
	"slices"

	"signpost/internal/mail/address"
)

// Account returns the settings of a mailbox for one client. The address may be
// the zero value and the client "". An exception of the client takes the place
// of all services of its use.
func (p *Provider) Account(a address.Address, client string) Account {
	acc := Account{Provider: p, Address: a, Client: client, Services: slices.Clone(p.Services)}
	for _, e := range p.exceptions(client) {
		acc.replace(e)
		if acc.Because == "" {
			acc.Because = e.Because
		}
	}
	for i := range acc.Services {
		s := &acc.Services[i]
		s.Auth = slices.Clone(s.Auth)
		s.LoginForm = s.Login
		if !a.IsZero() {
			s.Login = Expand(s.Login, a.String(), a.Local, a.Domain)
			s.URL = Expand(s.URL, escapeURL(a.String()), escapeURL(a.Local), a.Domain)
		}
	}
	return acc
}

func (p *Provider) exceptions(client string) []Exception {
	var found []Exception
	if client == "" {
		return nil
	}
	for _, e := range p.Except {
		if e.Client == client {
			found = append(found, e)
		}
	}
	if found == nil {
		return p.exceptions(clientParents[client])
	}
	return found
}

// ExceptClients lists the clients that have exceptions, in the order of the
// file.
func (p *Provider) ExceptClients() []string {
	var list []string
	for _, e := range p.Except {
		if !slices.Contains(list, e.Client) {
			list = append(list, e.Client)
		}
	}
	return list
}

// Excepts reports whether a client has an exception for a use.
func (p *Provider) Excepts(client string, u Use) bool {
	return slices.ContainsFunc(p.exceptions(client), func(e Exception) bool { return e.Use == u })
}

// replace puts the exception, merged over a service of its use, where the
// first service of that use stands, and removes the others.
func (acc *Account) replace(e Exception) {
	at := acc.basis(e)
	if at < 0 {
		return
	}
	merged := merge(acc.Services[at], e)
	first := slices.IndexFunc(acc.Services, func(s Service) bool { return s.Use == e.Use })
	acc.Services[first] = merged
	for i := len(acc.Services) - 1; i > first; i-- {
		if acc.Services[i].Use == e.Use {
			acc.Services = slices.Delete(acc.Services, i, i+1)
		}
	}
}

// basis returns the service that the exception is merged over: the first of
// its use that already has the security it asks for, else the first of its use.
func (acc *Account) basis(e Exception) int {
	first := -1
	for i, s := range acc.Services {
		if s.Use != e.Use {
			continue
		}
		if !slices.Contains(e.Replaces, "security") || s.Security == e.Security {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

func merge(s Service, e Exception) Service {
	for _, key := range e.Replaces {
		switch key {
		case "host":
			s.Host = e.Host
		case "port":
			s.Port = e.Port
		case "security":
			if s.Security != e.Security && !slices.Contains(e.Replaces, "port") {
				s.Port = DefaultPort(s.Use, e.Security)
			}
			s.Security, s.Insecure = e.Security, e.Insecure
		case "auth":
			s.Auth = e.Auth
		case "login":
			s.Login = e.Login
		case "url":
			s.URL = e.URL
		case "leave-on-server":
			s.LeaveOnServer = e.LeaveOnServer
		}
	}
	s.Because, s.Line = e.Because, e.Line
	return s
}

// WithLogin returns the account with a user name that differs from the
// address, for customers who were given one. An empty login changes nothing.
func (acc Account) WithLogin(login string) Account {
	if login == "" {
		return acc
	}
	acc.Services = slices.Clone(acc.Services)
	for i := range acc.Services {
		acc.Services[i].Login, acc.Services[i].LoginForm = login, ""
	}
	return acc
}

// All returns the services of a use, in order of preference.
func (acc Account) All(u Use) []Service {
	var found []Service
	for _, s := range acc.Services {
		if s.Use == u {
			found = append(found, s)
		}
	}
	return found
}

// First returns the preferred service of a use.
func (acc Account) First(u Use) (Service, bool) {
	i := slices.IndexFunc(acc.Services, func(s Service) bool { return s.Use == u })
	if i < 0 {
		return Service{}, false
	}
	return acc.Services[i], true
}

// Pick returns the preferred service of a use that the test accepts.
func (acc Account) Pick(u Use, accept func(Service) bool) (Service, bool) {
	for _, s := range acc.Services {
		if s.Use == u && accept(s) {
			return s, true
		}
	}
	return Service{}, false
}
