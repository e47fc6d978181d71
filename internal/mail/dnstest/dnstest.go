// Package dnstest gives tests a real DNS server on the loopback interface.
package dnstest

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/miekg/dns"

	"signpost/internal/mail/dnsclient"
)

// A Server answers from a zone text.
type Server struct {
	Resolver *dnsclient.Client // asks this server only
	Addr     string            // host:port, UDP
	Queries  atomic.Int64      // questions answered
	Silent   atomic.Bool       // answers nothing, as a broken network
	records  []dns.RR
}

// Serve starts a server with the records of a zone text (full names; $ORIGIN
// and the like work). It ends with the test.
func Serve(t testing.TB, zone string) *Server {
	t.Helper()
	s := &Server{}
	zp := dns.NewZoneParser(strings.NewReader(zone), ".", "")
	for rr, ok := zp.Next(); ok; rr, ok = zp.Next() {
		s.records = append(s.records, rr)
	}
	if err := zp.Err(); err != nil {
		t.Fatal(err)
	}
	packets, streams := listen(t)
	s.Addr = packets.LocalAddr().String()
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: s}, {Listener: streams, Handler: s}} {
		done := make(chan error, 1)
		go func() { done <- server.ActivateAndServe() }()
		t.Cleanup(func() {
			packets.Close()
			streams.Close()
			<-done
		})
	}
	s.Resolver = dnsclient.New(s.Addr)
	return s
}

// listen opens one port for UDP and TCP.
func listen(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		streams, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		packets, err := net.ListenPacket("udp", streams.Addr().String())
		if err == nil {
			return packets, streams
		}
		streams.Close() // another program has the port for UDP
	}
	t.Fatal("no port is free for both UDP and TCP")
	return nil, nil
}

// ServeDNS answers one question, following CNAME records.
func (s *Server) ServeDNS(w dns.ResponseWriter, req *dns.Msg) {
	s.Queries.Add(1)
	if s.Silent.Load() {
		return
	}
	m := new(dns.Msg)
	m.SetReply(req)
	m.RecursionAvailable = true // else an empty answer looks like a broken server
	exists := false
	name := req.Question[0].Name
	for range 5 {
		next := ""
		for _, rr := range s.records {
			h := rr.Header()
			if !strings.EqualFold(h.Name, name) {
				continue
			}
			exists = true
			if c, ok := rr.(*dns.CNAME); ok {
				next = c.Target
				m.Answer = append(m.Answer, rr)
			} else if h.Rrtype == req.Question[0].Qtype {
				m.Answer = append(m.Answer, rr)
			}
		}
		if next == "" {
			break
		}
		name = next
	}
	if !exists {
		m.Rcode = dns.RcodeNameError
	}
	if _, tcp := w.LocalAddr().(*net.TCPAddr); !tcp {
		size := dns.MinMsgSize
		if o := req.IsEdns0(); o != nil {
			size = int(o.UDPSize())
		}
		m.Truncate(size)
	}
	_ = w.WriteMsg(m) // the client gives up by itself
}
