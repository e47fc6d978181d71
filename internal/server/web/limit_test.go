package web

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// network returns an address in the /64 number n of 2001:db8:1::/48.
func network(n int) netip.Addr {
	a := [16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 1}
	binary.BigEndian.PutUint16(a[6:], uint16(n))
	a[15] = 1
	return netip.AddrFrom16(a)
}

func TestLimiterOfIPv6(t *testing.T) {
	l := NewLimiter(60, 5)
	let := func(ip netip.Addr, times int) (n int) {
		for range times {
			if ok, _ := l.Allow(ip, noon); ok {
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
	l := NewLimiter(60, 1)
	ip := netip.MustParseAddr("192.0.2.1")
	l.Allow(ip, noon)
	if ok, wait := l.Allow(ip, noon.Add(200*time.Millisecond)); ok || wait != 800*time.Millisecond {
		t.Errorf("%v, wait %v", ok, wait)
	}
	if ok, _ := l.Allow(ip, noon.Add(time.Second)); !ok {
		t.Error("after the wait it is refused again")
	}
	if ok, _ := l.Allow(netip.Addr{}, noon); !ok {
		t.Error("a connection without an address is limited")
	}
}

func TestLimiterForgets(t *testing.T) {
	l := NewLimiter(60, 1)
	l.max = 100
	for i := range 1000 {
		l.Allow(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), noon.Add(time.Duration(i)*time.Millisecond))
		if len(l.buckets) > l.max {
			t.Fatalf("%d clients are remembered", len(l.buckets))
		}
	}
	for i := range 1000 { // all at one instant
		l.Allow(netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}), noon.Add(time.Hour))
		if len(l.buckets) > l.max {
			t.Fatalf("%d clients of one instant are remembered", len(l.buckets))
		}
	}
}
