package token_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/token"
)

var now = time.Date(2014, 10, 6, 12, 0, 0, 0, time.UTC)

func TestReply(t *testing.T) {
	ring := token.New()
	for _, p := range []token.Reply{
		{Article: 1, Nonce: 1},
		{Article: 1042, Lang: "de", Platform: "ios", Nonce: token.NewNonce()},
		{Article: 1<<31 - 1, Lang: "zh-Hant-TW", Platform: "web", Nonce: 1<<63 - 1},
	} {
		link, err := ring.Reply(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ring.ReadReply(link)
		if err != nil || got != p {
			t.Errorf("%+v came back as %+v, %v", p, got, err)
		}
		if len(link) > 48 {
			t.Errorf("%d characters are too long for a mail: %s", len(link), link)
		}
		if _, err := token.New().ReadReply(link); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("another ring reads it: %v", err)
		}
	}
	for _, p := range []token.Reply{
		{Article: 0, Nonce: 1},
		{Article: 1},
		{Article: 1, Nonce: 1 << 63},
		{Article: 1, Nonce: 1, Platform: "amiga"},
		{Article: 1, Nonce: 1, Lang: "../x"},
		{Article: 1, Nonce: 1, Lang: "averylongtag"},
	} {
		if link, err := ring.Reply(p); err == nil {
			t.Errorf("%+v became %s", p, link)
		}
	}
}

// TestTampering changes every bit of every kind of token.
func TestTampering(t *testing.T) {
	ring := token.New()
	reply, err := ring.Reply(token.Reply{Article: 7, Lang: "nb", Nonce: 99})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		token string
		read  func(string) error
	}{
		"reply":  {reply, func(s string) error { _, err := ring.ReadReply(s); return err }},
		"signed": {ring.Sign("a", []byte("data"), now), func(s string) error { _, err := ring.Verify("a", s, now); return err }},
		"sealed": {ring.Seal("a", []byte("data"), now), func(s string) error { _, err := ring.Unseal("a", s, now); return err }},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.read(c.token); err != nil {
				t.Fatal(err)
			}
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
			for i := range c.token {
				for _, r := range alphabet {
					if byte(r) == c.token[i] {
						continue
					}
					if err := c.read(c.token[:i] + string(r) + c.token[i+1:]); !errors.Is(err, token.ErrInvalid) {
						t.Fatalf("position %d as %c: %v", i, r, err)
					}
				}
				if err := c.read(c.token[:i]); !errors.Is(err, token.ErrInvalid) {
					t.Fatalf("cut at %d: %v", i, err)
				}
			}
			for _, s := range []string{c.token + "A", c.token + "\n", " " + c.token, strings.Repeat("A", token.MaxToken+1)} {
				if err := c.read(s); !errors.Is(err, token.ErrInvalid) {
					t.Errorf("%.20q…: %v", s, err)
				}
			}
		})
	}
}

func TestExpiryAndPurpose(t *testing.T) {
	ring := token.New()
	until := now.Add(10 * time.Minute)
	signed, sealed := ring.Sign("opt-in", []byte("jo"), until), ring.Seal("profile", []byte("jo@example.org"), until)
	if strings.Contains(sealed, "am9") {
		t.Errorf("the data can be read: %s", sealed)
	}
	if sealed == ring.Seal("profile", []byte("jo@example.org"), until) {
		t.Error("the same data is sealed the same way twice")
	}
	for _, c := range []struct {
		purpose string
		at      time.Time
		want    error
	}{
		{"", until, nil},
		{"", until.Add(time.Second), token.ErrExpired},
		{"other", until, token.ErrInvalid},
	} {
		got, err := ring.Verify("opt-in"+c.purpose, signed, c.at)
		if !errors.Is(err, c.want) || err == nil && string(got) != "jo" {
			t.Errorf("%+v: signed: %q, %v", c, got, err)
		}
		got, err = ring.Unseal("profile"+c.purpose, sealed, c.at)
		if !errors.Is(err, c.want) || err == nil && string(got) != "jo@example.org" {
			t.Errorf("%+v: sealed: %q, %v", c, got, err)
		}
	}
}

func TestRotation(t *testing.T) {
	old := token.New()
	link, err := old.Reply(token.Reply{Article: 7, Nonce: 99})
	if err != nil {
		t.Fatal(err)
	}
	both, err := token.Parse("2 " + strings.Repeat("QUJD", 11) + "\n" + old.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := both.ReadReply(link); err != nil {
		t.Errorf("the old link died: %v", err)
	}
	if d := cmp.Diff(old.Secret("terms"), both.Secret("terms")); d != "" {
		t.Error("a new key on top changes the secret")
	}
	fresh, _ := both.Reply(token.Reply{Article: 7, Nonce: 99})
	if _, err := old.ReadReply(fresh); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("the new key is not used: %v", err)
	}
	again, err := token.Parse(both.String())
	if err != nil || again.String() != both.String() {
		t.Errorf("the ring does not survive being written: %v", err)
	}
}

func TestParseErrors(t *testing.T) {
	secret := strings.Repeat("QUJD", 11)
	for in, want := range map[string]string{
		"":                                     "holds no key",
		"# only a remark":                      "holds no key",
		secret:                                 "line 1",
		"0 " + secret:                          "from 1 to 255",
		"256 " + secret:                        "from 1 to 255",
		"1 QUJD":                               "at least 32",
		"1 ***":                                "not base64",
		"1 " + secret + "\n\n1 " + secret:      "line 3",
		"1 " + secret + "\r\nx " + secret + "": "line 2",
	} {
		if _, err := token.Parse(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", in, err, want)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	if _, err := token.Open(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
	first := token.New()
	if err := first.Create(path); err != nil {
		t.Fatal(err)
	}
	if err := token.New().Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a ring in the place of another: %v", err)
	}
	second, err := token.Open(path)
	if err != nil || first.String() != second.String() {
		t.Fatalf("the second start has other keys: %v", err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := token.Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that all can read: %v", err)
	}
	if third, err := token.Read(path); err != nil || third.String() != first.String() {
		t.Errorf("a secret whose permissions are its owner's matter: %v", err)
	}
}

// TestFingerprints are of one secret each, whatever its number, and do not change.
func TestFingerprints(t *testing.T) {
	secret := strings.Repeat("QUJD", 11)
	ring, err := token.Parse("2 " + secret + "\n1 " + strings.Repeat("REVG", 11))
	if err != nil {
		t.Fatal(err)
	}
	again, err := token.Parse("1 " + secret)
	if err != nil {
		t.Fatal(err)
	}
	a, b := ring.Fingerprints(), again.Fingerprints()
	if len(a) != 2 || a[2] != b[1] || a[1] == a[2] || len(a[1]) != 32 {
		t.Errorf("%v, %v", a, b)
	}
}

func FuzzTokens(f *testing.F) {
	ring, err := token.Parse("1 " + strings.Repeat("QUJD", 11))
	if err != nil {
		f.Fatal(err)
	}
	link, _ := ring.Reply(token.Reply{Article: 7, Lang: "nb", Nonce: 99})
	f.Add(link)
	f.Add(ring.Sign("a", nil, now))
	f.Add(ring.Seal("a", nil, now))
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ring.ReadReply(s); err == nil {
			if again, err := ring.Reply(p); err != nil || again != s {
				t.Errorf("%q reads as %+v, which is written %q", s, p, again)
			}
		}
		ring.Verify("a", s, now)
		ring.Unseal("a", s, now)
	})
}

func BenchmarkReadReply(b *testing.B) {
	ring := token.New()
	link, err := ring.Reply(token.Reply{Article: 7, Lang: "nb", Nonce: 99})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ring.ReadReply(link); err != nil {
			b.Fatal(err)
		}
	}
}
