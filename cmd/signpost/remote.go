package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

// A postWriter writes status posts: a [content.Editor] into a folder, a
// [remote] by a server.
type postWriter interface {
	New(d edit.Draft) (content.Written, error)
	Add(id string, a edit.Addition, match string) (content.Written, error)
	Resolve(id string, a edit.Addition, match string) (content.Written, error)
	Edit(id, update, message, match string) (content.Written, error)
	Undo(id, match string) (content.Written, error)
}

// A remote writes posts by the API of a server.
type remote struct {
	cmd   *cobra.Command
	base  *url.URL
	token string
}

const (
	remoteTime  = 30 * time.Second // for one attempt
	remoteTries = 3                // when the connection breaks; the server does the work once
	remoteMax   = 8 << 20          // bytes of an answer
)

// openRemote reads the token.
func openRemote(cmd *cobra.Command, server, tokenFile string) (*remote, error) {
	base, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" {
		return nil, usageError{hinted(fmt.Errorf("--server: %q is not the address of a server", server), "write https://help.example.com")}
	}
	if tokenFile == "" {
		return nil, usageError{hinted(errors.New("--server needs a token"), "\"signpost token add NAME --scope status:write\" makes one; put it into a file and name that with --token-file")}
	}
	f, err := os.Open(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("the token: %w", err)
	}
	defer f.Close()
	token, err := firstLine(f)
	if err == nil && strings.TrimSpace(token) == "" {
		err = fmt.Errorf("%s holds no token on its first line", tokenFile)
	}
	if err != nil {
		return nil, err
	}
	if base.Scheme == "http" && !loopbackHost(base.Hostname()) {
		fmt.Fprintln(cmd.ErrOrStderr(), "signpost: the token travels unencrypted; use https")
	}
	return &remote{cmd, base, strings.TrimSpace(token)}, nil
}

func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A remotePost is a post as the API returns it.
type remotePost struct {
	ID, Kind, State, Phase, Title, Path, Hash, Began, Starts string
}

func (p remotePost) written() content.Written {
	return content.Written{ID: p.ID, Path: p.Path, Hash: p.Hash}
}

func (r *remote) New(d edit.Draft) (content.Written, error) { return r.change("POST", "", d, "") }

func (r *remote) Add(id string, a edit.Addition, match string) (content.Written, error) {
	p, err := r.post(id)
	if err != nil {
		return content.Written{}, err
	}
	return r.change("POST", "/"+url.PathEscape(p.ID)+"/updates", a, match)
}

func (r *remote) Resolve(id string, a edit.Addition, match string) (content.Written, error) {
	p, err := r.post(id)
	if err != nil {
		return content.Written{}, err
	}
	a.State = cmp.Or(a.State, status.Kind(p.Kind).Last())
	return r.change("POST", "/"+url.PathEscape(p.ID)+"/updates", a, match)
}

func (r *remote) Edit(id, update, message, match string) (content.Written, error) {
	p, err := r.post(id)
	if err != nil {
		return content.Written{}, err
	}
	text := struct {
		Text string `json:"text"`
	}{message}
	return r.change("PUT", "/"+url.PathEscape(p.ID)+"/updates/"+url.PathEscape(cmp.Or(update, "latest")), text, match)
}

func (r *remote) Undo(id, match string) (content.Written, error) {
	p, err := r.post(id)
	if err != nil {
		return content.Written{}, err
	}
	return r.change("DELETE", "/"+url.PathEscape(p.ID)+"/updates/latest", nil, match)
}

// posts lists the posts of the server, newest first.
func (r *remote) posts(all bool) ([]remotePost, error) {
	path := ""
	if all {
		path = "?all=1"
	}
	var v struct{ Posts []remotePost }
	return v.Posts, r.call("GET", path, nil, nil, &v)
}

// post returns the post with an id; "" means the one that is open, else the one
// that is planned, else the one notice.
func (r *remote) post(id string) (p remotePost, err error) {
	if id != "" {
		return p, r.call("GET", "/"+url.PathEscape(id), nil, nil, &p)
	}
	posts, err := r.posts(false)
	if err != nil {
		return p, err
	}
	var open, planned, notices []remotePost
	for _, p := range posts {
		switch {
		case p.Phase == string(status.Upcoming):
			planned = append(planned, p)
		case p.Kind == string(status.Notice):
			notices = append(notices, p)
		default:
			open = append(open, p)
		}
	}
	for _, list := range [][]remotePost{open, planned, notices} {
		switch len(list) {
		case 0:
			continue
		case 1:
			return list[0], nil
		}
		var ids []string
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return p, fmt.Errorf("%w: %s", content.ErrWhich, strings.Join(ids, ", "))
	}
	return p, content.ErrNoneOpen
}

func (r *remote) change(method, path string, body any, match string) (content.Written, error) {
	header := http.Header{"Idempotency-Key": {rand.Text()}}
	if match != "" {
		header.Set("If-Match", `"`+match+`"`)
	}
	var p remotePost
	err := r.call(method, path, header, body, &p)
	return p.written(), err
}

// call asks the server, again when the connection breaks: with the key of a
// change it is made once.
func (r *remote) call(method, path string, header http.Header, body, out any) error {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	client := http.Client{Timeout: remoteTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var failed error
	for try := range remoteTries {
		if try > 0 {
			select {
			case <-r.cmd.Context().Done():
				return r.cmd.Context().Err()
			case <-time.After(time.Duration(try) * time.Second):
			}
		}
		req, err := http.NewRequestWithContext(r.cmd.Context(), method, r.base.String()+"/api/v1/status/posts"+path, bytes.NewReader(raw))
		if err != nil {
			return err
		}
		for name, values := range header {
			req.Header[name] = values
		}
		req.Header.Set("Authorization", "Bearer "+r.token)
		if raw != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		resp, err := client.Do(req)
		if err == nil {
			failed = r.read(resp, out)
			var broken brokenAnswer
			if !errors.As(failed, &broken) {
				return failed
			}
			continue
		}
		failed = err
	}
	return hinted(fmt.Errorf("asking the server: %w", failed), "is "+r.base.String()+" the address of the site?")
}

// brokenAnswer is an answer that did not come to its end.
type brokenAnswer struct{ error }

// read reads an answer or the problem that it tells.
func (r *remote) read(resp *http.Response, out any) error {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, remoteMax))
	if err != nil {
		return brokenAnswer{err}
	}
	if resp.StatusCode < 300 {
		if err := json.Unmarshal(body, out); err != nil {
			return hinted(errors.New("the answer of the server is not what was expected"), "is "+r.base.String()+" the address of the site?")
		}
		return nil
	}
	var problem struct{ Title, Detail string }
	json.Unmarshal(body, &problem) // a proxy may answer with a page
	text := strings.TrimSuffix(cmp.Or(problem.Detail, problem.Title, http.StatusText(resp.StatusCode)), ".")
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return hinted(fmt.Errorf("the server refuses: %s", text), "\"signpost token add NAME --scope "+auth.ScopeStatus+"\" on the server makes a token")
	case http.StatusPreconditionFailed:
		return fmt.Errorf("%s: %w", text, source.ErrConflict)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return hinted(fmt.Errorf("the server is busy: %s", text), "try again in a moment")
	}
	return errors.New(text)
}
