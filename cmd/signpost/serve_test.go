package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestServeEndsBesideSlowClients stops a server to which a request is still
// being sent: it waits for a while, says what it cut off, and ends well.
func TestServeEndsBesideSlowClients(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var log syncBuffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "data")}, strings.NewReader(""), io.Discard, &log)
	}()
	listening := regexp.MustCompile(`url=http://(127\.0\.0\.1:\d+)/`)
	for end := time.Now().Add(30 * time.Second); !listening.MatchString(log.String()); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(log.String())
		}
	}
	c, err := net.Dial("tcp", listening.FindStringSubmatch(log.String())[1])
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /setup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nadd")
	time.Sleep(200 * time.Millisecond) // until the server reads the request
	cancel()
	select {
	case code := <-done:
		if code != 0 || !strings.Contains(log.String(), "requests that took too long were cut off") {
			t.Errorf("exit status %d\n%s", code, log.String())
		}
	case <-time.After(30 * time.Second):
		t.Error("the server does not end")
	}
}
