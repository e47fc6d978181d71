// Package format is the list of everything that can be written about the
// settings of a mailbox, under the names of the command line.
//
// [All] lists the formats, [Write] returns exactly the bytes of one. Web pages,
// discovery and command line all come here, so that they say the same: above
// all the PACC file and its DNS record, which a single byte would part.
//
// Each format gets the account of the mail program that reads it, with that
// program's exceptions.
package format

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/autodiscover"
	"signpost/internal/mail/clientfile"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/pacc"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// The formats that are not files of one program.
const (
	Autoconfig       = "autoconfig"
	Autodiscover     = "autodiscover"
	AutodiscoverJSON = "autodiscover-json"
	PACC             = "pacc"
	Profile          = "mobileconfig"
	Zone             = "zone"
)

// A Format is one kind of output: a row of the table that everything about
// formats is read from.
type Format struct {
	Name        string `json:"name"`
	Description string `json:"description"` // one phrase
	File        string `json:"file"`        // where the program looks for it, or ""
	FileName    string `json:"file_name"`   // for downloads
	MediaType   string `json:"media_type"`
	Client      string `json:"-"` // mail program that reads it, whose exceptions it takes; "" for all

	write func(Request, provider.Account) ([]byte, error)
}

// All lists the formats in the order of the documentation.
func All() []Format {
	list := []Format{
		{Autoconfig, "Thunderbird and others: the file that they ask the domain for", "", "config-v1.1.xml", autoconfig.ContentType, "thunderbird", writeAutoconfig},
		{Autodiscover, "Outlook: the answer to its question", "", "autodiscover.xml", autodiscover.ContentType, "outlook-classic", writeAutodiscover},
		{AutodiscoverJSON, "Outlook on phones: where the answer is", "", "autodiscover.json", autodiscover.ContentTypeJSON, "outlook-mobile", writeAutodiscoverJSON},
		{PACC, "PACC: the file that a DNS record binds to the domain", "", "user-agent-configuration.json", pacc.ContentType, "", writePACC},
		{Profile, "iPhone, iPad and Mac: a configuration profile", "", "mail.mobileconfig", mobileconfig.MediaType, "apple-mail", writeProfile},
		{Zone, "DNS: the records of the address's domain", "", "zone.txt", "text/plain; charset=utf-8", "", writeZone},
	}
	for _, f := range clientfile.Formats() {
		list = append(list, Format{f.Name, f.Description, f.File, f.FileName, f.MediaType, cmp.Or(clients[f.Name], f.Name), func(rq Request, acc provider.Account) ([]byte, error) {
			return clientfile.Write(f.Name, acc, clientfile.Options{PasswordCommand: rq.PasswordCommand, POP3: rq.POP3, Name: rq.Name})
		}})
	}
	return list
}

// clients are the mail programs of client files that are not named after them.
var clients = map[string]string{"dclogin": "deltachat", "thunderbird-qr": "thunderbird-android"}

// ErrUnknown is wrapped by the error of [Write] for a name that is not a format.
var ErrUnknown = errors.New("unknown format")

// Find returns the format of a name.
func Find(name string) (Format, error) {
	all := All()
	i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name })
	if i < 0 {
		var known []string
		for _, f := range all {
			known = append(known, f.Name)
		}
		return Format{}, fmt.Errorf("%w %q: %s", ErrUnknown, problem.Printable(name), problem.DidYouMean(name, known))
	}
	return all[i], nil
}

// A Request says for whom a format is written.
type Request struct {
	Provider        *provider.Provider
	Address         address.Address // may be the zero value for Autoconfig and PACC
	Login           string          // a user name that differs from the address, or ""
	POP3            bool            // read mail by POP3 where there is a choice
	DAV             bool            // Profile: calendars and contacts too
	PasswordCommand string
	Name            string              // of the person, as recipients see it; "" leaves it to the program
	Device          mobileconfig.Device // Profile: the kind of device that it is for
	Lang            string              // Profile: of the provider's name
	About           string              // Profile: its description in the reader's language
	SiteURL         string              // address of this site; only https goes into machine formats
	Docs            []provider.Link
}

// Write returns one format. Errors are sentences for the person who asked.
func Write(name string, rq Request) ([]byte, error) {
	f, err := Find(name)
	if err != nil {
		return nil, err
	}
	return f.write(rq, rq.Account(f.Client))
}

func writeAutoconfig(rq Request, acc provider.Account) ([]byte, error) {
	return autoconfig.Encode(acc, autoconfig.Options{Docs: rq.Docs})
}

func writeAutodiscover(_ Request, acc provider.Account) ([]byte, error) {
	return autodiscover.Encode(acc)
}

func writeAutodiscoverJSON(rq Request, _ provider.Account) ([]byte, error) {
	body, _ := autodiscover.EncodeJSON("AutodiscoverV1", rq.AutodiscoverURL())
	return body, nil
}

func writePACC(rq Request, _ provider.Account) ([]byte, error) {
	return pacc.Encode(rq.Provider, pacc.Options{Docs: Docs(rq.SiteURL)})
}

func writeProfile(rq Request, acc provider.Account) ([]byte, error) {
	o := mobileconfig.Options{Protocol: provider.IMAP, DAV: rq.DAV, Lang: rq.Lang, Name: rq.Name, Device: rq.Device, Texts: mobileconfig.Texts{Description: rq.About}}
	if _, imap := acc.First(provider.IMAP); rq.POP3 || !imap {
		o.Protocol = provider.POP3
	}
	return mobileconfig.Profile(acc, o)
}

func writeZone(rq Request, _ provider.Account) ([]byte, error) {
	return dnsrecord.Zone(dnsrecord.Records(rq.Provider, rq.Address.Domain, Records(rq.Provider, rq.SiteURL))), nil
}

// Account is the account that the request is about, for one mail program.
func (rq Request) Account(client string) provider.Account {
	return rq.Provider.Account(rq.Address, client).WithLogin(rq.Login)
}

// Reader returns the mail program that reads a format, "" for all; for a name
// that is not a format, the name itself.
func Reader(name string) string {
	f, err := Find(name)
	if err != nil {
		return name
	}
	return f.Client
}

// AutodiscoverURL is where Autodiscover's settings are: on this site, else
// where the domain's DNS records lead.
func (rq Request) AutodiscoverURL() string {
	base := "https://autodiscover." + rq.Address.Domain
	if strings.HasPrefix(rq.SiteURL, "https://") || rq.Address.Domain == "" {
		base = rq.SiteURL
	}
	return base + "/autodiscover/autodiscover.xml"
}

// Docs returns the page for people that the machine formats name, "" while the
// site has no https address.
func Docs(siteURL string) string {
	if !strings.HasPrefix(siteURL, "https://") {
		return ""
	}
	return siteURL + "/setup"
}

// DocLinks is [Docs] with its title in every language.
func DocLinks(siteURL string, texts *locale.Catalogues) []provider.Link {
	if Docs(siteURL) == "" {
		return nil
	}
	l := provider.Link{URL: Docs(siteURL), Texts: map[string]string{"default": texts.For(locale.Reference).T("setup.title")}}
	for _, tag := range texts.Languages() {
		l.Texts[tag] = texts.For(tag).T("setup.title")
	}
	return []provider.Link{l}
}

// Records returns what the DNS records of a provider's domains have to lead
// to: this site and the digest of its PACC file.
func Records(p *provider.Provider, siteURL string) dnsrecord.Options {
	var o dnsrecord.Options
	u, err := url.Parse(siteURL)
	if err != nil || u.Scheme != "https" {
		return o
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return o
	}
	o.Host = u.Hostname()
	if body, err := pacc.Encode(p, pacc.Options{Docs: Docs(siteURL)}); err == nil {
		o.PACC = pacc.TXT(body)
	}
	return o
}
