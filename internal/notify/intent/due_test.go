package intent

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/notify"
)

var now = time.Date(2014, 10, 6, 18, 0, 0, 0, time.UTC)

// held are events of one post, a minute apart, each as "kind" or "kind!" when due.
func held(words string) []notify.Held {
	var list []notify.Held
	for i, w := range strings.Fields(words) {
		kind, due := strings.CutSuffix(w, "!")
		h := notify.Held{Event: notify.Event{
			Post: "p", Update: string(rune('a' + i)), Kind: notify.Kind(kind), PostKind: "incident", At: now.Add(time.Duration(i-10) * time.Minute),
		}, Due: now.Add(time.Minute)}
		if due {
			h.Due = now
		}
		list = append(list, h)
	}
	return list
}

func TestReady(t *testing.T) {
	ago := func(minutes ...int) (list []time.Time) {
		for _, m := range minutes {
			list = append(list, now.Add(-time.Duration(m)*time.Minute))
		}
		return list
	}
	for _, tt := range []struct {
		held  string
		times []time.Time
		want  string // kind, class and what it tells; "" for nothing
	}{
		{"first", nil, ""},
		{"first!", nil, "first 0 a"},
		{"first! update", nil, "first 0 a b"},
		{"update! update", nil, "update 2 a b"},
		{"update resolved!", nil, "resolved 1 a b"},
		{"first resolved!", nil, "resolved 1 a b"},
		{"resolved first!", nil, "first 0 a b"},
		{"first resolved! postmortem", nil, "resolved 1 a b c"},
		{"postmortem!", nil, "postmortem 2 a"},
		{"planned! moved", nil, "planned 2 a b"},
		{"update! moved", nil, "moved 1 a b"},
		{"planned cancelled!", nil, "cancelled 1 a b"},
		{"update!", ago(1, 10, 20, 30), "update 2 a"},
		{"update!", ago(1, 10, 20, 30, 40), ""},
		{"update!", ago(1, 10, 20, 30, 60), "update 2 a"},
		{"moved!", ago(1, 10, 20, 30, 40), "moved 1 a"},
		{"resolved!", ago(1, 10, 20, 30, 40), "resolved 1 a"},
		{"resolved!", ago(1, 10, 20, 30, 40, 50), ""},
	} {
		got := ""
		for _, n := range DefaultRules.Ready(held(tt.held), map[string][]time.Time{"p": tt.times}, now) {
			got += string(n.Kind) + " " + string(rune('0'+n.Class)) + " " + strings.Join(n.Tells(), " ")
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.held, d)
		}
	}
}

func TestDue(t *testing.T) {
	for kind, want := range map[notify.Kind]time.Duration{
		notify.First: 30 * time.Second, notify.Resolved: 30 * time.Second, notify.Moved: 30 * time.Second, notify.Reminder: 0,
		notify.Update: 3 * time.Minute, notify.Postmortem: 3 * time.Minute,
	} {
		if got := DefaultRules.Due(notify.Event{Kind: kind}, now).Sub(now); got != want {
			t.Errorf("%s waits %s, want %s", kind, got, want)
		}
	}
	if got := (Rules{Hold: 5 * time.Minute, Gather: 3 * time.Minute}).Due(notify.Event{Kind: notify.Update}, now).Sub(now); got != 5*time.Minute {
		t.Errorf("an update is told within the hold: %s", got)
	}
}
