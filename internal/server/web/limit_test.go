package web

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"signpost/internal/limit"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// network returns an address in the /64 number n of 2001:db8:1::/48.
func network(n int) netip.Addr {
	a := [16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 1}
	binary.BigEndian.PutUint16(a[6:], uint16(n))
	a[15] = 1
	return netip.AddrFrom16(a)
}

func testLimiter(perMinute, atOnce int) limiter {
	return newLimiters(map[Kind]limit.Budget{Results: {PerMinute: perMinute, AtOnce: atOnce}}, newMetrics(""))[Results]
}

func TestLimiterOfIPv6(t *testing.T) {
	l := testLimiter(60, 5)
	let := func(ip netip.Addr, times int) (n int) {
		for range times {
			if l.take(ip, noon) == 0 {
				n++
			}
		}
		return n
	}
	if n := let(network(1), 1000); n != 5 {
		t.Errorf("a /64 did %d things at once, want 5", n)
	}
	if n := let(network(2), 5); n != 5 {
		t.Errorf("what one customer was refused cost his neighbour in the /48 all but %d", n)
	}
	all := 0
	for i := range 100 {
		all += let(network(10+i), 5)
	}
	if want := 5*wideShare - 10; all != want {
		t.Errorf("a hundred /64 of one /48 did %d things at once, want %d", all, want)
	}
}

func TestLimiterWait(t *testing.T) {
	l := testLimiter(60, 1)
	ip := netip.MustParseAddr("192.0.2.1")
	l.take(ip, noon)
	if wait := l.take(ip, noon.Add(200*time.Millisecond)); wait != 800*time.Millisecond {
		t.Errorf("wait %v", wait)
	}
	if wait := l.take(ip, noon.Add(time.Second)); wait != 0 {
		t.Errorf("after the wait it is refused again: %v", wait)
	}
	for range 3 {
		if wait := l.take(netip.Addr{}, noon); wait != 0 {
			t.Errorf("a connection without an address is limited: %v", wait)
		}
	}
}
