package doctor

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"signpost/internal/content/source/change"
	"signpost/internal/listen"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/problem"
	"signpost/internal/state"
	"signpost/internal/token"
)

// content: is it right, and can a status post be written?
func (c Config) content(_ context.Context, r *report) {
	if c.Content.Sample() {
		r.add(Note, "start a site with \"signpost init DIR\", and name it with --content", "this is the sample site")
	}
	if n := errorsIn(c.Problems); n > 0 {
		r.add(Fail, "\"signpost check\" names them all", "%s in the content; the first: %s", counted(n, "error"), firstError(c.Problems))
	}
	if err := c.Content.Writable(); err != nil {
		status := Fail
		if c.Content.Sample() {
			status = Note
		}
		_, hint := change.ReasonOf(err)
		r.add(status, hint, "no status post can be written from here: %v", err)
	}
	if r.quiet() {
		r.add(OK, "", "%s, %s", counted(len(c.Library.Articles), "article"), counted(len(c.Library.Board.Posts), "post"))
	}
}

func errorsIn(list problem.List) (n int) {
	for _, p := range list {
		if p.Severity == problem.Error {
			n++
		}
	}
	return n
}

func firstError(list problem.List) string {
	for _, p := range list {
		if p.Severity == problem.Error {
			return p.String()
		}
	}
	return ""
}

// farFuture is how far ahead of the clock a file may have been changed, which
// leaves room for the clocks of other machines.
const farFuture = 10 * time.Minute

// clock: is it right, as far as files and the system tell? What the site itself
// answers is compared in [Config.proxy].
func (c Config) clock(_ context.Context, r *report) {
	now := c.Now()
	for _, dir := range []string{c.Content.Dir(), c.Data} {
		if name, at := newest(dir); at.Sub(now) > farFuture {
			r.add(Fail, "set the clock, and let a time server keep it right", "%s was changed on %s, which is in the future: the clock of this machine is behind", name, at.UTC().Format(time.DateTime))
			break
		}
	}
	if synchronised, known := clockSynchronised(); known && !synchronised {
		r.add(Note, "run a time service, such as systemd-timesyncd or chrony", "the system says that no time server keeps its clock right")
	}
	zone := c.Library.Site.Zone
	if zone == time.UTC && !c.Content.Sample() {
		r.add(Note, "say time_zone in site.yaml, such as Europe/Oslo", "times are read and shown in UTC")
	}
	if r.quiet() {
		r.add(OK, "", "%s, time zone %s", now.In(zone).Format("2006-01-02 15:04:05 -0700"), zone)
	}
}

// newest returns the file of a folder that was changed last. It looks at the
// first thousands only.
func newest(dir string) (name string, at time.Time) {
	if dir == "" {
		return "", at
	}
	left := 20_000
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if left--; left < 0 {
			return fs.SkipAll
		}
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil && info.ModTime().After(at) {
			name, at = path, info.ModTime()
		}
		return nil
	})
	return name, at
}

// server: does one listen here?
func (c Config) server(ctx context.Context, r *report) {
	network, target, err := listen.Target(c.Listen)
	if err != nil {
		r.add(Note, "", "the server listens on %s, which cannot be asked from here", c.Listen)
		return
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, target)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/readyz", nil)
	if err != nil {
		r.add(Fail, "", "%v", err)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		r.add(Note, "start it with \"signpost serve\" and the same flags, or name its --listen", "no server answers on %s", c.Listen)
		return
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		r.add(Fail, "its log says why", "the server on %s answers %s", c.Listen, resp.Status)
		return
	}
	r.add(OK, "", "a server is ready on %s", c.Listen)
}

// state: can the database and the data folder be used?
func (c Config) state(ctx context.Context, r *report) {
	if !c.writes(r) {
		return
	}
	err := state.Probe(ctx, c.State, c.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.add(OK, "", "the database is made at the first start")
	case err != nil:
		r.add(Fail, state.Hint(err), "the database cannot be used, so that votes, sign-in and reports do not work: %v", err)
	default:
		r.add(OK, "", "the database can be used")
	}
}

// writes reports whether the data folder takes a file.
func (c Config) writes(r *report) bool {
	const hint = "the account that runs the server must own the folder that --data names"
	info, err := os.Stat(c.Data)
	if errors.Is(err, fs.ErrNotExist) {
		parent := c.Data
		for errors.Is(err, fs.ErrNotExist) && filepath.Dir(parent) != parent {
			parent = filepath.Dir(parent)
			_, err = os.Stat(parent)
		}
		if err == nil && syscall.Access(parent, 2) != nil {
			r.add(Fail, hint, "the data folder %s does not exist and cannot be made", c.Data)
			return false
		}
		return true
	}
	if err == nil && !info.IsDir() {
		r.add(Fail, "name a folder with --data", "%s is not a folder", c.Data)
		return false
	}
	f, err := os.CreateTemp(c.Data, ".doctor-*")
	if err != nil {
		r.add(Fail, hint, "the data folder cannot be written: %v", err)
		return false
	}
	_, err = f.Write(make([]byte, 4096))
	err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	if err != nil {
		r.add(Fail, "make room on the disk of the data folder", "the data folder cannot be written: %v", err)
	}
	return err == nil
}

// key: is the key ring there, and is it private?
func (c Config) key(_ context.Context, r *report) {
	file := c.KeyFile
	if file == "" {
		file = filepath.Join(c.Data, "secret.key")
	}
	_, err := token.Read(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.KeyFile != "":
		r.add(Fail, "copy secret.key from the data folder of the first replica", "the key ring %s does not exist", file)
	case errors.Is(err, fs.ErrNotExist):
		if state.KnownAgents(c.Data) > 0 {
			r.add(Fail, "put the old file back if a backup has it", "secret.key is missing from a data folder that was in use: links in replies sent until now lead nowhere, and everybody has to sign in again")
			return
		}
		r.add(OK, "", "the key ring is made at the first start")
	case err != nil:
		r.add(Fail, "put the file back from a backup", "the key ring cannot be used: %v", err)
	default:
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
			r.add(Warn, "run: chmod 600 on the file", "%s can be read by other accounts of this machine (mode %04o)", file, info.Mode().Perm())
			return
		}
		if c.State != "" && c.KeyFile == "" {
			r.add(Note, "give all of them the same file with --secret-key-file", "several servers on one database need the same key ring")
			return
		}
		r.add(OK, "", "the key ring can be used")
	}
}

// Room on a disk, in bytes: what is little, and what is too little.
const (
	little    = 500 << 20
	tooLittle = 50 << 20
)

// space: is there room for what is to come?
func (c Config) space(_ context.Context, r *report) {
	seen := map[uint64]bool{} // disks
	for _, dir := range []string{c.Data, c.Content.Dir()} {
		for dir != "" && filepath.Dir(dir) != dir {
			if _, err := os.Stat(dir); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		var fsys syscall.Statfs_t
		var place syscall.Stat_t
		if dir == "" || syscall.Statfs(dir, &fsys) != nil || syscall.Stat(dir, &place) != nil || seen[uint64(place.Dev)] {
			continue
		}
		seen[uint64(place.Dev)] = true
		room(r, dir, uint64(fsys.Bavail)*uint64(fsys.Bsize), uint64(fsys.Ffree), uint64(fsys.Files))
	}
}

// room judges the bytes and files that are free on the disk of a folder; files
// is 0 on a disk that does not count them.
func room(r *report, dir string, free, freeFiles, files uint64) {
	switch {
	case free < tooLittle:
		r.add(Fail, "make room, or move the folder", "only %d MB are free for %s: posts and votes will be refused", free>>20, dir)
	case files > 0 && freeFiles == 0:
		r.add(Fail, "remove files, or move the folder", "the disk of %s holds as many files as it can: posts and votes will be refused", dir)
	case free < little:
		r.add(Warn, "make room, or move the folder", "only %d MB are free for %s", free>>20, dir)
	case files > 0 && freeFiles < files/100:
		r.add(Warn, "remove files, or move the folder", "less than 1 %% of the files that the disk of %s can hold are free", dir)
	default:
		r.add(OK, "", "%d MB are free for %s", free>>20, dir)
	}
}

// enoughFiles is how many descriptors a busy server needs.
const enoughFiles = 1024

// limits: may the process open enough files?
func (c Config) limits(_ context.Context, r *report) {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return
	}
	if files.Max < enoughFiles {
		r.add(Warn, "raise it: LimitNOFILE= in the unit, ulimit -n in a shell", "a process may open %d files only, so that a busy server refuses visitors", files.Max)
		return
	}
	r.add(OK, "", "a process may open %d files", files.Max)
}

// profiles: can Apple profiles be signed?
func (c Config) profiles(_ context.Context, r *report) {
	if c.Library.Provider() == nil {
		return
	}
	if c.Cert == "" {
		r.add(Note, "name a certificate and its key with --profile-cert and --profile-key", "Apple profiles are not signed; devices will call them unsigned")
		return
	}
	signer, err := mobileconfig.LoadSigner(c.Cert, c.CertKey)
	if err != nil {
		r.add(Fail, "the server does not start with these files", "profiles cannot be signed: %v", err)
		return
	}
	for _, p := range signer.Check(c.Now(), c.Roots) {
		status := Warn
		if p.Severity == problem.Error {
			status = Fail
		}
		r.add(status, p.Hint, "%s", p.Message)
	}
	if r.quiet() {
		r.add(OK, "", "profiles are signed; the certificate is valid until %s", signer.NotAfter().UTC().Format(time.DateOnly))
	}
}

// agents: can anybody sign in?
func (c Config) agents(_ context.Context, r *report) {
	if state.KnownAgents(c.Data) == 0 && !c.OpenID {
		r.add(Note, "make the first account with \"signpost agent add NAME\" and the same --data and --state", "no agent can sign in yet, so that nobody can post an incident in the browser")
		return
	}
	r.add(OK, "", "agents can sign in")
}
