package exchange

import "testing"

func TestEncoding(t *testing.T) {
	whole := &answer{body: []byte("text"), br: []byte("b"), gz: []byte("g")}
	for _, tt := range []struct{ field, want string }{
		{"", ""},
		{"identity", ""},
		{"deflate", ""},
		{"gzip", "gzip"},
		{"GZIP", "gzip"},
		{"br", "br"},
		{"gzip, deflate, br, zstd", "br"},
		{"*", "br"},
		{"*;q=0", ""},
		{"br;q=0, *", "gzip"},
		{"gzip;q=0, *", "br"},
		{"br;q=0, gzip;q=0, *;q=1", ""},
		{"br;q=0.1, gzip;q=0.9", "gzip"},
		{"gzip;Q=0", ""},
		{"gzip; q=0", ""},
		{"gzip;q=0.000", ""},
		{"gzip;q=most", ""},
		{"identity;q=1, gzip;q=0.1", ""},
		{"identity;q=0, gzip;q=0.1", "gzip"},
		{"br;x=1;q=0, gzip", "gzip"},
		{", ,br", "br"},
	} {
		if got := whole.encoding([]string{tt.field}); got != tt.want {
			t.Errorf("Accept-Encoding %q: %q, want %q", tt.field, got, tt.want)
		}
	}
	if got := whole.encoding([]string{"gzip", "br"}); got != "br" {
		t.Errorf("of two fields: %q", got)
	}
	if got := (&answer{gz: []byte("g")}).encoding([]string{"br"}); got != "" {
		t.Errorf("who takes br alone gets %q where there is none", got)
	}
}

func TestMatches(t *testing.T) {
	for _, fields := range [][]string{{`"a"`}, {`W/"a"`}, {`"b", "a"`}, {`"b"`, `"a"`}, {"*"}} {
		if !matches(fields, `"a"`) {
			t.Errorf("If-None-Match %q does not match", fields)
		}
	}
	for _, fields := range [][]string{nil, {""}, {`a`}, {`"b"`}, {`"a-br"`}} {
		if matches(fields, `"a"`) {
			t.Errorf("If-None-Match %q matches", fields)
		}
	}
}
