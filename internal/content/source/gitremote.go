package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/plumbing/transport/ssh"

	"signpost/internal/content/source/gitrepo"
)

const maxRepo = 2 << 30 // bytes of a clone on the disk

var (
	// errMoved says that the remote has another commit than the push builds on.
	errMoved  = errors.New("someone else has pushed meanwhile")
	errTooBig = fmt.Errorf("the repository is larger than %d MiB", maxRepo>>20)
)

// A remote is a repository elsewhere.
type remote struct {
	name               string // address without a password: for people, and to tell clones apart
	url                string // without user information, which goes into auth
	scheme             string
	user, password     string
	branch             string // "" for the default one
	tokenFile, keyFile string
}

// parseRemote reads git+SCHEME://…[#BRANCH].
func parseRemote(address string) (remote, error) {
	const hint = "write git+https://HOST/PATH, git+ssh://git@HOST/PATH or git+file:///PATH, with #BRANCH unless it is the default one"
	u, err := url.Parse(strings.TrimPrefix(address, "git+"))
	if err != nil || !IsGit(address) {
		return remote{}, errors.New("the address of the content's repository cannot be read; " + hint)
	}
	r := remote{scheme: u.Scheme, branch: u.Fragment}
	if u.User != nil {
		r.user = u.User.Username()
		r.password, _ = u.User.Password()
		u.User = url.User(r.user)
	}
	r.name = u.String()
	switch local := net.ParseIP(u.Hostname()); {
	case u.Scheme == "file" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
	case (u.Scheme == "https" || u.Scheme == "ssh") && u.Host != "" && len(u.Path) > 1:
	case u.Scheme == "http" && local != nil && local.IsLoopback():
	case u.Scheme == "http":
		return remote{}, fmt.Errorf("%s: without TLS anyone on the way could change the content; write git+https://", r.name)
	default:
		return remote{}, fmt.Errorf("%s is not the address of a repository; %s", r.name, hint)
	}
	if r.branch != "" && plumbing.NewBranchReferenceName(r.branch).Validate() != nil {
		return remote{}, fmt.Errorf("%s: %q cannot be the name of a branch", r.name, r.branch)
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Scheme != "ssh" {
		u.User = nil
	}
	r.url = u.String()
	return r, nil
}

// auth returns how to sign in; nil for nobody.
func (r remote) auth() (transport.AuthMethod, error) {
	user := r.user
	if user == "" {
		user = "git"
	}
	switch r.scheme {
	case "https", "http":
		password := r.password
		if r.tokenFile != "" {
			data, err := os.ReadFile(r.tokenFile)
			if err != nil {
				return nil, fmt.Errorf("the token for the repository: %w", err)
			}
			password = strings.TrimSpace(string(data))
		}
		if password == "" {
			return nil, nil
		}
		return &http.BasicAuth{Username: user, Password: password}, nil
	case "ssh":
		if r.keyFile != "" {
			key, err := ssh.NewPublicKeysFromFile(user, r.keyFile, "")
			if err != nil {
				return nil, fmt.Errorf("the key for the repository: %w", err)
			}
			return key, nil
		}
		agent, err := ssh.NewSSHAgentAuth(user)
		if err != nil {
			return nil, fmt.Errorf("no SSH agent and no key file for the repository: %w", err)
		}
		return agent, nil
	}
	return nil, nil
}

// explain turns the library's errors into what to do about them.
func explain(err error) error {
	switch {
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		return fmt.Errorf("the repository refuses these credentials: %w", err)
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return errors.New("the repository is empty; push a site to it first")
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return errors.New("there is no repository at this address, or these credentials may not see it")
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the repository did not answer in time")
	}
	return err
}

// guarded runs what speaks to the remote. The SSH transport does not heed its
// context while it signs in; it is left behind then. That is safe: it writes
// nothing but objects.
func guarded[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		v, err := do()
		answers <- answer{v, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil && ctx.Err() != nil {
			a.err = context.Cause(ctx)
		}
		return a.value, explain(a.err)
	case <-ctx.Done():
		var none T
		return none, explain(context.Cause(ctx))
	}
}

// refs asks the remote for its references.
func (r remote) refs(ctx context.Context) (map[plumbing.ReferenceName]*plumbing.Reference, error) {
	auth, err := r.auth()
	if err != nil {
		return nil, err
	}
	list, err := guarded(ctx, func() ([]*plumbing.Reference, error) {
		return git.NewRemote(nil, r.config("HEAD")).ListContext(ctx, &git.ListOptions{Auth: auth})
	})
	refs := map[plumbing.ReferenceName]*plumbing.Reference{}
	for _, ref := range list {
		refs[ref.Name()] = ref
	}
	return refs, err
}

func (r remote) config(branch string) *config.RemoteConfig {
	return &config.RemoteConfig{
		Name: "origin", URLs: []string{r.url},
		Fetch: []config.RefSpec{config.RefSpec(fmt.Sprintf("+refs/heads/%s:refs/remotes/origin/%[1]s", branch))},
	}
}

// head returns the branch to follow and its newest commit.
func (r remote) head(ctx context.Context) (branch string, tip plumbing.Hash, err error) {
	refs, err := r.refs(ctx)
	if err != nil {
		return "", plumbing.ZeroHash, err
	}
	branch = r.branch
	if head := refs[plumbing.HEAD]; branch == "" && head != nil && head.Type() == plumbing.SymbolicReference {
		branch = head.Target().Short()
	}
	if branch == "" {
		return "", plumbing.ZeroHash, errors.New("the repository does not say which branch is its default; add #BRANCH to the address")
	}
	ref := refs[plumbing.NewBranchReferenceName(branch)]
	if ref == nil {
		return "", plumbing.ZeroHash, fmt.Errorf("the repository has no branch %q", branch)
	}
	return branch, ref.Hash(), nil
}

// tip returns the newest commit of a branch.
func (r remote) tip(ctx context.Context, branch string) (plumbing.Hash, error) {
	refs, err := r.refs(ctx)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	ref := refs[plumbing.NewBranchReferenceName(branch)]
	if ref == nil {
		return plumbing.ZeroHash, fmt.Errorf("the repository has no branch %q any more", branch)
	}
	return ref.Hash(), nil
}

// fetch brings the branch into the repository at dir, which it makes when it
// is missing. have is a commit that is there already.
func (r remote) fetch(ctx context.Context, dir, branch string, have plumbing.Hash) error {
	auth, err := r.auth()
	if err != nil {
		return err
	}
	st := gitrepo.Storage(dir)
	if err := st.Init(); err != nil {
		return err
	}
	if !have.IsZero() { // the library offers only what references name
		if err := st.SetReference(plumbing.NewHashReference(plumbing.NewRemoteReferenceName("origin", branch), have)); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go limitSize(ctx, dir, cancel)
	_, err = guarded(ctx, func() (struct{}, error) {
		err := git.NewRemote(st, r.config(branch)).FetchContext(ctx, &git.FetchOptions{Auth: auth, Tags: git.NoTags, Force: true})
		if errors.Is(err, git.NoErrAlreadyUpToDate) {
			err = nil
		}
		return struct{}{}, err
	})
	return err
}

// limitSize ends a fetch that fills the disk.
func limitSize(ctx context.Context, dir string, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		size := int64(0)
		filepath.WalkDir(filepath.Join(dir, "objects"), func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
			return nil
		})
		if size > maxRepo {
			cancel(errTooBig)
			return
		}
	}
}

// push moves the branch from old to tip; hashes are the objects in dir that the
// remote does not have. The remote compares and sets: when the branch is not
// at old, the error is errMoved or the remote's refusal.
func (r remote) push(ctx context.Context, dir, branch string, old, tip plumbing.Hash, hashes []plumbing.Hash) error {
	auth, err := r.auth()
	if err != nil {
		return err
	}
	var pack bytes.Buffer
	if _, err := packfile.NewEncoder(&pack, gitrepo.Storage(dir), false).Encode(hashes, 0); err != nil {
		return err
	}
	_, err = guarded(ctx, func() (struct{}, error) {
		return struct{}{}, r.send(ctx, auth, plumbing.NewBranchReferenceName(branch), old, tip, &pack)
	})
	return err
}

func (r remote) send(ctx context.Context, auth transport.AuthMethod, name plumbing.ReferenceName, old, tip plumbing.Hash, pack io.Reader) (err error) {
	endpoint, err := transport.NewEndpoint(r.url)
	if err != nil {
		return err
	}
	c, err := client.NewClient(endpoint)
	if err != nil {
		return err
	}
	session, err := c.NewReceivePackSession(endpoint, auth)
	if err != nil {
		return err
	}
	defer session.Close()
	advertised, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return err
	}
	if advertised.References[name.String()] != old {
		return errMoved
	}
	req := packp.NewReferenceUpdateRequestFromCapabilities(advertised.Capabilities)
	req.Commands = []*packp.Command{{Name: name, Old: old, New: tip}}
	req.Packfile = io.NopCloser(pack)
	report, err := session.ReceivePack(ctx, req)
	if err != nil {
		return err
	}
	if report != nil {
		return report.Error()
	}
	return nil
}
