package pacc

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/foreign"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

const docs = "https://help.example.com/help/set-up-mail?a=1&b=<2>"

func encode(t testing.TB, p *provider.Provider, o Options) []byte {
	t.Helper()
	b, err := Encode(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	sample, odd := providertest.Sample(t), providertest.Odd(t)
	foreign.Golden(t, *update, "sample.json", encode(t, sample, Options{Docs: docs}))
	foreign.Golden(t, *update, "sample-draft02.json", encode(t, sample, Options{Draft: Draft02}))
	foreign.Golden(t, *update, "odd.json", encode(t, odd, Options{}))
	foreign.Golden(t, *update, "sample.txt", []byte(TXT(encode(t, sample, Options{Docs: docs}))))
}

// TestBytes: the same description gives the same bytes, and what they say
// survives our decoder.
func TestBytes(t *testing.T) {
	for _, load := range []func(testing.TB) *provider.Provider{providertest.Sample, providertest.Odd} {
		first := encode(t, load(t), Options{Docs: docs})
		for range 20 {
			if again := encode(t, load(t), Options{Docs: docs}); !bytes.Equal(first, again) {
				t.Fatalf("the bytes changed:\n%s\n%s", first, again)
			}
		}
		want, err := New(load(t), Options{Docs: docs})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(first)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
}

func TestDigest(t *testing.T) {
	body := encode(t, providertest.Sample(t), Options{})
	old := []byte("{}")
	if !Matches(body, []string{"v=spf1 -all", TXT(old), TXT(body)}) {
		t.Error("the digest does not match while old and new are published")
	}
	if Matches(append(body, '\n'), []string{TXT(body)}) {
		t.Error("a changed byte still matches")
	}
	for _, bad := range []string{"", "v=UAAC1", "v=UAAC1; a=sha256; d=AAAA", "v=UAAC2; a=sha256; d=" + strings.Repeat("A", 43) + "=", "v=UAAC1; a=md5; d=" + strings.Repeat("A", 43) + "="} {
		if _, err := ParseTXT(bad); !errors.Is(err, ErrNotUAAC) {
			t.Errorf("ParseTXT(%q): %v", bad, err)
		}
	}
}

func TestLeftOut(t *testing.T) {
	c, err := New(providertest.Odd(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Protocols.CardDAV != nil {
		t.Error("an https address with a port")
	}
	if got, want := c.Protocols.CalDAV.URL, "https://dav.odd.example/.well-known/caldav"; got != want {
		t.Errorf("caldav %q, want %q", got, want)
	}
	if c.Auth.OAuth == nil || !c.Auth.Password {
		t.Errorf("authentication %+v", c.Auth)
	}
	p := providertest.Load(t, "provider: x.example\nname: X\ndomains: [x.example]\nservices: [{use: imap, host: imap.x.example, security: starttls}]")
	if _, err := Encode(p, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("STARTTLS only: %v", err)
	}
}

func TestForeignReader(t *testing.T) {
	python := foreign.Look(t, "python3")
	body := encode(t, providertest.Odd(t), Options{Docs: docs})
	const script = `import base64,hashlib,json,sys
b=sys.stdin.buffer.read(); j=json.loads(b)
print(j["info"]["provider"]["name"]); print(j["info"]["help"]["documentation"]); print(j["protocols"]["submit"]["host"])
print("v=UAAC1; a=sha256; d="+base64.b64encode(hashlib.sha256(b).digest()).decode())`
	got := string(foreign.Run(t, body, python, "-X", "utf8", "-c", script))
	want := "Odd <Mail> & \"Söner\"\n" + docs + "\nsmtp.odd.example\n" + TXT(body) + "\n"
	if got != want {
		t.Errorf("Python reads\n%s\nwant\n%s", got, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, src := range map[string]string{
		"empty": "", "list": "[]", "nothing": "{}", "null": "null", "two": `{"protocols":{"imap":{"host":"x"}}} {}`,
		"type": `{"protocols":{"imap":"x"}}`, "large": strings.Repeat(" ", MaxSize+1), "deep": strings.Repeat("[", 30000),
	} {
		if _, err := Decode([]byte(src)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, providertest.Sample(f), Options{Docs: docs}))
	f.Fuzz(func(t *testing.T, src []byte) {
		if c, err := Decode(src); err == nil && c == nil {
			t.Fatal("nothing")
		}
	})
}

func FuzzParseTXT(f *testing.F) {
	f.Add(TXT(nil))
	f.Fuzz(func(t *testing.T, s string) {
		if sum, err := ParseTXT(s); err == nil && len(sum) != 32 {
			t.Fatal("a digest of the wrong length")
		}
	})
}
