package provider

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"signpost/internal/yamldoc"
)

// A File is a provider description as it is written. The JSON Schema is made
// from it.
type File struct {
	Provider string            `yaml:"provider" jsonschema:"required" jsonschema_description:"Name of the provider in host name syntax, such as example.com. It never changes: profiles are recognised by it."`
	Name     Texts             `yaml:"name" jsonschema:"required" jsonschema_description:"What customers call the provider: a text, or texts by language with default. At most 30 characters are shown everywhere."`
	Short    string            `yaml:"short" jsonschema_description:"A name of at most 12 characters for narrow places."`
	Domains  []string          `yaml:"domains" jsonschema:"required" jsonschema_description:"The domains of the provider's own addresses."`
	Hosted   HostedFile        `yaml:"hosted" jsonschema_description:"How domains of customers are recognised."`
	Services []ServiceFile     `yaml:"services" jsonschema:"required" jsonschema_description:"The servers, the preferred one of each use first."`
	Login    string            `yaml:"login" jsonschema_description:"Form of the user name, made of {address} {local} {domain}. Default {address}."`
	OAuth    OAuthFile         `yaml:"oauth" jsonschema_description:"The authorization server, when oauth2 is offered."`
	Except   []ExceptionFile   `yaml:"except" jsonschema_description:"What is different for one mail program."`
	Webmail  string            `yaml:"webmail" jsonschema_description:"https address of the webmail."`
	Help     map[string]string `yaml:"help" jsonschema_description:"Articles by purpose (setup, app-passwords) or mail program (apple-mail)."`
	Profile  ProfileFile       `yaml:"profile" jsonschema_description:"Texts of the Apple profile."`
	Vars     map[string]string `yaml:"vars" jsonschema_description:"Own values, used in articles as {{vars.NAME}}."`
}

// A HostedFile is the key hosted of a [File].
type HostedFile struct {
	MX          []string `yaml:"mx" jsonschema_description:"Mail exchangers; a domain whose MX is one of them has its mail here. *.mx.example.com stands for all names below."`
	DomainsFile string   `yaml:"domains_file" jsonschema_description:"A file of the content folder with one domain a line."`
	SPF         string   `yaml:"spf" jsonschema_description:"Host name that customers include in their SPF record."`
	DKIM        DKIMKeys `yaml:"dkim" jsonschema_description:"Selector: the host name its CNAME leads to."`
}

// DKIMKeys are written as a mapping of selectors to host names; their order is kept.
type DKIMKeys []DKIM

// UnmarshalYAML reads a mapping of selectors to host names.
func (k *DKIMKeys) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return yamldoc.Hinted{Err: errors.New("should be selectors with host names"), Hint: "write {sel1: sel1.dkim.example.com}"}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		*k = append(*k, DKIM{n.Content[i].Value, n.Content[i+1].Value})
	}
	return nil
}

// A ServiceFile is one entry of services.
type ServiceFile struct {
	Use           Use      `yaml:"use" jsonschema:"required,enum=imap,enum=pop3,enum=submit,enum=caldav,enum=carddav,enum=jmap,enum=sieve"`
	Host          string   `yaml:"host"`
	Port          int      `yaml:"port" jsonschema:"minimum=1,maximum=65535" jsonschema_description:"Default: the usual port of use and security."`
	Security      Security `yaml:"security" jsonschema:"enum=tls,enum=starttls,enum=plain,default=tls"`
	Auth          []Auth   `yaml:"auth" jsonschema_description:"password, cram-md5, scram, apop or oauth2, the preferred one first. Default [password]."`
	Login         string   `yaml:"login"`
	URL           string   `yaml:"url"`
	LeaveOnServer Days     `yaml:"leave-on-server" jsonschema_description:"pop3: how long mail stays on the server, such as 14d."`
	Insecure      bool     `yaml:"insecure" jsonschema_description:"Must be true when security is plain."`
}

// An ExceptionFile is one entry of except.
type ExceptionFile struct {
	Client        string   `yaml:"client" jsonschema:"required"`
	Use           Use      `yaml:"use" jsonschema:"required,enum=imap,enum=pop3,enum=submit,enum=caldav,enum=carddav,enum=jmap,enum=sieve"`
	Host          string   `yaml:"host"`
	Port          int      `yaml:"port" jsonschema:"minimum=1,maximum=65535"`
	Security      Security `yaml:"security" jsonschema:"enum=tls,enum=starttls,enum=plain"`
	Auth          []Auth   `yaml:"auth"`
	Login         string   `yaml:"login"`
	URL           string   `yaml:"url"`
	LeaveOnServer Days     `yaml:"leave-on-server"`
	Insecure      bool     `yaml:"insecure"`
	Because       string   `yaml:"because" jsonschema_description:"Slug of the article that says why."`
}

// An OAuthFile is the key oauth of a [File].
type OAuthFile struct {
	Issuer string   `yaml:"issuer"`
	Scopes []string `yaml:"scopes"`
}

// A ProfileFile is the key profile of a [File].
type ProfileFile struct {
	Organization string `yaml:"organization"`
	Consent      Texts  `yaml:"consent"`
}

// Texts are one text in several languages. In the file they are one text, or a
// mapping of languages with the key default; without that key the first
// language is the default.
type Texts map[string]string

// UnmarshalYAML reads a text or a mapping of texts.
func (t *Texts) UnmarshalYAML(n *yaml.Node) error {
	*t = Texts{}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			(*t)["default"] = n.Value
		}
		return nil
	case yaml.MappingNode:
	default:
		return errors.New("should be a text, or texts by language")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if val.Kind != yaml.ScalarNode {
			return yamldoc.Hinted{Err: fmt.Errorf("the text for %q should be one text", key.Value), Line: val.Line}
		}
		if _, dup := (*t)[key.Value]; dup {
			return yamldoc.Hinted{Err: fmt.Errorf("the language %q stands here a second time", key.Value), Line: key.Line}
		}
		if !language(key.Value) {
			return yamldoc.Hinted{Err: fmt.Errorf("%q is no language", key.Value), Hint: "use default, or a code such as en, nb, de or pt-BR", Line: key.Line}
		}
		(*t)[key.Value] = val.Value
	}
	if _, ok := (*t)["default"]; !ok && len(n.Content) > 0 {
		(*t)["default"] = n.Content[1].Value
	}
	return nil
}

// language accepts default and simple BCP 47 tags: en, nb, pt-BR, zh-Hant.
func language(s string) bool {
	if s == "default" {
		return true
	}
	for i, part := range strings.Split(s, "-") {
		if i == 0 && len(part) != 2 && len(part) != 3 || len(part) < 2 || len(part) > 8 {
			return false
		}
		for _, r := range part {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9' || i == 0) {
				return false
			}
		}
	}
	return true
}

// Days is a whole number of days, written 14d or 2w.
type Days time.Duration

// UnmarshalYAML reads "14d" or "2w".
func (d *Days) UnmarshalYAML(n *yaml.Node) error {
	s := n.Value
	unit := 24 * time.Hour
	switch {
	case strings.HasSuffix(s, "d"):
	case strings.HasSuffix(s, "w"):
		unit *= 7
	default:
		return yamldoc.Hinted{Err: fmt.Errorf("%q is no number of days", s), Hint: "write 14d or 2w"}
	}
	count, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || count < 1 || count > 3660 {
		return yamldoc.Hinted{Err: fmt.Errorf("%q is no number of days", s), Hint: "write 14d or 2w, at least a day and at most ten years"}
	}
	*d = Days(time.Duration(count) * unit)
	return nil
}

// JSONSchemaAlias says what stands in the file, for the JSON Schema.
func (Days) JSONSchemaAlias() any { return "" }

// JSONSchemaAlias says what stands in the file, for the JSON Schema.
func (DKIMKeys) JSONSchemaAlias() any { return map[string]string{} }
