package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Balancers ask by address, by another name, without one, and in HTTP/1.0.
func TestHealthOnAnyHost(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for _, path := range []string{"/healthz", "/readyz"} {
		for _, head := range []string{
			"GET %s HTTP/1.1\r\nHost: 192.0.2.7:8080\r\nConnection: close\r\n\r\n",
			"GET %s HTTP/1.1\r\nHost: anything.test\r\nConnection: close\r\n\r\n",
			"GET %s HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
			"GET %s HTTP/1.0\r\n\r\n",
			"HEAD %s HTTP/1.0\r\nHost: anything.test\r\n\r\n",
		} {
			c, err := net.Dial("tcp", strings.TrimPrefix(d.http.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(c, head, path)
			method, _, _ := strings.Cut(head, " ")
			resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q: %d", fmt.Sprintf(head, path), resp.StatusCode)
			}
			c.Close()
		}
	}
	for _, path := range []string{"/", "/healthz/x", "/status", "/healthzz"} {
		if got := d.get(path, "Host", "anything.test"); got.status != http.StatusMisdirectedRequest {
			t.Errorf("%s on another host: %d", path, got.status)
		}
	}
}

// While it drains, a server answers everything and asks for nothing new.
func TestDrain(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	d.srv.Drain()
	for path, want := range map[string]int{"/readyz": 503, "/healthz": 200, "/help/spam": 200} {
		if got := d.get(path); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
}

// A request over a Unix socket has no address; the proxy's word counts only
// when it was said that it does.
func TestProxyOverUnixSocket(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	r := httptest.NewRequest(http.MethodGet, "/help/spam", nil)
	r.Host, r.RemoteAddr = "help.example.com", "@"
	r.Header.Set("X-Forwarded-For", "192.0.2.9")
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(d.log.String(), "X-Forwarded-For came from a proxy that is not trusted") {
		t.Errorf("%d\n%s", w.Code, d.log.String())
	}
}
