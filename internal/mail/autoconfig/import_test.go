package autoconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// srv is one server element; what begins with "<" is added as it is.
func srv(element, kind, host string, port any, socket, user string, auth ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s type=%q><hostname>%s</hostname><port>%v</port><socketType>%s</socketType>", element, kind, host, port, socket)
	for _, a := range auth {
		if strings.HasPrefix(a, "<") {
			b.WriteString(a)
		} else {
			b.WriteString("<authentication>" + a + "</authentication>")
		}
	}
	fmt.Fprintf(&b, "<username>%s</username></%s>", user, element)
	return b.String()
}

const (
	user  = "%EMAILADDRESS%"
	plain = "password-cleartext"
)

var (
	inc = "incomingServer"
	out = srv("outgoingServer", "smtp", "smtp.example.net", 465, "SSL", user, plain)
)

func config(inside string, after ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="example.net"><domain>example.net</domain>` + inside + `</emailProvider>` + strings.Join(after, "") + `</clientConfig>`
}

func imap(host string) string { return srv(inc, "imap", host, 993, "SSL", user, plain) }

// Files of different shapes: each is taken over as it is, or there is a reason.
func TestImport(t *testing.T) {
	const (
		wantIMAP = "imap imap.example.net:993 tls [password] {address}"
		wantSMTP = "submit smtp.example.net:465 tls [password] {address}"
	)
	both := []string{wantIMAP, wantSMTP}
	many := strings.Builder{}
	for i := range 1005 {
		fmt.Fprintf(&many, "<domain>d%d.example.net</domain>", i)
	}
	tests := []struct {
		name, src string
		want      []string // services
		dropped   []string
	}{
		{"the usual", config(imap("imap.example.net") + out), both, nil},
		{"spaces and line ends", config(strings.ReplaceAll(imap("imap.example.net")+out, ">imap.", ">\n  imap.")), both, nil},
		{"capitals in a host", config(imap("IMAP.Example.NET") + out), both, nil},
		{"IMAP, POP and two ways to send", config(imap("imap.example.net") + srv(inc, "pop3", "pop.example.net", 995, "SSL", user, plain) + out + srv("outgoingServer", "smtp", "smtp.example.net", 587, "STARTTLS", user, plain)), []string{
			wantIMAP, "pop3 pop.example.net:995 tls [password] {address}", wantSMTP, "submit smtp.example.net:587 starttls [password] {address}",
		}, nil},
		{"POP first", config(srv(inc, "pop3", "pop.example.net", 110, "STARTTLS", user, plain) + imap("imap.example.net") + out), []string{"pop3 pop.example.net:110 starttls [password] {address}", wantIMAP, wantSMTP}, nil},
		{"unusual ports", config(srv(inc, "imap", "imap.example.net", 10993, "SSL", user, plain) + srv("outgoingServer", "smtp", "smtp.example.net", 2525, "STARTTLS", user, plain)), []string{"imap imap.example.net:10993 tls [password] {address}", "submit smtp.example.net:2525 starttls [password] {address}"}, nil},
		{"local part as user name", config(srv(inc, "imap", "imap.example.net", 993, "SSL", "%EMAILLOCALPART%", plain) + out), []string{"imap imap.example.net:993 tls [password] {local}", wantSMTP}, nil},
		{"parts put together", config(srv(inc, "imap", "imap.example.net", 993, "SSL", "%EMAILLOCALPART%.%EMAILDOMAIN%", plain) + out), []string{"imap imap.example.net:993 tls [password] {local}.{domain}", wantSMTP}, nil},
		{"the address that was asked with", config(srv(inc, "imap", "imap.example.net", 993, "SSL", "probe@example.net", plain) + out), both, nil},
		{"placeholder in a host", config(imap("imap.%EMAILDOMAIN%") + out), both, nil},
		{"passwords encrypted, then not", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user, "password-encrypted", plain) + out), []string{"imap imap.example.net:993 tls [cram-md5 password] {address}", wantSMTP}, nil},
		{"OAuth2 of nobody", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user, "OAuth2", plain) + out), both, []string{"sign-in with OAuth2 (the file does not say whose) at the imap server imap.example.net:993: a description cannot say it"}},
		{"OAuth2 only", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user, "OAuth2") + out), []string{wantSMTP}, []string{"imap server imap.example.net:993: the only ways to sign in are OAuth2 (the file does not say whose)"}},
		{"OAuth2 with its issuer", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user, "OAuth2", plain)+out, "<oAuth2><issuer>login.example.net</issuer><scope>mail offline_access</scope></oAuth2>"), []string{"imap imap.example.net:993 tls [oauth2 password] {address}", wantSMTP}, nil},
		{"an issuer without TLS", config(imap("imap.example.net")+out, "<oAuth2><issuer>http://login.example.net</issuer></oAuth2>"), both, []string{"the OAuth2 issuer http://login.example.net: it is not an https address"}},
		{"NTLM and Kerberos", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user, "NTLM", "GSSAPI") + out), []string{wantSMTP}, []string{"imap server imap.example.net:993: the only ways to sign in are NTLM, GSSAPI"}},
		{"no way to sign in", config(srv(inc, "imap", "imap.example.net", 993, "SSL", user) + out), []string{wantSMTP}, []string{"imap server imap.example.net:993: it does not say how to sign in"}},
		{"one server in plain text", config(srv(inc, "imap", "old.example.net", 143, "plain", user, plain) + imap("imap.example.net") + out), both, []string{"imap server old.example.net:143: it is not protected by TLS"}},
		{"plain text only", config(srv(inc, "imap", "imap.example.net", 143, "plain", user, plain) + srv("outgoingServer", "smtp", "smtp.example.net", 25, "plain", user, plain)), nil, []string{"imap server imap.example.net:143: it is not protected by TLS", "smtp server smtp.example.net:25: it is not protected by TLS"}},
		{"TLS by another name", config(srv(inc, "imap", "imap.example.net", 993, "TLS", user, plain) + out), []string{wantSMTP}, []string{`imap server imap.example.net:993: its socketType is "TLS", not SSL or STARTTLS`}},
		{"mail stays for two weeks", config(srv(inc, "pop3", "pop.example.net", 995, "SSL", user, plain, "<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer><daysToLeaveMessagesOnServer>14</daysToLeaveMessagesOnServer></pop3>") + out), []string{"pop3 pop.example.net:995 tls [password] {address} leave 336h0m0s", wantSMTP}, nil},
		{"mail stays for ever", config(srv(inc, "pop3", "pop.example.net", 995, "SSL", user, plain, "<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3>") + out), []string{"pop3 pop.example.net:995 tls [password] {address}", wantSMTP}, []string{"leaveMessagesOnServer of the pop3 server pop.example.net:995: without a number of days a description cannot say it"}},
		{"mail is deleted at once", config(srv(inc, "pop3", "pop.example.net", 995, "SSL", user, plain, "<pop3><leaveMessagesOnServer>false</leaveMessagesOnServer></pop3>") + out), []string{"pop3 pop.example.net:995 tls [password] {address}", wantSMTP}, []string{"leaveMessagesOnServer of the pop3 server pop.example.net:995: a description cannot say that mail is deleted at once"}},
		{"Exchange beside IMAP", config(`<incomingServer type="exchange"><username>%EMAILADDRESS%</username></incomingServer>` + imap("imap.example.net") + out), both, []string{`exchange server: servers of the type "exchange" have no counterpart in a description`}},
		{"the same server twice", config(imap("imap.example.net") + imap("imap.example.net") + out), both, []string{"imap server imap.example.net:993: the same server is there already"}},
		{"no host, no port", config(srv(inc, "imap", "", 993, "SSL", user, plain) + srv(inc, "imap", "imap.example.net", "many", "SSL", user, plain) + out), []string{wantSMTP}, []string{"imap server:993: it has no host name", "imap server imap.example.net: it has no port"}},
		{"no host name", config(srv(inc, "imap", "imap server", 993, "SSL", user, plain) + out), []string{wantSMTP}, []string{`imap server imap server:993: "imap server" is not a host name`}},
		{"half a placeholder", config(srv(inc, "imap", "imap.example.net", 993, "SSL", "%EMAILADDRESS", plain) + out), []string{wantSMTP}, []string{`imap server imap.example.net:993: "%EMAILADDRESS" in its user name is not a placeholder that can be filled in`}},
		{"somebody's name", config(srv(inc, "imap", "imap.example.net", 993, "SSL", "%REALNAME%", plain) + out), []string{wantSMTP}, []string{`imap server imap.example.net:993: "%REALNAME%" in its user name is not a placeholder that can be filled in`}},
		{"calendar and address book", config(imap("imap.example.net")+out, `<calendar type="caldav"><url>https://dav.%EMAILDOMAIN%/cal/%EMAILADDRESS%/</url><authentication system="http">Basic</authentication><username>%EMAILADDRESS%</username></calendar><addressbook type="carddav"><url>https://dav.example.net/</url><authentication>Digest</authentication><authentication>Basic</authentication><username>%EMAILADDRESS%</username></addressbook>`), []string{
			wantIMAP, wantSMTP, "caldav https://dav.example.net/cal/{address}/ tls [password] {address}", "carddav https://dav.example.net/ tls [password] {address}",
		}, []string{"sign-in with Digest at the address book https://dav.example.net/: a description cannot say it"}},
		{"a calendar without TLS", config(imap("imap.example.net")+out, `<calendar type="caldav"><url>http://dav.example.net/</url><authentication>Basic</authentication><username>x</username></calendar>`), both, []string{"calendar http://dav.example.net/: its address is not https://…"}},
		{"JMAP", config(`<incomingServer type="jmap"><url>https://api.example.net/jmap</url><authentication system="http">Basic</authentication><username>%EMAILADDRESS%</username></incomingServer>` + imap("imap.example.net") + out), append([]string{"jmap https://api.example.net/jmap tls [password] {address}"}, both...), nil},
		{"webmail without TLS", config(imap("imap.example.net")+out, `<webMail><loginPage url="http://webmail.example.net/"/></webMail>`), both, []string{"the login page http://webmail.example.net/: it is not an https address"}},
		{"odd domains", config("<domain>%EMAILDOMAIN%</domain><domain>no domain</domain><domain purpose=\"mx\">mx.example.net</domain>" + imap("imap.example.net") + out), both, []string{"the domain no domain: it is not a mail domain", "the domain mx.example.net: it names mail exchangers, not addresses"}},
		{"more than a thousand domains", config(many.String() + imap("imap.example.net") + out), both, []string{"6 more domains: at most 1000 are described; put those of customers into a file: hosted: {domains_file: providers/domains.txt}"}},
		{"another encoding", strings.Replace(strings.ReplaceAll(config("<displayName>M\xfcller</displayName>"+imap("imap.example.net")+out), "UTF-8", "ISO-8859-1"), "", "", 1), both, nil},
		{"UTF-16", utf16(strings.ReplaceAll(config(imap("imap.example.net")+out), "UTF-8", "UTF-16")), both, nil},
		{"no servers", config(""), nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Decode([]byte(tt.src))
			if err != nil {
				t.Fatal(err)
			}
			i := c.Import("example.net", "probe@example.net")
			if diff := cmp.Diff(tt.want, described(i.Services)); diff != "" {
				t.Errorf("services: %s", diff)
			}
			var dropped []string
			for _, d := range i.Dropped {
				dropped = append(dropped, d.String())
			}
			if diff := cmp.Diff(tt.dropped, dropped); diff != "" {
				t.Errorf("dropped: %s", diff)
			}
			if i.Plain != (tt.name == "plain text only") || len(i.Domains) > MaxDomains || i.Domains[0] != "example.net" {
				t.Errorf("plain %v, %d domains", i.Plain, len(i.Domains))
			}
			again(t, i)
		})
	}
}

// again writes what was taken over and reads it: nothing may have changed.
func again(t *testing.T, i Import) {
	t.Helper()
	p := &provider.Provider{ID: "example.net", Name: map[string]string{"default": "x"}, Domains: i.Domains, Services: i.Services, OAuth: i.OAuth}
	b, err := Encode(p.Account(address.Address{}, ""), Options{})
	if err != nil {
		if len(i.Services) > 1 {
			t.Error(err)
		}
		return
	}
	c, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	// The issuer is not in the file; what signs in with it is compared without.
	if i.OAuth.Issuer != "" {
		c.OAuth2 = &OAuth2{Issuer: i.OAuth.Issuer}
	}
	for n := range i.Services { // without the address its placeholders are left out of URLs
		i.Services[n].URL = i.Services[n].BaseURL()
	}
	if diff := cmp.Diff(described(i.Services), described(c.Import("example.net", "").Services)); diff != "" {
		t.Errorf("written and read again: %s", diff)
	}
}

func described(list []provider.Service) []string {
	var lines []string
	for _, s := range list {
		target := s.URL
		if target == "" {
			target = fmt.Sprintf("%s:%d", s.Host, s.Port)
		}
		line := fmt.Sprintf("%s %s %s %v %s", s.Use, target, s.Security, s.Auth, s.Login)
		if s.LeaveOnServer > 0 {
			line += " leave " + s.LeaveOnServer.String()
		}
		lines = append(lines, line)
	}
	return lines
}

func utf16(s string) string {
	var b strings.Builder
	b.WriteString("\xFE\xFF")
	for _, r := range s {
		b.WriteByte(byte(r >> 8))
		b.WriteByte(byte(r))
	}
	return b.String()
}

// What cannot be read gets an answer that says why.
func TestDecodeRefuses(t *testing.T) {
	ok := config(imap("imap.example.net") + out)
	for name, tt := range map[string]struct{ src, want string }{
		"empty":                  {" \n", "the file is empty"},
		"html":                   {"<html><body>404</body></html>", "the root element is <html>, not <clientConfig>"},
		"text":                   {"not found", "this is not XML"},
		"two documents":          {ok + "<clientConfig/>", "trailing data after the document"},
		"a document type":        {`<!DOCTYPE x [<!ENTITY a "b">]><clientConfig><emailProvider id="&a;"/></clientConfig>`, "document type declaration (DTD)"},
		"an entity":              {`<clientConfig><emailProvider id="&a;"/></clientConfig>`, "invalid character entity &a;"},
		"cut off":                {"<clientConfig><emailProvider>", "unexpected EOF"},
		"too large":              {"<clientConfig>" + strings.Repeat(" ", MaxSize) + "</clientConfig>", "at most 1048576 are read"},
		"ten thousand domains":   {config(strings.Repeat("<domain>"+strings.Repeat("a.", 50)+"example.net</domain>", 10000)), "at most 1048576 are read"},
		"UTF-8 that claims not":  {strings.ReplaceAll(config("<displayName>Müller</displayName>"), "UTF-8", "ISO-8859-1"), "declares the encoding ISO-8859-1, but is written in UTF-8"},
		"a mark that disagrees":  {"\uFEFF" + strings.ReplaceAll(ok, "UTF-8", "windows-1252"), "declares the encoding windows-1252, but begins with the byte order mark of UTF-8"},
		"UTF-16 that is not":     {strings.ReplaceAll(ok, "UTF-8", "UTF-16"), "declares the encoding UTF-16, but is not written in it"},
		"an unknown encoding":    {strings.ReplaceAll(ok, "UTF-8", "EBCDIC-X"), `the encoding "EBCDIC-X" is not known`},
		"UTF-8 that is not":      {config("<displayName>M\xfcller</displayName>"), "invalid UTF-8"},
		"a mark before anything": {"\xFF", "this is not XML"},
	} {
		if _, err := Decode([]byte(tt.src)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestUnread(t *testing.T) {
	src := config(imap("imap.example.net")+`<documentation url="https://example.net/"><descr>x</descr></documentation><x/><x/>`+strings.Replace(out, "<username>", "<restriction>clientIPAddress</restriction><username>", 1), "<clientConfigUpdate url=\"https://example.net/\"/>")
	want := []string{"emailProvider/documentation", "emailProvider/x", "emailProvider/outgoingServer/restriction", "clientConfigUpdate"}
	if diff := cmp.Diff(want, Unread([]byte(src))); diff != "" {
		t.Error(diff)
	}
	if got := Unread([]byte(config(imap("a") + out))); got != nil {
		t.Errorf("unread: %v", got)
	}
}
