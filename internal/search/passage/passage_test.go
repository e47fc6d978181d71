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

// outline is of words that all say as much.
func outline(titles ...string) *Outline {
	rarity := map[uint32]float32{}
	for _, text := range []string{"a title without any of it the password is one thing server another about of together nothing other change your account phrase"} {
		words.Hashes(text, func(h uint32, _, _ int) { rarity[h] = 1 }, func() {})
	}
	o := NewOutline(rarity)
	for _, t := range titles {
		o.Title(t)
	}
	return o
}

func TestWeigh(t *testing.T) {
	o := outline("A title without any of it")
	o.Section("", "The password is one thing. The server is another.")
	o.Section("About", "Nothing. Password of the server, together.")
	o.Section("Server", "Nothing.")
	m := matcher("password", "server")
	defer m.Release()
	near := m.Weigh(o)
	if near.Section != 1 || near.Start != len("Nothing. ") || near.Covered != 1 {
		t.Errorf("%+v: the second section has both words in its second sentence", near)
	}
	apart := outline()
	apart.Section("", "The password is one thing. The server is another.")
	far := m.Weigh(apart)
	if far.Sentence >= near.Sentence || far.Covered != .5 {
		t.Errorf("words in one sentence weigh %+v, in two %+v", near, far)
	}
	titled := outline("The server")
	titled.Section("", "The password is one thing. The server is another.")
	if w := m.Weigh(titled); w.Covered != 1 {
		t.Errorf("the title and a sentence say %g of the query, want all", w.Covered)
	}
	beside := outline()
	beside.Section("", "The of is one password server thing.")
	if w := m.Weigh(beside); w.Sentence <= near.Sentence {
		t.Errorf("words side by side weigh %g, apart %g", w.Sentence, near.Sentence)
	}
	if w := m.Weigh(outline()); w != (Weights{Section: -1, Start: -1}) {
		t.Errorf("an empty outline: %+v", w)
	}
}

// What else a sentence says counts by how rare its words are.
func TestWeighRarity(t *testing.T) {
	rarity := map[uint32]float32{words.Hash("password"): 2, words.Hash("you"): .1, words.Hash("quarterly"): 5}
	m := matcher("password")
	defer m.Release()
	weight := func(text string) float32 {
		o := NewOutline(rarity)
		o.Section("", text)
		return m.Weigh(o).Sentence
	}
	if a, b := weight("you you password you you"), weight("quarterly password"); a <= b {
		t.Errorf("beside common words %g, beside a rare one %g", a, b)
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
		if got := Snippet(c.text, m.Find(c.text, 0)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		m.Release()
	}
	m := matcher("password", "server")
	defer m.Release()
	got := Snippet(long, m.Find(long, 0))
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
		got := Snippet(text, m.Find(text, 0))
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
	got := Snippet(text, m.Find(text, 0))
	if want := "Mail with <mark>spam</mark>, or <mark>junk</mark> <mark>mail</mark>, is mail too."; got != want {
		t.Errorf("= %s", got)
	}
}

// A title that says the whole query, and little else, is named fully.
func TestWeighTitles(t *testing.T) {
	m := NewMatcher([]Mark{{Hash: words.Hash("change"), Weight: 1}, {Hash: words.Hash("password"), Concept: 1, Weight: 2}, {Hash: words.Hash("phrase"), Concept: 2, Weight: 9, Apart: true}}, 3)
	defer m.Release()
	named := func(titles ...string) float32 {
		o := outline(titles...)
		o.Section("Change", "Change the password.")
		return m.Weigh(o).Named
	}
	whole, longer, half, none := named("Other", "change password"), named("Change the password of your account"), named("Password"), named("Account")
	if whole != 1 || longer >= whole || half >= longer || none != 0 {
		t.Error(whole, longer, half, none)
	}
}
