package web

import (
	"net/netip"
	"testing"
)

func TestClientAddr(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, tt := range []struct {
		unix      bool
		remote    string
		forwarded []string
		want      string
		ignored   bool
	}{
		{false, "192.0.2.1:4711", nil, "192.0.2.1", false},
		{false, "192.0.2.1:4711", []string{"198.51.100.1"}, "192.0.2.1", true},
		{false, "10.0.0.1:4711", []string{"203.0.113.5, 198.51.100.1, 10.0.0.2"}, "198.51.100.1", false},
		{false, "10.0.0.1:4711", []string{"garbage"}, "10.0.0.1", false},
		{false, "@", []string{"198.51.100.1"}, "invalid IP", true},
		{false, "@", nil, "invalid IP", false},
		{true, "@", []string{"203.0.113.5, 198.51.100.1"}, "198.51.100.1", false},
		{true, "@", nil, "invalid IP", false},
		{true, "192.0.2.1:4711", []string{"198.51.100.1"}, "192.0.2.1", true},
	} {
		got, ignored := proxyList{networks: networks, unix: tt.unix}.clientAddr(tt.remote, tt.forwarded)
		if got.String() != tt.want || ignored != tt.ignored {
			t.Errorf("%+v: %s, ignored %t", tt, got, ignored)
		}
	}
}
