//go:build linux

package clientfile

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/dovecottest"
	"signpost/internal/mail/provider"
)

const event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" +
	"DTSTART:20260102T100000Z\r\nSUMMARY:dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// TestRealVdirsyncer carries an event from a folder to a CalDAV server.
func TestRealVdirsyncer(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	radicale := dovecottest.RequireProgram(t, "radicale")
	w := realWorld(t)
	certificate, key := w.server.CA.Issue(t, dovecottest.Valid, "dav.post.test")
	in := func(name string) string { return filepath.Join(w.dir, name) }
	writeFile(t, in("dav.pem"), 0o600, string(certificate))
	writeFile(t, in("dav.key"), 0o600, string(key))
	writeFile(t, in("dav.users"), 0o600, easyAddress+":"+hardPassword+"\n")
	writeFile(t, in("dav.conf"), 0o600, "[server]\nhosts = "+dovecottest.Address+":443\nssl = True\ncertificate = "+in("dav.pem")+"\nkey = "+in("dav.key")+
		"\n[auth]\ntype = htpasswd\nhtpasswd_filename = "+in("dav.users")+"\nhtpasswd_encryption = plain\n[storage]\nfilesystem_folder = "+in("dav")+"\n")
	cmd := exec.CommandContext(t.Context(), radicale, "--config", in("dav.conf"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() })

	pr := postTest(provider.TLS)
	pr.Services = append(pr.Services, provider.Service{
		Use: provider.CalDAV, URL: "https://dav.post.test/{address}/", Security: provider.TLS, Auth: []provider.Auth{provider.Password}, Login: "{address}",
	})
	for _, password := range []string{"not it", hardPassword} {
		d, err := w.sit(t, mailProgram{format: "vdirsyncer"}, pr, easyAddress, password, Options{})
		if err != nil {
			t.Fatal(err)
		}
		d.write("Calendars/"+easyAddress+"/private/1.ics", 0o600, event)
		var out string
		for range 20 { // until the server is up
			out, _ = d.run(strings.Repeat("y\n", 8), "vdirsyncer", "discover")
			if !strings.Contains(out, "Cannot connect") {
				break
			}
			time.Sleep(200 * time.Millisecond)
		}
		sync, err := d.run("", "vdirsyncer", "sync")
		stored := holds(in("dav"), "dentist")
		if right := password == hardPassword; stored != right || (err == nil) != right {
			t.Errorf("with the password %q: stored %v, %v\n%s\n%s", password, stored, err, out, sync)
		}
	}
}

// TestRealVdirsyncerReads lets vdirsyncer print what it read of hostile values,
// all accounts in one file.
func TestRealVdirsyncerReads(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	var file strings.Builder
	for i, addr := range hostileAddresses() {
		content := string(mustWrite(t, "vdirsyncer", addr))
		if i > 0 {
			_, content, _ = strings.Cut(content, "\n[pair")
			content = "\n[pair" + content
		}
		file.WriteString(content)
	}
	d := w.newDesk(t, easyAddress, "x")
	d.write(".config/vdirsyncer/config", 0o600, file.String())
	out, err := d.run("", "vdirsyncer", "showconfig")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var config struct {
		Storages []struct{ Username string }
	}
	if err := json.Unmarshal([]byte(out), &config); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, addr := range hostileAddresses() {
		if !slices.ContainsFunc(config.Storages, func(s struct{ Username string }) bool { return s.Username == addr }) {
			t.Errorf("%s was not read", addr)
		}
	}
}

// holds reports whether a file below a folder holds the text.
func holds(folder, text string) bool {
	found := false
	filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			content, _ := os.ReadFile(path)
			found = found || strings.Contains(string(content), text)
		}
		return nil
	})
	return found
}
