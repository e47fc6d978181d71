package verify

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"signpost/internal/mail/provider"
)

// checkURL asks a calendar, address book or JMAP server who may come in: it
// must answer 401 and name Basic or Bearer, as described.
func (p *probe) checkURL(ctx context.Context, target string) error {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		p.add(Fail, "url", "%q is not an https URL.", short(target))
		return errStop
	}
	method := "PROPFIND"
	if p.service.Use == provider.JMAP {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		p.add(Fail, "url", "%q is not a URL.", short(target))
		return errStop
	}
	request.Header.Set("User-Agent", "Signpost-verify")
	request.Header.Set("Depth", "0")

	var certificates *tls.ConnectionState
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			raw, err := p.o.Guard.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			conn := tls.Client(&limitedConn{raw, maxTotal}, p.tlsConfig())
			if err := conn.HandshakeContext(ctx); err != nil {
				raw.Close()
				return nil, p.handshakeError(err)
			}
			state := conn.ConnectionState()
			certificates = &state
			return conn, nil
		},
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxTotal / 2,
	}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if certificates != nil {
		p.judge(certificates.PeerCertificates)
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	io.CopyN(io.Discard, response.Body, 4<<10) // what follows does not matter
	p.judgeResponse(u, response)
	return nil
}

func (p *probe) judgeResponse(u *url.URL, response *http.Response) {
	host := u.Hostname()
	switch response.StatusCode {
	case http.StatusUnauthorized:
		p.judgeChallenge(host, response.Header.Values("WWW-Authenticate"))
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		p.judgeRedirect(u, response)
	case http.StatusNotFound, http.StatusGone:
		p.add(Fail, "http-not-found", "There is nothing at %s.", short(u.Redacted()))
	case http.StatusOK, http.StatusMultiStatus:
		p.add(Warn, "http-open", "%s answers without asking who is there.", host)
	default:
		p.add(Fail, "http-status", "%s answers with HTTP status %d instead of asking who is there (401).", host, response.StatusCode)
	}
}

func (p *probe) judgeChallenge(host string, challenges []string) {
	offered := strings.ToLower(strings.Join(challenges, ", "))
	var schemes []string // the first word of each challenge (RFC 9110 section 11.6.1)
	for part := range strings.SplitSeq(offered, ",") {
		word, _, _ := strings.Cut(strings.TrimSpace(part), " ")
		schemes = append(schemes, word)
	}
	for _, auth := range p.service.Auth {
		scheme := map[provider.Auth]string{provider.Password: "basic", provider.OAuth2: "bearer"}[auth]
		if scheme != "" && !slices.Contains(schemes, scheme) {
			p.add(Fail, "auth-missing", "%s does not offer to sign in by %s; it says %q.", host, scheme, short(offered))
		}
	}
}

// judgeRedirect looks at where a server sends its clients. From a well-known
// place that is what the standards want.
func (p *probe) judgeRedirect(u *url.URL, response *http.Response) {
	to, err := response.Location()
	switch {
	case err != nil:
		p.add(Fail, "http-redirect", "%s redirects without saying where to.", u.Hostname())
	case to.Scheme != "https":
		p.add(Fail, "http-redirect", "%s redirects to an unencrypted address.", u.Hostname())
	case !strings.HasPrefix(u.Path, "/.well-known/") || to.Hostname() != u.Hostname():
		p.add(Warn, "http-redirect", "%s redirects to %s, which was not followed.", u.Hostname(), short(to.Redacted()))
	}
}
