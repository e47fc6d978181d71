package statusedit

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/source/change"
	"signpost/internal/problem"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Why a post could not be written: what the API and the form say of it.

// statusOf is the answer's status for each reason. What the client can do nothing
// about but wait is 503, a full disk 507 (RFC 4918 section 11.5).
var statusOf = map[change.Reason]int{
	change.Conflict:    http.StatusConflict,
	change.ReadOnly:    http.StatusConflict,
	change.NoSpace:     http.StatusInsufficientStorage,
	change.Permission:  http.StatusServiceUnavailable,
	change.Gone:        http.StatusServiceUnavailable,
	change.PendingPush: http.StatusServiceUnavailable,
}

// comeBack is when to try again what others may have put right by then.
const comeBack = 10 * time.Second

// postError tells what an agent's program should see of an error of the editor:
// it is made for the person who typed, unless the place of the content is to blame.
func postError(err error, match string) error {
	reason, hint := change.ReasonOf(err)
	switch {
	case errors.Is(err, content.ErrNoPost):
		return noPost
	case reason == change.Conflict && match != "":
		return &web.Error{Status: http.StatusPreconditionFailed, Detail: "Someone else has changed the post meanwhile. Read it again.", Cause: string(reason), Hint: hint}
	case reason == change.Conflict:
		return &web.Error{Status: http.StatusConflict, Detail: "Someone else is changing the post at this moment. Try again.", Cause: string(reason), Hint: hint}
	case reason != "":
		e := &web.Error{Status: statusOf[reason], Detail: web.Sentence(err), Cause: string(reason), Hint: hint}
		if reason == change.Gone {
			e.Retry = comeBack
		}
		return e
	case ofDisk(err):
		return err
	}
	return &web.Error{Status: http.StatusUnprocessableEntity, Detail: web.Sentence(err)}
}

// ofDisk reports whether the operator has to do something about an error, and
// not the person who typed.
func ofDisk(err error) bool {
	var disk *fs.PathError
	var call *os.SyscallError
	var move *os.LinkError
	return errors.As(err, &disk) || errors.As(err, &call) || errors.As(err, &move)
}

// statusFailed shows the form again, with what was typed and what is wrong.
func statusFailed(r *web.Request, f postForm, err error) error {
	var he *web.Error
	if errors.As(err, &he) && he.Detail == "" {
		return err
	}
	p := statusPage(r, f)
	code := http.StatusUnprocessableEntity
	reason, hint := change.ReasonOf(err)
	switch {
	case he != nil:
		p.Error, code = he.Detail, he.Status
	case reason == change.Conflict:
		p.Conflict, code = true, http.StatusConflict
	case reason != "":
		r.App.Log.Error("a post could not be written", "cause", string(reason), "error", err, "hint", hint)
		p.Blocked, code = nil, statusOf[reason]
		p.ReadOnly = false // what was typed stays
		p.Error = r.Page.Words().T("write.cause." + string(reason))
		p.Advice = web.Sentence(err) + " " + web.Sentence(errors.New(hint))
	default:
		p.Error = err.Error()
		if ofDisk(err) {
			r.App.Log.Error("a post could not be written", "error", err)
			code = http.StatusInternalServerError
		}
	}
	return r.SendFresh(code, p)
}

// Again shows the form with all that was typed when it was refused before it
// was read: the session is over, the form is old, or there are too many requests.
func Again(r *web.Request, refused *web.Error) error {
	f, err := postInput(r)
	if err != nil {
		return refused
	}
	p := statusPage(r, f)
	p.ReadOnly = false
	l := r.Page.Words()
	switch {
	case r.Who.Agent == "":
		p.Error, p.SignIn = l.T("write.signedout"), r.Page.Root()+"/agent/signin?next="+url.QueryEscape(p.Action)
		p.Place, p.Blocked, p.Agent.Problems = nil, nil, nil // for agents only
		if _, public := r.Page.Snap.Board.Post(f.ID); !public {
			p.About, p.Updates = nil, nil
		}
	case refused.Status == http.StatusForbidden:
		p.Error = l.T("write.old")
	default:
		p.Error = l.T("write.wait", "time", l.Duration(max(refused.Retry.Round(time.Second), time.Second)))
	}
	return r.SendFresh(refused.Status, p)
}

// standing says on the page what would keep a post from being written, and what
// has become of earlier ones.
func standing(r *web.Request, p *view.AgentStatus) {
	if err := r.App.Live.Source().Writable(); err != nil {
		reason, hint := change.ReasonOf(err)
		p.ReadOnly = reason == change.ReadOnly
		b := &view.Blocked{Why: r.Page.Words().T("write.cause.other"), Detail: web.Sentence(err)}
		if reason != "" {
			b.Why = r.Page.Words().T("write.cause." + string(reason))
			b.Detail += " " + web.Sentence(errors.New(hint))
		}
		p.Blocked = b
	}
	for _, place := range r.Page.Snap.Place {
		p.Place = append(p.Place, view.Problem{Path: place.Path, Error: place.Severity == problem.Error, Message: place.Message, Hint: place.Hint})
	}
}
