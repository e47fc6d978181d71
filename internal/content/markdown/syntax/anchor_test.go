package syntax

import (
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	tests := map[string]string{
		"Überprüfen Sie: Größe & Ære": "ueberpruefen-sie-groesse-aere", "Så går det på Øya": "saa-gaar-det-paa-oeya", "Café déjà vu": "cafe-deja-vu",
		"Don’t panic": "dont-panic", "Почта": "почта", "!!!": "section", "": "section", "Port 993": "port-993", "a_b": "a-b", "{{imap.host}}": "imap-host",
		strings.Repeat("long ", 40): strings.TrimSuffix(strings.Repeat("long-", 12), "-"),
	}
	for heading, want := range tests {
		if got := Slug(heading); got != want {
			t.Errorf("Slug(%q) = %q, want %q", heading, got, want)
		}
	}
}
