package ticket_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/ticket"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestReadGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.[et][mx][lt]")
	if len(files) < 8 {
		t.Fatalf("only %d test files", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ticket.Read(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(got); err != nil {
				t.Fatal(err)
			}
			golden := file + ".json"
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), b.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestStrip(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"one line", "Hi all, where are my folders? Thanks in advance, Jo", "where are my folders?"},
		{"greeting alone", "Hallo liebes Team,\n\nwo sind meine Ordner?\n\nLG\nJo", "wo sind meine Ordner?"},
		{"no greeting in a sentence", "Hello world page does not open", "Hello world page does not open"},
		{"nothing but thanks is kept", "Thanks", "Thanks"},
		{"signature", "It fails.\n-- \nJo\nexample.org", "It fails."},
		{"dashes inside", "First part of what I want to say.\n-----\n" + strings.Repeat("many words follow here ", 20), "First part of what I want to say.\n-----\n" + strings.TrimSpace(strings.Repeat("many words follow here ", 20))},
		{"attribution", "It fails.\nOn Mon, 6 Oct 2014, Jo wrote:\nold text", "It fails."},
		{"German attribution", "Es geht nicht.\nAm 06.10.2014 um 09:00 schrieb Jo <jo@example.org>:\n> alt", "Es geht nicht."},
		{"Norwegian attribution", "Det virker ikke.\n\nman. 6. okt. 2014 kl. 09:00 skrev Jo <jo@example.org>:\n> gammel", "Det virker ikke."},
		{"divider", "It fails.\n-----Ursprüngliche Nachricht-----\nVon: Jo\nold", "It fails."},
		{"head", "Det virker ikke.\nFra: Jo\nSendt: mandag\nTil: Support\nEmne: Hei\n\ngammelt", "Det virker ikke."},
		{"head first", "From: Jo\nTo: Support\nDate: Monday\nSubject: Hi\n\nWhere are my mails?", "Where are my mails?"},
		{"only a quote", "> Where are my mails?\n> They are gone.", "Where are my mails?\nThey are gone."},
		{"twice quoted", ">> Where are my mails?", "Where are my mails?"},
		{"phone", "It fails.\nVon meinem iPhone gesendet", "It fails."},
		{"address", "see https://example.org/x?y=z and (www.example.com/a) please", "see and please"},
		{"placeholders", "my account <address> has <number> mails", "my account has mails"},
		{"legal", "It fails.\n\nDiese E-Mail enthält vertrauliche Informationen.", "It fails."},
		{"invisible", "It\u200b fails\u00a0here.\x00", "It fails here."},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ticket.FromText("", c.in, "", "")
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.want {
				t.Errorf("got %q, want %q", got.Text, c.want)
			}
		})
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"mail from jo@example.org fails":            "mail from […] fails",
		"jörg.o'neil+x@bücher.example, hi":          "[…], hi",
		"jo@localhost":                              "[…]",
		"jo%40example.org":                          "[…]",
		"jo (at) example.org":                       "[…]",
		"password: hunter2":                         "password: […]",
		"Mein Passwort lautet Sommer2014!":          "Mein Passwort lautet […]",
		"my password is not accepted":               "my password is not accepted",
		"passord = a b":                             "passord = […] b",
		"I typed Tr0ub4dor&3 twice":                 "I typed […] twice",
		"error 0x800CCC0E and NET::ERR_CERT_x":      "error 0x800CCC0E and NET::ERR_CERT_x",
		"550 5.7.1 on port 993 995 587 465":         "550 5.7.1 on port 993 995 587 465",
		"call +47 22 33 44 55 now":                  "call […] now",
		"from 192.0.2.44 and 2001:db8::1 and ::: x": "from […] and […] and ::: x",
		"card 4111 1111 1111 1111":                  "card […]",
		`"anna b"@example.com is full`:              "[…] is full",
		"write to anna at example dot com please":   "write to […] please",
		"look at example mail dot files":            "look at example mail dot files",
		"mobil 912 34 567 ring meg":                 "mobil […] ring meg",
		"91234567":                                  "[…]",
		"(555) 123-4567":                            "[…]",
		"Tel. 0170 1234567.":                        "Tel. […].",
		"since 2014-10-06 12:30 or 06/10/2014":      "since 2014-10-06 12:30 or 06/10/2014",
		"20141006 outlook 2016 2019 2021":           "20141006 outlook 2016 2019 2021",
		"imap 993 995 143 0x80042108 E12345678":     "imap 993 995 143 0x80042108 E12345678",
		"build 140.0.123456 and 12,345,678":         "build 140.0.123456 and 12,345,678",
		"signpost_0123456789abcdefghijABCDEFGHIJ x": "[…] x",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_": "[…]",
		"AKIAIOSFODNN7EXAMPLE":                      "[…]",
		"version 128.4.2 at 10:30:15":               "version 128.4.2 at 10:30:15",
		"":                                          "",
	} {
		if got := ticket.Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDetection(t *testing.T) {
	type result struct{ Lang, Platform, Client, Codes string }
	for in, want := range map[string]result{
		"I cannot send mail from my iPhone with the mail app": {"en", "ios", "", ""},
		"Ich kann mit Outlook 2016 nichts empfangen":          {"de", "windows", "outlook-classic", ""},
		"jeg får ikke logget inn på nettmail i nettleseren":   {"nb", "web", "", ""},
		"IMAP imap.example.org 993":                           {"", "", "", ""},
		"Apple Mail on the iPhone cannot get mail":            {"en", "ios", "apple-mail", ""},
		"mail.app asks for the password":                      {"en", "macos", "apple-mail", ""},
		"my MacBook runs Ventura, apple mail asks":            {"en", "macos", "apple-mail", ""},
		"K-9 Mail says 535 5.7.8 error":                       {"", "android", "k9-mail", "535 5.7.8"},
		"Fehlercode: 17099 und SSL_ERROR_BAD_CERT_DOMAIN":     {"de", "", "", "17099 SSL_ERROR_BAD_CERT_DOMAIN"},
		"server said 550-5.1.1 no user; MY_FILE is fine":      {"en", "", "", "550 5.1.1"},
		"NSURLErrorDomain Code=-1012 (null)":                  {"", "", "", "NSURLErrorDomain Code=-1012"},
		"neomutt on Debian shows ECONNREFUSED":                {"en", "linux", "neomutt", "ECONNREFUSED"},
		"Thunderbird 128.4.2 is slow":                         {"en", "", "thunderbird", ""},
	} {
		got := result{ticket.Language(in), ticket.Platform(in), ticket.Client(in), strings.Join(ticket.Codes(in), " ")}
		if got != want {
			t.Errorf("%q: got %+v, want %+v", in, got, want)
		}
	}
}

func nested(depth int) string {
	var b strings.Builder
	b.WriteString("Subject: deep\r\nFrom: jo@example.org\r\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\ndeep text\r\n")
	return b.String()
}

func wide(parts int) string {
	return "Subject: wide\r\nFrom: jo@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n", parts) + "--b--\r\n"
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name string
		in   string
		want error
	}{
		{"as deep as allowed", nested(ticket.MaxDepth - 1), nil},
		{"too deep", nested(ticket.MaxDepth), ticket.ErrTooDeep},
		{"far too deep", nested(60), ticket.ErrTooDeep},
		{"as wide as allowed", wide(ticket.MaxParts - 1), nil},
		{"too wide", wide(ticket.MaxParts), ticket.ErrTooManyParts},
		{"as large as allowed", strings.Repeat("word ", ticket.MaxBytes/5), nil},
		{"too large", strings.Repeat("x", ticket.MaxBytes+1), ticket.ErrTooLarge},
		{"empty", " \n\t ", ticket.ErrEmpty},
		{"header only", "Subject:\nFrom: jo@example.org\n\n", ticket.ErrEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := ticket.Read(strings.NewReader(c.in)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.[et][mx][lt]")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(nested(5)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := ticket.Parse(raw)
		if err != nil {
			return
		}
		for _, s := range append(got.Codes, got.Subject, got.Text) {
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("not UTF-8: %q", s)
			}
			if strings.Contains(s, got.Address) && got.Address != "" {
				t.Errorf("the address %q is left in %q", got.Address, s)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("testdata/outlook-reply.eml")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ticket.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
