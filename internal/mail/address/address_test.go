package address

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct{ in, want, unicode string }{
		{"alice@example.com", "alice@example.com", ""},
		{"  Alice@Example.COM \n", "Alice@example.com", ""},
		{"\uFEFFalice@example.com\u200B\u00A0", "alice@example.com", ""},
		{"Alice Smith <alice@example.com>", "alice@example.com", ""},
		{`"Smith, <Alice>" <alice@example.com>`, "alice@example.com", ""},
		{`Alice <"a<b"@example.com>`, `"a<b"@example.com`, ""},
		{"<alice@example.com>", "alice@example.com", ""},
		{"mailto:alice@example.com?subject=Hi%20there", "alice@example.com", ""},
		{"MAILTO:o%27neil%26sons@example.com", "o'neil&sons@example.com", ""},
		{"Alice <mailto:alice@example.com>", "alice@example.com", ""},
		{"alice@example.com.", "alice@example.com", ""},
		{"alice@example.com,", "alice@example.com", ""},
		{"o'neil&sons+tag@example.com", "o'neil&sons+tag@example.com", ""},
		{`"a b"@example.com`, `"a b"@example.com`, ""},
		{`"a\"b\\c"@example.com`, `"a\"b\\c"@example.com`, ""},
		{`"\a\l"@example.com`, `al@example.com`, ""},
		{`"<x>"@example.com`, `"<x>"@example.com`, ""},
		{`"a@b"@example.com`, `"a@b"@example.com`, ""},
		{`"$(touch x)"@example.com`, `"$(touch x)"@example.com`, ""},
		{"%EMAILDOMAIN%@example.com", "%EMAILDOMAIN%@example.com", ""},
		{"{address}@example.com", "{address}@example.com", ""},
		{"a#b%c@example.com", "a#b%c@example.com", ""},
		{strings.Repeat("x", 64) + "@example.com", strings.Repeat("x", 64) + "@example.com", ""},
		{"användare@example.com", "användare@example.com", ""},
		{"anva\u0308ndare@example.com", "användare@example.com", ""},
		{"alice@bücher.example", "alice@xn--bcher-kva.example", "alice@bücher.example"},
		{"alice@BÜCHER.example", "alice@xn--bcher-kva.example", "alice@bücher.example"},
		{"alice@XN--BCHER-KVA.example", "alice@xn--bcher-kva.example", "alice@bücher.example"},
		{"alice@faß.example", "alice@xn--fa-hia.example", "alice@faß.example"},
		{"用户@例え。テスト", "用户@xn--r8jz45g.xn--zckzah", "用户@例え.テスト"},
		{"alice＠example.com", "alice@example.com", ""},
		{"alice@ｅｘａｍｐｌｅ.com", "alice@example.com", ""},
	}
	for _, tt := range tests {
		a, err := Parse(tt.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.in, err)
			continue
		}
		if a.String() != tt.want {
			t.Errorf("Parse(%q) = %q, want %q", tt.in, a, tt.want)
		}
		if tt.unicode == "" {
			tt.unicode = tt.want
		}
		if a.Unicode() != tt.unicode {
			t.Errorf("Parse(%q).Unicode() = %q, want %q", tt.in, a.Unicode(), tt.unicode)
		}
		if again, err := Parse(a.String()); err != nil || again != a {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", a, again, err, a)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		in   string
		want error
	}{
		{"", ErrEmpty},
		{" \t\n", ErrEmpty},
		{"alice", ErrNoAt},
		{`"alice"`, ErrNoAt},
		{"@example.com", ErrNoLocal},
		{`""@example.com`, ErrNoLocal},
		{"alice@", ErrNoDomain},
		{"alice@.", ErrNoDomain},
		{"alice@example.com, bob@example.com", ErrSeveral},
		{"alice@example.com bob", ErrSeveral},
		{"a b@example.com", ErrLocal},
		{"<x>@example.com", ErrLocal},
		{`a\@example.com`, ErrLocal},
		{"$(id)@example.com", ErrLocal},
		{"a..b@example.com", ErrLocal},
		{".a@example.com", ErrLocal},
		{"a.@example.com", ErrLocal},
		{`"a"b@example.com`, ErrLocal},
		{`"a@example.com`, ErrLocal},
		{"alice\r\nBcc: x@example.com", ErrControl},
		{"ali\x00ce@example.com", ErrControl},
		{"\"a\nb\"@example.com", ErrControl},
		{"ali\u202Ece@example.com", ErrControl},
		{"ali\u200Bce@example.com", ErrControl},
		{"ali\u2028ce@example.com", ErrControl},
		{"ali\uE000ce@example.com", ErrControl},
		{"ali\xffce@example.com", ErrControl},
		{"alice@exam\u202Eple.com", ErrControl},
		{"alice@example", ErrOneLabel},
		{"alice@exa_mple.com", ErrDomain},
		{"alice@-example.com", ErrDomain},
		{"alice@example..com", ErrDomain},
		{"alice@example.com/x", ErrDomain},
		{"alice@xn--a.example", ErrDomain},
		{"alice@example.123", ErrDomain},
		{"alice@" + strings.Repeat("x", 64) + ".com", ErrDomain},
		{"alice@192.0.2.1", ErrIPAddress},
		{"alice@[192.0.2.1]", ErrIPAddress},
		{"alice@[IPv6:2001:db8::1]", ErrIPAddress},
		{strings.Repeat("x", 65) + "@example.com", ErrTooLong},
		{strings.Repeat("ä", 33) + "@example.com", ErrTooLong},
		{"a@" + strings.Repeat("x.", 126) + "com", ErrDomain},
		{strings.Repeat("x", 64) + "@" + strings.Repeat("y.", 95) + "com", ErrTooLong},
		{strings.Repeat("x", 4000), ErrTooLong},
	}
	for _, tt := range tests {
		a, err := Parse(tt.in)
		if !errors.Is(err, tt.want) {
			t.Errorf("Parse(%q) = %v, %v, want %v", tt.in, a, err, tt.want)
		}
		var e *Error
		if !errors.As(err, &e) || e.Key == "" || e.Hint == "" {
			t.Errorf("Parse(%q): the error %v has no key or hint", tt.in, err)
		}
	}
}

func TestParseDomain(t *testing.T) {
	for in, want := range map[string]string{
		" Example.COM. ": "example.com", "@example.com": "example.com", "bücher.example": "xn--bcher-kva.example",
		"a--b.example": "a--b.example",
	} {
		if got, err := ParseDomain(in); err != nil || got != want {
			t.Errorf("ParseDomain(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if got, err := ParseHost("LOCALHOST"); err != nil || got != "localhost" {
		t.Errorf("ParseHost = %q, %v", got, err)
	}
}

func TestParseLogin(t *testing.T) {
	if got, err := ParseLogin(" example\\alice "); err != nil || got != `example\alice` {
		t.Errorf("ParseLogin = %q, %v", got, err)
	}
	for in, want := range map[string]error{"": ErrEmpty, "a\nb": ErrControl, strings.Repeat("x", 255): ErrTooLong} {
		if _, err := ParseLogin(in); !errors.Is(err, want) {
			t.Errorf("ParseLogin(%.10q): %v, want %v", in, err, want)
		}
	}
}

func TestParseName(t *testing.T) {
	for in, want := range map[string]string{
		" Kari  Nordmann ": "Kari  Nordmann", `Ola "Ole" O'Neil`: `Ola "Ole" O'Neil`, "林 🎣": "林 🎣", "": "", strings.Repeat("ø", 64): strings.Repeat("ø", 64),
	} {
		if got, err := ParseName(in); err != nil || got != want {
			t.Errorf("ParseName(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"a\nb", "a\u202eb", strings.Repeat("x", 65), "\xff"} {
		if _, err := ParseName(in); !errors.Is(err, ErrName) {
			t.Errorf("ParseName(%q): %v", in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"alice@example.com", `"a b"@bücher.example`, "N <mailto:a%40b@c.de?x=y>", "用户@例え。テスト", "a@xn--zckzah.xn--a",
		"\"\\\"\"@x.y", "<<a@b.c>", "alice@example.com bob", "\u00ad@a.b", "a@b\u200c.c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("Parse(%q): %v is no *Error", s, err)
			}
			return
		}
		if again, err := Parse(a.String()); err != nil || again != a {
			t.Fatalf("Parse(%q) = %+v; its text %q gives %+v, %v", s, a, a, again, err)
		}
		if again, err := Parse(a.Unicode()); err != nil || again != a {
			t.Fatalf("Parse(%q) = %+v; its display %q gives %+v, %v", s, a, a.Unicode(), again, err)
		}
		if strings.ContainsAny(a.String(), "\r\n\x00\u202e") || len(a.String()) > MaxAddress {
			t.Fatalf("Parse(%q) let through %q", s, a)
		}
	})
}
