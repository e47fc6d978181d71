package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// What was typed stays when a form is refused before it is read.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	before := o.posts()
	if got := o.form("/agent/status", append(o.fields("new"), "kind", "incident", "title", "Hidden quux", "text", "x", "draft", "true", "do", "publish")...); got.status != http.StatusSeeOther {
		t.Fatalf("a draft: %d", got.status)
	}
	typed := []string{"mode", "new", "kind", "incident", "do", "publish", "title", "Quuxmail is slow", "text", "We are looking.", "text-de", "Wir sehen nach.", "component-imap", "degraded", "help", "spam-filter"}
	kept := func(name string, got reply, status int, more ...string) {
		t.Helper()
		if got.status != status {
			t.Errorf("%s: %d, want %d", name, got.status, status)
		}
		for _, want := range append(more, "Quuxmail is slow", "We are looking.", "Wir sehen nach.", `value="degraded" selected`, "spam-filter") {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: %q is lost", name, want)
			}
		}
	}
	kept("an old token", o.form("/agent/status", append([]string{"csrf", "old"}, typed...)...), http.StatusForbidden, "open for too long")
	cookie := o.cookie
	o.cookie = ""
	got := o.form("/agent/status", append([]string{"csrf", "old"}, typed...)...)
	kept("signed out", got, http.StatusForbidden, "You are signed out", "/agent/signin?next=")
	if strings.Contains(got.body, "Hidden quux") {
		t.Error("a draft is shown to somebody who is not signed in")
	}
	o.cookie = cookie
	if got := o.do(http.MethodPost, "/agent/status", "title=x&text=y", "Content-Type", "application/x-www-form-urlencoded", "Cookie", o.cookie, "Sec-Fetch-Site", "cross-site"); strings.Contains(got.body, `id="write"`) {
		t.Error("the form of another site's page is shown")
	}
	if n := o.posts() - before; n != 1 {
		t.Errorf("%d posts were written", n)
	}
}

// A second incident on a component that is down already is asked about, with
// all that was typed.
func TestSecondIncident(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	before := o.posts()
	first := o.form("/agent/status", append(o.fields("new"), "kind", "incident", "title", "Quuxmail", "text", "x", "component-imap", "down", "do", "publish")...)
	id := strings.TrimPrefix(first.header.Get("Location"), "/agent/status?saved=")
	again := append(o.fields("new"), "kind", "incident", "text", "It is the switch.", "component-mail", "down")
	asked := o.form("/agent/status", append(again, "do", "publish")...)
	if asked.status != http.StatusOK || o.posts() != before+1 || !strings.Contains(asked.body, `value="addto:`+id+`"`) || !strings.Contains(asked.body, "It is the switch.") {
		t.Errorf("the second incident: %d, %d posts more", asked.status, o.posts()-before)
	}
	update := o.form("/agent/status", append(again, "do", "addto:"+id)...)
	if !strings.Contains(update.body, `name="mode" value="update"`) || !strings.Contains(update.body, `name="id" value="`+id+`"`) || !strings.Contains(update.body, "It is the switch.") {
		t.Error("the text does not become an update")
	}
	if got := o.form("/agent/status", append(again, "do", "separate")...); got.status != http.StatusSeeOther || o.posts() != before+2 {
		t.Errorf("a separate incident: %d", got.status)
	}
}

// A draft and a scheduled post stand in the agents' list only, until they are
// published.
func TestDraftsOfPosts(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	for name, field := range map[string][2]string{"Quuxdraft": {"draft", "true"}, "Quuxlater": {"publish", "2099-01-01T10:00"}} {
		got := o.form("/agent/status", append(o.fields("new"), "kind", "notice", "title", name, "text", "x", "do", "publish", field[0], field[1])...)
		id := strings.TrimPrefix(got.header.Get("Location"), "/agent/status?saved=")
		if got := o.get("/status/" + id); got.status != http.StatusNotFound {
			t.Errorf("%s is public: %d", name, got.status)
		}
		if got := o.page("/agent/status"); !strings.Contains(got.body, name) || !strings.Contains(got.body, `value="release"`) {
			t.Errorf("%s is not in the agents' list", name)
		}
		if got := o.form("/agent/status", "csrf", o.csrf(), "do", "release", "id", id); got.status != http.StatusSeeOther {
			t.Errorf("publishing %s: %d %s", name, got.status, got.body)
		}
		if got := o.get("/status/" + id); got.status != http.StatusOK {
			t.Errorf("%s is not public: %d", name, got.status)
		}
	}
}
