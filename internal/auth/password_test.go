package auth

import (
	"strings"
	"testing"
)

func TestHash(t *testing.T) {
	h := newHasher(2)
	first, err := h.hash(t.Context(), "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.hash(t.Context(), "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	if first == second || !strings.HasPrefix(first, strings.Join(strings.Split(nobody, "$")[:4], "$")) {
		t.Errorf("%s, %s", first, second)
	}
	for _, c := range []struct {
		password, hash string
		want           bool
	}{
		{"four words are enough", first, true},
		{"four words are enougH", first, false},
		{"", nobody, false},
		// Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
		{"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", true},
		{"x", "", false},
		{"x", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", false},
		{"x", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", false},
	} {
		if got, err := h.verify(t.Context(), c.password, c.hash); got != c.want || err != nil {
			t.Errorf("%q with %.40s: %v, %v", c.password, c.hash, got, err)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(nobody)
	f.Add("$argon2id$v=19$m=1,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		if m, passes, lanes, salt, sum, ok := parseHash(s); ok && (m > 128*1024 || passes > 10 || lanes > 8 || len(salt) > 64 || len(sum) > 64) {
			t.Errorf("%q is taken", s)
		}
	})
}
