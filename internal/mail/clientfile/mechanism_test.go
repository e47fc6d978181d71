package clientfile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"signpost/internal/mail/dovecottest"
	"signpost/internal/mail/provider"
)

// withoutSCRAM are the programs that do not speak SCRAM.
var withoutSCRAM = []string{"fetchmail", "getmail", "offlineimap", "aerc", "alpine", "s-nail"}

func TestRealCRAMMD5Only(t *testing.T) {
	onlyMechanism(t, "cram-md5", provider.CRAMMD5, "aerc", "alpine")
}

// SCRAM is tried with each of its hashes, since a description does not tell
// them apart.
func TestRealSCRAMSHA256Only(t *testing.T) {
	onlyMechanism(t, "scram-sha-256", provider.SCRAM, withoutSCRAM...)
}

func TestRealSCRAMSHA1Only(t *testing.T) {
	onlyMechanism(t, "scram-sha-1", provider.SCRAM, withoutSCRAM...)
}

// onlyMechanism: every program gets into a server that has one mechanism only,
// or its file is refused.
func onlyMechanism(t *testing.T, mechanism string, auth provider.Auth, refused ...string) {
	if !inNamespace(t) {
		return
	}
	w := newWorld(t, worldHosts, dovecottest.Options{Users: map[string]string{easyAddress: hardPassword}, Mechanisms: []string{mechanism}})
	pr := postTest(provider.TLS)
	for i := range pr.Services {
		pr.Services[i].Auth = []provider.Auth{auth}
	}
	for _, p := range programs {
		t.Run(p.format, func(t *testing.T) {
			d, err := w.sit(t, p, pr, easyAddress, hardPassword, Options{POP3: p.pop3})
			if speaks := !slices.Contains(refused, p.format); !speaks || err != nil {
				if speaks || !errors.Is(err, ErrNotExpressible) {
					t.Errorf("the file: %v; the program speaks it: %v", err, speaks)
				}
				return
			}
			if p.format == "mpop" && mechanism == "scram-sha-1" { // what a comment in the file says
				d.write("~/.mpoprc", 0o600, strings.Replace(readFile(t, d.home+"/.mpoprc"), "\nauth scram-sha-256\n", "\nauth scram-sha-1\n", 1))
			}
			w.fetchAndSend(t, d, p, easyAddress)
		})
	}
}
