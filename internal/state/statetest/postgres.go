// Package statetest starts a real PostgreSQL server for tests: [Start] makes a
// cluster in a temporary folder, reached through a Unix socket there, and
// removes both when the test ends.
package statetest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// A Postgres is a server that belongs to one test.
type Postgres struct {
	dir       string
	bin       string
	asUser    *syscall.Credential
	server    *exec.Cmd
	log       bytes.Buffer
	databases int
}

// Start starts a server, or skips the test when PostgreSQL is not installed
// (fails it when SIGNPOST_REQUIRE_REAL=1).
func Start(t testing.TB) *Postgres {
	t.Helper()
	bin := programs()
	if bin == "" {
		const sentence = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal(sentence)
		}
		t.Skip(sentence)
	}
	dir, err := os.MkdirTemp("", "signpost-pg-") // short: the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &Postgres{dir: dir, bin: bin}
	if os.Getuid() == 0 {
		// The server refuses to run as root.
		p.asUser = unprivileged(t)
		if err := os.Chown(dir, int(p.asUser.Uid), int(p.asUser.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	initdb := p.command("initdb", "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.Resume(t)
	t.Cleanup(func() { p.Stop(t) })
	return p
}

// programs returns the folder of PostgreSQL's programs; Debian keeps them out of PATH.
func programs() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uerr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gerr := strconv.ParseUint(u.Gid, 10, 32)
		if uerr == nil && gerr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("there is neither a user postgres nor nobody to run PostgreSQL as")
	return nil
}

func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(p.bin, name), args...)
	c.Dir = p.dir
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + p.dir}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: p.asUser}
	return c
}

// Resume starts the server again after [Postgres.Stop] and waits until it answers.
func (p *Postgres) Resume(t testing.TB) {
	t.Helper()
	p.server = p.command("postgres", "-D", filepath.Join(p.dir, "data"), "-k", p.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50")
	p.server.Stdout, p.server.Stderr = &p.log, &p.log
	if err := p.server.Start(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", p.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err = db.PingContext(ctx)
		cancel()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			p.Stop(t)
			t.Fatalf("PostgreSQL does not answer: %v\n%s", err, p.log.String())
		}
	}
}

// Stop stops the server at once; connections break. It does nothing when the
// server is stopped already.
func (p *Postgres) Stop(t testing.TB) {
	t.Helper()
	if p.server == nil {
		return
	}
	p.server.Process.Signal(syscall.SIGQUIT)
	p.server.Wait()
	p.server = nil
}

// Database makes an empty database and returns its address.
func (p *Postgres) Database(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("pgx", p.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p.databases++
	name := fmt.Sprintf("signpost%d", p.databases)
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return p.url(name)
}

func (p *Postgres) url(name string) string {
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + name, RawQuery: url.Values{"host": {p.dir}}.Encode()}).String()
}
