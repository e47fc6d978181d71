package clientfile

import (
	"encoding/json"
	"errors"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/address"
	"signpost/internal/mail/foreign"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

var update = flag.Bool("update", false, "write the golden files")

// example is a provider with every kind of service.
func example() *provider.Provider {
	password := []provider.Auth{provider.Password}
	return &provider.Provider{
		ID: "example.net", Domains: []string{"example.net"}, Login: "{address}",
		Services: []provider.Service{
			{Use: provider.IMAP, Host: "imap.example.net", Port: 993, Security: provider.TLS, Auth: password, Login: "{address}"},
			{Use: provider.IMAP, Host: "imap.example.net", Port: 143, Security: provider.STARTTLS, Auth: password, Login: "{address}"},
			{Use: provider.POP3, Host: "pop.example.net", Port: 995, Security: provider.TLS, Auth: []provider.Auth{provider.APOP, provider.Password}, Login: "{address}"},
			{Use: provider.Submit, Host: "smtp.example.net", Port: 465, Security: provider.TLS, Auth: password, Login: "{address}"},
			{Use: provider.CalDAV, URL: "https://dav.example.net/cal/{address}/", Security: provider.TLS, Auth: password, Login: "{address}"},
			{Use: provider.CardDAV, URL: "https://dav.example.net/card/{address}/", Security: provider.TLS, Auth: password, Login: "{address}"},
		},
	}
}

func account(t testing.TB, addr string) provider.Account {
	t.Helper()
	a, err := address.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	return example().Account(a, "")
}

func TestGolden(t *testing.T) {
	both := []string{"fetchmail", "getmail", "neomutt", "alpine", "s-nail", "thunderbird-qr"}
	odd := providertest.Odd(t).Account(providertest.Address(t, "o'neil+tag@bücher.example"), "")
	for _, f := range Formats() {
		golden(t, f.Name, account(t, "o'neil+tag@example.net"), f.Name, Options{})
		golden(t, f.Name+"-odd", odd, f.Name, Options{})
		if slices.Contains(both, f.Name) {
			golden(t, f.Name+"-pop3", account(t, "o'neil+tag@example.net"), f.Name, Options{POP3: true})
			golden(t, f.Name+"-odd-pop3", odd, f.Name, Options{POP3: true})
		}
	}
}

func golden(t *testing.T, name string, acc provider.Account, format string, o Options) {
	t.Run(name, func(t *testing.T) {
		got, err := Write(format, acc, o)
		if err != nil {
			t.Fatal(err)
		}
		foreign.Golden(t, *update, name+".golden", got)
	})
}

// hostileAddresses are valid and mean harm to careless writers: those that every
// format is tested with, and some that are special to these programs.
func hostileAddresses() []string {
	all := []string{
		`o'neil&sons+tag@example.net`,
		`"a b"@example.net`,
		`"<x>"@example.net`,
		`%EMAILDOMAIN%@example.net`,
		`"$(touch x)"@example.net`,
		"`touch${IFS}x`@example.net",
		`"a\\"@example.net`,
		`"a\"b"@example.net`,
		`#hash@example.net`,
		`100%@example.net`,
		`"%(from)s"@example.net`,
		`%U@example.net`,
		`*@example.net`,
		`{a}@example.net`,
		`"; password = x"@example.net`,
		`" lead"@example.net`,
		`øyvind@example.net`,
		strings.Repeat("a", 64) + "@example.net",
		`a@xn--bcher-kva.example`,
	}
	for _, a := range hostile.Addresses() {
		all = append(all, a.String())
	}
	return all
}

// TestHostile: each format is written or refused with the value named, no
// value makes a line of its own, and comments stay comments.
func TestHostile(t *testing.T) {
	for _, f := range Formats() {
		plainLines := strings.Count(string(mustWrite(t, f.Name, "kari@example.net")), "\n")
		for _, addr := range hostileAddresses() {
			got, err := Write(f.Name, account(t, addr), Options{})
			if err != nil {
				if !errors.Is(err, ErrNotExpressible) {
					t.Errorf("%s %s: %v", f.Name, addr, err)
				}
				continue
			}
			if lines := strings.Count(string(got), "\n"); lines != plainLines {
				t.Errorf("%s %s: %d lines instead of %d:\n%s", f.Name, addr, lines, plainLines, got)
			}
		}
	}
}

func mustWrite(t testing.TB, format, addr string) []byte {
	t.Helper()
	got, err := Write(format, account(t, addr), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestErrors(t *testing.T) {
	oauth := example()
	for i := range oauth.Services {
		oauth.Services[i].Auth = []provider.Auth{provider.OAuth2}
	}
	insecure := example()
	for i := range insecure.Services {
		insecure.Services[i].Security = provider.Plain
	}
	kari := address.Address{Local: "kari", Domain: "example.net"}
	starttls := example()
	starttls.Services = starttls.Services[1:]
	evil := example().Account(kari, "").WithLogin("kari\nset x=y")
	tests := []struct {
		name    string
		format  string
		account provider.Account
		opts    Options
		want    error
		says    string
	}{
		{"unknown format", "msmpt", account(t, "kari@example.net"), Options{}, ErrUnknownFormat, "msmtp"},
		{"no address", "msmtp", example().Account(address.Address{}, ""), Options{}, ErrNoAddress, "address"},
		{"OAuth2 only", "mbsync", oauth.Account(kari, ""), Options{}, ErrNotExpressible, "sign in"},
		{"unencrypted", "msmtp", insecure.Account(kari, ""), Options{}, ErrNotExpressible, "SSL/TLS or STARTTLS"},
		{"IMAP only", "aerc", account(t, "kari@example.net"), Options{POP3: true}, ErrNotExpressible, "IMAP only"},
		{"STARTTLS that is not enforced", "offlineimap", starttls.Account(kari, ""), Options{}, ErrNotExpressible, "needs SSL/TLS,"},
		{"line break", "msmtp", evil, Options{}, ErrNotExpressible, "control character"},
		{"command with a line break", "msmtp", account(t, "kari@example.net"), Options{PasswordCommand: "a\nb"}, ErrNotExpressible, "control character"},
		{"long line", "msmtp", account(t, "kari@example.net"), Options{PasswordCommand: strings.Repeat("a", 600)}, ErrNotExpressible, "longer"},
		{"long value", "aerc", account(t, "kari@example.net"), Options{PasswordCommand: strings.Repeat("a", 1200)}, ErrNotExpressible, "longer"},
		{"sender that s-nail drops", "s-nail", account(t, `"a\"b"@example.net`), Options{}, ErrNotExpressible, "sender"},
		{"UTF-8 sender", "s-nail", account(t, "käri@example.net"), Options{}, ErrNotExpressible, "sender"},
		{"long login", "alpine", account(t, strings.Repeat("x", 53)+"@example.net"), Options{}, ErrNotExpressible, "64 characters"},
		{"no service", "vdirsyncer", provider.Account{Address: kari}, Options{}, ErrNotExpressible, "calendar"},
	}
	for _, f := range Formats() {
		tests = append(tests, struct {
			name    string
			format  string
			account provider.Account
			opts    Options
			want    error
			says    string
		}{"nothing offered: " + f.Name, f.Name, provider.Account{Address: kari}, Options{}, ErrNotExpressible, "the provider offers no"})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Write(tt.format, tt.account, tt.opts)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %v saying %q", err, tt.want, tt.says)
			}
		})
	}
}

// TestShell lets a shell read the default password command of every hostile address.
func TestShell(t *testing.T) {
	for _, addr := range hostileAddresses() {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "pass() { printf %s \"$2\"; }; pass show "+shellWord("mail/"+addr))
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != "mail/"+addr {
			t.Errorf("%s: got %q, %v", addr, out, err)
		}
		if files, _ := os.ReadDir(cmd.Dir); len(files) != 0 {
			t.Errorf("%s made the file %s", addr, files[0].Name())
		}
	}
}

// TestNames: addresses that look alike have different account names.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, addr := range append(hostileAddresses(), "a.b@example.net", "a_b@example.net", "a-b@example.net", "a'b@example.net", "mail_a_b@example.net", "a'@"+strings.Repeat("abc.", 60)+"example.net", "b'@"+strings.Repeat("abc.", 60)+"example.net") {
		for _, name := range []string{accountName(addr), identifier(addr, "")} {
			if other, ok := seen[name]; ok && other != addr {
				t.Errorf("%s and %s are both called %s", addr, other, name)
			}
			seen[name] = addr
			if len(name) > 200 {
				t.Errorf("%s is too long for the name of a folder", name)
			}
			if !plain(name, "@._+-") {
				t.Errorf("the name %q is not a plain word", name)
			}
		}
	}
}

// Keys that the programs know, which ignore a wrong one without a word: from
// their manuals and sources.
var knownKeys = map[string][]string{
	"aerc": strings.Fields("source source-cred-cmd outgoing outgoing-cred-cmd smtp-starttls from default copy-to"),
	"getmail": strings.Fields(`type server port username password_command ca_certs ssl_cert_hostname use_apop use_cram_md5
		path read_all delete`),
	"offlineimap": strings.Fields(`accounts localrepository remoterepository type localfolders remotehost remoteport remoteuser
		remotepasseval ssl starttls sslcacertfile auth_mechanisms`),
	"alpine": strings.Fields(`inbox-path folder-collections default-fcc postponed-folder smtp-server user-domain customized-hdrs
		feature-list`),
}

func TestKnownKeys(t *testing.T) {
	key := regexp.MustCompile(`^([a-z_-]+) ?=`)
	for format, known := range knownKeys {
		for _, line := range strings.Split(string(mustWrite(t, format, "kari@example.net")), "\n") {
			if line == "" || line[0] == '#' || line[0] == '[' {
				continue
			}
			m := key.FindStringSubmatch(line)
			if m == nil || !slices.Contains(known, m[1]) {
				t.Errorf("%s does not know %q", format, line)
			}
		}
	}
}

// TestDclogin reads the link as the app does.
func TestDclogin(t *testing.T) {
	link := strings.TrimSpace(string(mustWrite(t, "dclogin", "o'neil&sons+tag@example.net")))
	u, err := url.Parse(strings.Replace(link, "://", ":", 1))
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := url.PathUnescape(u.Opaque)
	if u.Scheme != "dclogin" || addr != "o'neil&sons+tag@example.net" {
		t.Errorf("the address is %q in %s", addr, link)
	}
	want := url.Values{
		"v": {"1"}, "p": {""},
		"ih": {"imap.example.net"}, "ip": {"993"}, "iu": {addr}, "is": {"ssl"},
		"sh": {"smtp.example.net"}, "sp": {"465"}, "su": {addr}, "ss": {"ssl"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Error(diff)
	}
}

func TestThunderbirdQR(t *testing.T) {
	var got []any
	if err := json.Unmarshal(mustWrite(t, "thunderbird-qr", "kari@example.net"), &got); err != nil {
		t.Fatal(err)
	}
	want := []any{
		1.0,
		[]any{1.0, 1.0},
		[]any{0.0, "imap.example.net", 993.0, 3.0, 1.0, "kari@example.net"},
		[]any{[]any{
			[]any{0.0, "smtp.example.net", 465.0, 3.0, 1.0, "kari@example.net"},
			[]any{"kari@example.net", ""},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzWrite: any login and command is written or refused, on a fixed number of lines.
func FuzzWrite(f *testing.F) {
	for _, addr := range hostileAddresses() {
		f.Add(addr, "pass show x")
	}
	f.Add("kari", "a'b\"c`d\\e%f$(g)#h;i")
	lines := map[string]int{}
	for _, format := range Formats() {
		got, err := Write(format.Name, account(f, "kari@example.net"), Options{})
		if err != nil {
			f.Fatal(err)
		}
		lines[format.Name] = strings.Count(string(got), "\n")
	}
	f.Fuzz(func(t *testing.T, login, command string) {
		for _, format := range Formats() {
			got, err := Write(format.Name, account(t, "kari@example.net").WithLogin(login), Options{PasswordCommand: command})
			if err != nil {
				if !errors.Is(err, ErrNotExpressible) {
					t.Errorf("%s: %v", format.Name, err)
				}
				continue
			}
			if n := strings.Count(string(got), "\n"); n != lines[format.Name] {
				t.Errorf("%s: %d lines, want %d:\n%s", format.Name, n, lines[format.Name], got)
			}
		}
	})
}
