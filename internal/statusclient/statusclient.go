// Package statusclient writes status posts by the API of a server.
//
// [Open] makes a [Client], whose methods are those of [content.Editor].
//
// Guarantees: a change that broke off is sent again with the same
// Idempotency-Key, so that it is made once; no redirect takes the token
// elsewhere; answers are bounded; errors that mean a conflict, no post or more
// than one are those of package content.
package statusclient

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/problem"
)

const (
	tryTime   = 30 * time.Second // for one attempt
	tries     = 3                // when the connection breaks; the server does the work once
	maxAnswer = 8 << 20          // bytes of an answer
)

// A Client writes posts by the API of a server.
type Client struct {
	ctx   context.Context // of the command: its end ends all calls
	now   time.Time
	base  *url.URL
	token string
	quiet bool // subscribers are not told
}

// Open makes a client of the server at a base address, with an API token of the
// scope status:write. Calls end with ctx; now is the time of the command.
func Open(ctx context.Context, now time.Time, base *url.URL, token string) *Client {
	return &Client{ctx: ctx, now: now, base: base, token: token}
}

// Quiet returns a client whose changes are told to no subscriber.
func (c *Client) Quiet() *Client {
	q := *c
	q.quiet = true
	return &q
}

// A Post is a post as the API returns it.
type Post struct {
	ID, Kind, State, Phase, Title, Path, Hash, Began, Starts string
	Updates                                                  []struct{ At, Edited string }
}

// changed is when the post was changed last; zero when it is known to the day only.
func (p Post) changed() (at time.Time) {
	for _, u := range p.Updates {
		for _, s := range []string{u.At, u.Edited} {
			if t, err := time.Parse(time.RFC3339, s); err == nil && t.After(at) {
				at = t
			}
		}
	}
	return at
}

func (p Post) written() content.Written {
	return content.Written{ID: p.ID, Path: p.Path, Hash: p.Hash}
}

// New publishes a post.
func (c *Client) New(d edit.Draft) (content.Written, error) { return c.change("POST", "", d, "") }

// Add adds an update; "" as the id means the post that is open.
func (c *Client) Add(id string, a edit.Addition, match string) (content.Written, error) {
	p, err := c.post(id)
	if err != nil {
		return content.Written{}, err
	}
	return c.change("POST", "/"+url.PathEscape(p.ID)+"/updates", a, match)
}

// Resolve closes a post.
func (c *Client) Resolve(id string, a edit.Addition, match string) (content.Written, error) {
	p, err := c.post(id)
	if err != nil {
		return content.Written{}, err
	}
	a.State = cmp.Or(a.State, status.Kind(p.Kind).Last())
	return c.change("POST", "/"+url.PathEscape(p.ID)+"/updates", a, match)
}

// Edit replaces texts of an update.
func (c *Client) Edit(id string, e edit.Correction, match string) (content.Written, error) {
	p, err := c.post(id)
	if err != nil {
		return content.Written{}, err
	}
	return c.change("PUT", "/"+url.PathEscape(p.ID)+"/updates/"+url.PathEscape(cmp.Or(e.Update, "latest")), e, match)
}

// Revise changes what a post says outside of its updates; "" as the id means the
// post that is open.
func (c *Client) Revise(id string, r edit.Revision, match string) (content.Written, error) {
	p, err := c.post(id)
	if err != nil {
		return content.Written{}, err
	}
	return c.change("PATCH", "/"+url.PathEscape(p.ID), r, match)
}

// Undo takes the latest update away; "" as the id means the post that was changed
// last, as [content.Editor.Undo] says.
func (c *Client) Undo(id, match string) (content.Written, error) {
	if id == "" {
		var err error
		if id, err = c.lastChanged(); err != nil {
			return content.Written{}, err
		}
	}
	return c.change("DELETE", "/"+url.PathEscape(id)+"/updates/latest", nil, match)
}

func (c *Client) lastChanged() (string, error) {
	posts, err := c.Posts(true)
	if err != nil {
		return "", err
	}
	var last []string
	latest := c.now.Add(-content.Undone)
	for _, p := range posts {
		switch at := p.changed(); at.Compare(latest) {
		case 1:
			last, latest = []string{p.ID}, at
		case 0:
			last = append(last, p.ID)
		}
	}
	switch len(last) {
	case 0:
		return "", fmt.Errorf("%w in the last 24 hours; name the post", content.ErrNoChange)
	case 1:
		return last[0], nil
	}
	return "", fmt.Errorf("%w: %s", content.ErrSameTime, strings.Join(last, ", "))
}

// Posts lists the posts of the server, newest first.
func (c *Client) Posts(all bool) ([]Post, error) {
	path := ""
	if all {
		path = "?all=1"
	}
	var v struct{ Posts []Post }
	return v.Posts, c.call("GET", path, nil, nil, &v)
}

// post returns the post with an id; "" means the one that is open, else the one
// that is planned, else the one notice.
func (c *Client) post(id string) (p Post, err error) {
	if id != "" {
		return p, c.call("GET", "/"+url.PathEscape(id), nil, nil, &p)
	}
	posts, err := c.Posts(false)
	if err != nil {
		return p, err
	}
	var open, planned, notices []Post
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
	for _, list := range [][]Post{open, planned, notices} {
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

func (c *Client) change(method, path string, body any, match string) (content.Written, error) {
	header := http.Header{"Idempotency-Key": {rand.Text()}}
	if match != "" {
		header.Set("If-Match", `"`+match+`"`)
	}
	if c.quiet && (method == http.MethodPost || method == http.MethodPatch) { // no correction is told
		var err error
		if body, err = quietly(body); err != nil {
			return content.Written{}, err
		}
	}
	var p Post
	err := c.call(method, path, header, body, &p)
	return p.written(), err
}

// quietly adds to an order that nobody is to be told.
func quietly(order any) (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(order)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	fields["notify"] = json.RawMessage("false")
	return fields, nil
}

// call asks the server, again when the connection breaks: with the key of a
// change it is made once.
func (c *Client) call(method, path string, header http.Header, body, out any) error {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	client := http.Client{Timeout: tryTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var failed error
	for try := range tries {
		if try > 0 {
			select {
			case <-c.ctx.Done():
				return c.ctx.Err()
			case <-time.After(time.Duration(try) * time.Second):
			}
		}
		req, err := http.NewRequestWithContext(c.ctx, method, c.base.String()+"/api/v1/status/posts"+path, bytes.NewReader(raw))
		if err != nil {
			return err
		}
		for name, values := range header {
			req.Header[name] = values
		}
		req.Header.Set("Authorization", "Bearer "+c.token)
		if raw != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		resp, err := client.Do(req)
		if err == nil {
			failed = c.read(resp, out)
			var broken brokenAnswer
			if !errors.As(failed, &broken) {
				return failed
			}
			continue
		}
		failed = err
	}
	return problem.Hinted(fmt.Errorf("asking the server: %w", failed), "is "+c.base.String()+" the address of the site?")
}

// brokenAnswer is an answer that did not come to its end.
type brokenAnswer struct{ error }

// read reads an answer or the problem that it tells.
func (c *Client) read(resp *http.Response, out any) error {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return brokenAnswer{err}
	}
	if resp.StatusCode < 300 {
		if err := json.Unmarshal(body, out); err != nil {
			return problem.Hinted(errors.New("the answer of the server is not what was expected"), "is "+c.base.String()+" the address of the site?")
		}
		return nil
	}
	var told struct{ Title, Detail, Cause, Hint string }
	json.Unmarshal(body, &told) // a proxy may answer with a page
	text := strings.TrimSuffix(cmp.Or(told.Detail, told.Title, http.StatusText(resp.StatusCode)), ".")
	if reason := change.Reason(told.Cause); slices.Contains(change.Reasons(), reason) {
		return problem.Hinted(refused{text, reason}, cmp.Or(told.Hint, reason.Hint()))
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return problem.Hinted(fmt.Errorf("the server refuses: %s", text), "\"signpost token add NAME --scope status:write,notify\" on the server makes a token")
	case http.StatusPreconditionFailed:
		return fmt.Errorf("%s: %w", text, source.ErrConflict)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return problem.Hinted(fmt.Errorf("the server is busy: %s", text), "try again in a moment")
	}
	return errors.New(text)
}

// refused is why the server could not write a post, in its own words.
type refused struct {
	text   string
	reason change.Reason
}

func (e refused) Error() string { return problem.Printable(e.text) }
func (e refused) Unwrap() error { return e.reason }
