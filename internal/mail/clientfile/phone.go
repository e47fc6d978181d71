package clientfile

import (
	"net/url"
	"strconv"

	"signpost/internal/mail/provider"
)

// writeDclogin writes Delta Chat's link, version 1:
// dclogin://ADDRESS?p=PASSWORD&v=1 and options. The app requires the key p; it
// stays empty.
func writeDclogin(s *settings) ([]byte, error) {
	incoming, _, err := s.onlyIMAP(methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, _, err := s.pick(provider.Submit, methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	if err := s.unquoted(); err != nil {
		return nil, err
	}
	a := s.account.Address
	security := func(service provider.Service) string {
		if service.Security == provider.STARTTLS {
			return "starttls"
		}
		return "ssl"
	}
	options := url.Values{
		"v": {"1"}, "p": {""},
		"ih": {incoming.Host}, "ip": {strconv.Itoa(incoming.PortNumber())}, "iu": {s.login(incoming)}, "is": {security(incoming)},
		"sh": {outgoing.Host}, "sp": {strconv.Itoa(outgoing.PortNumber())}, "su": {s.login(outgoing)}, "ss": {security(outgoing)},
	}
	return []byte("dclogin://" + percentEncoded(a.Local) + "@" + a.Domain + "?" + options.Encode() + "\n"), nil
}

// Numbers of Thunderbird's "Export for Mobile" QR code format, version 1.
const (
	qrIMAP, qrPOP3       = 0, 1
	qrSMTP               = 0
	qrSTARTTLS, qrTLS    = 2, 3
	qrPassword, qrDigest = 1, 2
	qrOAuth2             = 6
)

// writeThunderbirdQR writes the payload of one QR code: arrays instead of
// objects, without a password.
func writeThunderbirdQR(s *settings) ([]byte, error) {
	known := methods{provider.Password, provider.CRAMMD5, provider.OAuth2}
	incoming, inAuth, err := s.pickIncoming(known, append(methods{provider.APOP}, known...), encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, outAuth, err := s.pick(provider.Submit, known, encrypted...)
	if err != nil {
		return nil, err
	}
	if err := s.unquoted(); err != nil {
		return nil, err
	}
	if !plain(s.address, "@!#$%&'*+-/=?^_`{|}~.") {
		return nil, s.cannot("Thunderbird for Android has ASCII addresses only, not %s", s.address)
	}
	protocol := qrIMAP
	if incoming.Use == provider.POP3 {
		protocol = qrPOP3
	}
	server := func(protocol int, service provider.Service, auth provider.Auth) []any {
		security := qrTLS
		if service.Security == provider.STARTTLS {
			security = qrSTARTTLS
		}
		kind := qrPassword
		switch auth {
		case provider.CRAMMD5, provider.APOP:
			kind = qrDigest
		case provider.OAuth2:
			kind = qrOAuth2
		}
		return []any{protocol, service.Host, service.PortNumber(), security, kind, s.login(service)}
	}
	identity := []any{s.address, s.person}
	payload := []any{
		1,
		[]int{1, 1},
		server(protocol, incoming, inAuth),
		[]any{[]any{server(qrSMTP, outgoing, outAuth), identity}},
	}
	return []byte(jsonValue(payload) + "\n"), nil
}
