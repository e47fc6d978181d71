package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/internal/mail/dnstest"
)

// TestDNSOfTwoProviders: with two descriptions, a customer's domain is compared
// with that of the provider that its MX leads to.
func TestDNSOfTwoProviders(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":               "name: X\nurl: https://help.example.com\ndefault_provider: example.com\n",
		"providers/example.yaml":  "provider: example.com\nname: First\ndomains: [example.com]\nhosted: {mx: [mx.example.com]}\nservices:\n  - {use: imap, host: imap.example.com}\n  - {use: submit, host: smtp.example.com}\n",
		"providers/second.yaml":   "provider: example.net\nname: Second\ndomains: [example.net]\nhosted: {mx: [mx.example.net]}\nservices:\n  - {use: imap, host: imap.example.net}\n  - {use: submit, host: smtp.example.net}\n",
		"help/set-up/start/en.md": "---\nid: 1\ntitle: Start\n---\nText.\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := dnstest.Serve(t, "customer.example. 60 IN MX 10 mx.example.net.\n")
	var out, errs bytes.Buffer
	status := run(t.Context(), []string{"dns", "customer.example", "--check", "--content", dir, "--resolver", server.Addr}, nil, &out, &errs)
	if text := out.String(); status != 1 || !strings.Contains(text, "ok       customer.example MX") || !strings.Contains(text, "imap.example.net") || strings.Contains(text, "imap.example.com") {
		t.Errorf("status %d\n%s%s", status, out.String(), errs.String())
	}
}
