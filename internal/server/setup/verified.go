package setup

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"signpost/internal/locale"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/verify"
	"signpost/internal/server/page"
	"signpost/internal/view"
)

// A verified is what the last look at the described servers showed.
type verified struct {
	at      time.Time
	results map[string][]verify.Result // by provider
}

// verifyOld is when a result says nothing any more about the present.
const verifyOld = 2 * time.Hour

// Verify looks at the described servers every so often until ctx ends, with a
// little chance in the times, so that replicas do not all knock at once. The
// sample's servers do not exist and are left alone.
func (h *Handlers) Verify(ctx context.Context, every time.Duration, o verify.Options) {
	wait := min(every, 10*time.Second)
	for {
		timer := time.NewTimer(wait/2 + rand.N(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		h.VerifyOnce(ctx, o)
		wait = every
	}
}

// VerifyOnce looks at the described servers once.
func (h *Handlers) VerifyOnce(ctx context.Context, o verify.Options) {
	snap := h.app.Live.Snapshot()
	if snap.Sample {
		return
	}
	o.Now = h.app.Now()
	v := &verified{at: o.Now, results: map[string][]verify.Result{}}
	for _, p := range snap.Library.Providers {
		v.results[p.ID] = verify.Check(ctx, p, o)
	}
	if ctx.Err() != nil {
		return // what was cut short says nothing
	}
	before := h.verified.Swap(v)
	for _, results := range v.results {
		for _, r := range results {
			if r.Status == verify.Fail && !before.failed(r) {
				h.warnOf(r)
			}
		}
	}
}

// failed reports whether the same server had already failed.
func (v *verified) failed(r verify.Result) bool {
	return v != nil && slices.ContainsFunc(v.results[r.Provider], func(old verify.Result) bool {
		return old.Status == verify.Fail && old.Service == r.Service && old.Target == r.Target && old.Client == r.Client
	})
}

// warnOf logs a failure once, with a draft of the status post that it may
// need. Whether customers are affected is for people to say.
func (h *Handlers) warnOf(r verify.Result) {
	args := []any{"provider", r.Provider, "service", string(r.Service), "target", r.Target, "finding", failure(r)}
	if command := h.draft(r); command != "" {
		args = append(args, "draft", command)
	}
	h.app.Log.Warn("a described server does not answer as described", args...)
}

func failure(r verify.Result) string {
	for _, f := range r.Findings {
		if f.Status == verify.Fail {
			return f.Text
		}
	}
	return ""
}

// draft is a command that posts an incident for the components of a service.
func (h *Handlers) draft(r verify.Result) string {
	var ids []string
	for _, c := range h.app.Live.Snapshot().Library.Site.Components {
		if slices.Contains(c.Services, string(r.Service)) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "signpost status down " + strings.Join(ids, " ")
}

// verifyLine is the last result for customers; nil when there is none.
func (h *Handlers) verifyLine(l *locale.Language, p *provider.Provider, now time.Time) *view.Verify {
	v := h.verified.Load()
	if v == nil || now.Sub(v.at) > verifyOld || v.results[p.ID] == nil {
		return nil
	}
	line := &view.Verify{OK: true, At: view.At(l, v.at), Ago: l.Ago(v.at, now)}
	for _, r := range v.results[p.ID] {
		if r.Status != verify.Fail {
			continue
		}
		line.OK = false
		text := l.T("verify.service", "service", l.T("use."+string(r.Service)), "target", r.Target)
		if r.Client != "" {
			name, _ := page.ClientName(l, r.Client)
			text = name + ": " + text
		}
		line.Problems = append(line.Problems, text)
	}
	return line
}

// ServeVerified shows everything that was found, with drafts of status posts.
func (h *Handlers) ServeVerified(w http.ResponseWriter, _ *http.Request) {
	type failed struct {
		verify.Result
		Draft string `json:"draft,omitempty"`
	}
	answer := struct {
		At      string   `json:"at"` // "" before the first look
		Results []failed `json:"results"`
	}{Results: []failed{}}
	if v := h.verified.Load(); v != nil {
		answer.At = v.at.UTC().Format(time.RFC3339)
		for _, p := range h.app.Live.Snapshot().Library.Providers {
			for _, r := range v.results[p.ID] {
				f := failed{Result: r}
				if r.Status == verify.Fail {
					f.Draft = h.draft(r)
				}
				answer.Results = append(answer.Results, f)
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}
