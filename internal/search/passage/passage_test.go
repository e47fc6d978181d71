package passage

import (
	"strings"
	"testing"
	"unicode/utf8"

	"signpost/internal/search/words"
)

func matcher(list ...string) *Matcher {
	var marks []Mark
	for i, w := range list {
		marks = append(marks, Mark{Hash: words.Hash(w), Concept: int32(i), Weight: 1})
	}
	return NewMatcher(marks, len(list))
}

func TestWeigh(t *testing.T) {
	var o Outline
	o.Text("A title without any of it")
	o.Section("", "The password is one thing. The server is another.")
	o.Section("About", "Password of the server, together.")
	o.Section("Server", "Nothing.")
	m := matcher("password", "server")
	defer m.Release()
	near, _, best := m.Weigh(o)
	if best != 1 {
		t.Errorf("best section %d, want 1", best)
	}
	var apart Outline
	apart.Section("", "The password is one thing. The server is another.")
	if far, _, _ := m.Weigh(apart); far >= near {
		t.Errorf("words in one sentence weigh %g, in two %g", near, far)
	}
	if p, _, best := m.Weigh(nil); p != 0 || best != -1 {
		t.Errorf("an empty outline: %g, %d", p, best)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("Filler words come first and say little. ", 8) + "Only here the PASSWORD & the server meet. " + strings.Repeat("More filler follows. ", 20)
	for _, c := range []struct{ name, text, want string }{
		{"short", "Your password.", "Your <mark>password</mark>."},
		{"markup", `<b>password</b> "x"`, "&lt;b&gt;<mark>password</mark>&lt;/b&gt; &#34;x&#34;"},
		{"lines", "a\n\n password\tb", "a <mark>password</mark> b"},
		{"nothing found", "plain text", "plain text"},
		{"empty", "", ""},
	} {
		m := matcher("password", "server")
		if got := Snippet(c.text, m.Find(c.text)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		m.Release()
	}
	m := matcher("password", "server")
	defer m.Release()
	got := Snippet(long, m.Find(long))
	if !strings.HasPrefix(got, "…Only here the <mark>PASSWORD</mark> &amp; the <mark>server</mark> meet.") || !strings.HasSuffix(got, "…") {
		t.Errorf("long: %q", got)
	}
	if n := utf8.RuneCountInString(got); n > 200 {
		t.Errorf("long: %d characters", n)
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("The password.\nNext <line> & more", 3)
	f.Add(strings.Repeat("ä’ password", 60), 7)
	f.Fuzz(func(t *testing.T, text string, _ int) {
		m := matcher("password", "a")
		defer m.Release()
		got := Snippet(text, m.Find(text))
		plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got)
		if strings.ContainsAny(plain, "<>\n\r\t") {
			t.Errorf("%q", got)
		}
		if n := utf8.RuneCountInString(plain); n > 6*(snippetRunes+2) {
			t.Errorf("%d characters", n)
		}
	})
}

// A word of "junk mail" alone is no match: half of the text would be marked.
func TestFindWordsSideBySide(t *testing.T) {
	m := NewMatcher([]Mark{
		{Hash: words.Hash("spam"), Concept: 0, Weight: 1},
		{Hash: words.Hash("junk"), Concept: 0, Weight: .8, Part: true},
		{Hash: words.Hash("mail"), Concept: 0, Weight: .8, Part: true},
	}, 1)
	defer m.Release()
	text := "Mail with spam, or junk mail, is mail too."
	got := Snippet(text, m.Find(text))
	if want := "Mail with <mark>spam</mark>, or <mark>junk</mark> <mark>mail</mark>, is mail too."; got != want {
		t.Errorf("= %s", got)
	}
}

// A title that says the whole query, and little else, is named fully.
func TestWeighTitles(t *testing.T) {
	m := NewMatcher([]Mark{{Hash: words.Hash("change"), Weight: 1}, {Hash: words.Hash("password"), Concept: 1, Weight: 2}, {Hash: words.Hash("phrase"), Concept: 2, Weight: 9, Apart: true}}, 3)
	defer m.Release()
	named := func(titles ...string) float32 {
		var o Outline
		for _, s := range titles {
			o.Text(s)
		}
		o.Section("Change", "Change the password.")
		_, n, _ := m.Weigh(o)
		return n
	}
	whole, longer, half, none := named("Other", "change password"), named("Change the password of your account"), named("Password"), named("Account")
	if whole != 1 || longer >= whole || half >= longer || none != 0 {
		t.Error(whole, longer, half, none)
	}
}
