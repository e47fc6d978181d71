package foreign

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Thunderbird is the real program, running without a window and driven
// through Marionette, its remote control.
type Thunderbird struct {
	conn net.Conn
	in   *bufio.Reader
	id   int
}

// StartThunderbird starts the program with an empty profile and the given
// preferences (JavaScript values, such as "true" or "\"text\""). It skips the
// test as [Look] does, and ends the program with the test. With the preferences
// network.dns.forceResolve and network.socket.forcePort ("80=PORT") it asks a
// server of the test for every domain.
func StartThunderbird(t testing.TB, prefs map[string]string) *Thunderbird {
	t.Helper()
	program := Look(t, "thunderbird")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().(*net.TCPAddr)
	free.Close()
	profile := t.TempDir()
	js := fmt.Sprintf("user_pref(\"marionette.port\", %d);\n", address.Port)
	for name, value := range prefs {
		js += fmt.Sprintf("user_pref(%q, %s);\n", name, value)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(js), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile)
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // the profile is thrown away
		_ = cmd.Wait()
	})
	tb := &Thunderbird{}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		if tb.conn, err = net.Dial("tcp", address.String()); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("Thunderbird does not listen: %v", err)
		}
	}
	t.Cleanup(func() { tb.conn.Close() })
	tb.in = bufio.NewReader(tb.conn)
	tb.read(t) // its greeting
	tb.command(t, "WebDriver:NewSession", map[string]any{})
	tb.command(t, "Marionette:SetContext", map[string]any{"value": "chrome"})
	return tb
}

// Script runs the body of an async JavaScript function with the program's own
// rights and decodes what it returns into result. Its arguments are in args.
func (tb *Thunderbird) Script(t testing.TB, result any, body string, args ...any) {
	t.Helper()
	if args == nil {
		args = []any{}
	}
	script := "const done = arguments[arguments.length-1]; const args = Array.from(arguments).slice(0, -1);" +
		"(async () => {" + body + "})().then(v => done({v: v === undefined ? null : v}), e => done({e: String(e) + ' ' + (e && e.stack)}));"
	raw := tb.command(t, "WebDriver:ExecuteAsyncScript", map[string]any{"script": script, "args": args, "scriptTimeout": 60000, "newSandbox": true})
	var answer struct {
		Value struct {
			V json.RawMessage `json:"v"`
			E string          `json:"e"`
		} `json:"value"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Value.E != "" {
		t.Fatalf("Thunderbird: %s", answer.Value.E)
	}
	if err := json.Unmarshal(answer.Value.V, result); err != nil {
		t.Fatalf("%v: %s", err, answer.Value.V)
	}
}

// command sends [0, id, name, parameters] and returns the result of the answer
// [1, id, error, result].
func (tb *Thunderbird) command(t testing.TB, name string, params map[string]any) json.RawMessage {
	t.Helper()
	tb.id++
	body, err := json.Marshal([]any{0, tb.id, name, params})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(tb.conn, "%d:%s", len(body), body); err != nil {
		t.Fatal(err)
	}
	var answer [4]json.RawMessage
	if err := json.Unmarshal(tb.read(t), &answer); err != nil {
		t.Fatal(err)
	}
	if string(answer[2]) != "null" {
		t.Fatalf("Thunderbird: %s: %s", name, answer[2])
	}
	return answer[3]
}

// read reads one message "LENGTH:JSON".
func (tb *Thunderbird) read(t testing.TB) []byte {
	t.Helper()
	if err := tb.conn.SetReadDeadline(time.Now().Add(90 * time.Second)); err != nil {
		t.Fatal(err)
	}
	head, err := tb.in.ReadString(':')
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(head, ":"))
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(tb.in, body); err != nil {
		t.Fatal(err)
	}
	return body
}
