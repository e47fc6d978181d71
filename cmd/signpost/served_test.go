package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what scripts need besides the program, so that they run
// where there is nothing but Go:
//
//	freeport NAME       sets NAME to an address that nobody listens on
//	ready ADDRESS       waits until a server answers there
//	lastline FILE OUT   writes the last line of FILE to OUT
//	post NAME PATTERN   sets NAME to the id of the one post whose path matches, and shows the file
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"freeport": func(ts *testscript.TestScript, _ bool, args []string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		ts.Setenv(args[0], l.Addr().String())
		ts.Check(l.Close())
	},
	"post": func(ts *testscript.TestScript, neg bool, args []string) {
		found, err := filepath.Glob(ts.MkAbs(args[1]))
		ts.Check(err)
		if neg && len(found) == 0 {
			return
		}
		if neg || len(found) != 1 {
			ts.Fatalf("%d posts match %s", len(found), args[1])
		}
		ts.Setenv(args[0], strings.TrimSuffix(filepath.Base(found[0]), ".md"))
		fmt.Fprint(ts.Stdout(), ts.ReadFile(found[0]))
	},
	"ready": func(ts *testscript.TestScript, _ bool, args []string) {
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if resp, err := http.Get("http://" + args[0] + "/readyz"); err == nil {
				resp.Body.Close()
				return
			}
		}
		ts.Fatalf("nothing answers at %s", args[0])
	},
	"lastline": func(ts *testscript.TestScript, _ bool, args []string) {
		lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines[len(lines)-1]+"\n"), 0o600))
	},
}
