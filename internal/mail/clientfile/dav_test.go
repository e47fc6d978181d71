//go:build linux

package clientfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/address"
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
	writeFile(t, in("dav.conf"), 0o600, "[server]\nhosts = 127.0.0.1:443\nssl = True\ncertificate = "+in("dav.pem")+"\nkey = "+in("dav.key")+
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

// TestRealVdirsyncerReads lets vdirsyncer print what it read of hostile values.
func TestRealVdirsyncerReads(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	for _, addr := range hostile {
		a, err := address.Parse(addr)
		if err != nil {
			t.Fatal(err)
		}
		content, err := Write("vdirsyncer", example().Account(a, ""), Options{})
		if err != nil {
			t.Fatal(err)
		}
		d := w.newDesk(t, addr, "x")
		d.write(".config/vdirsyncer/config", 0o600, string(content))
		out, err := d.run("", "vdirsyncer", "showconfig")
		if err != nil || !strings.Contains(out, jsonText(a.String())) {
			t.Errorf("%s: %v\n%s", addr, err, out)
		}
	}
}

// jsonText is a string as Python prints it in JSON.
func jsonText(s string) string {
	var b strings.Builder
	for _, r := range jsonValue(s) {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(python(string(r)), `"`))
		}
	}
	return b.String()
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
