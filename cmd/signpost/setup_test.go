package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestSetupFlags: a flag that would change nothing is refused, not ignored.
func TestSetupFlags(t *testing.T) {
	for args, want := range map[string]string{
		"setup kari@example.com --for msmtp --json":                           "--json is for the settings",
		"setup kari@example.com --for msmtp --dav":                            "--dav is for --for mobileconfig",
		"setup kari@example.com --for autoconfig --password-command whatever": "never holds a password command",
		"setup kari@example.com --for msmpt":                                  "did you mean \"msmtp\"?",
	} {
		var out, errs bytes.Buffer
		status := run(t.Context(), strings.Fields(args), nil, &out, &errs)
		if status != 2 || out.Len() != 0 || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: status %d\n%s%s", args, status, out.String(), errs.String())
		}
	}
}
