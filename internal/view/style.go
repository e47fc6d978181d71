package view

import "signpost/internal/locale"

// NewStyle is the page that shows every element once, for those who change
// templates or stylesheets; now is any time, for the examples.
func NewStyle(c Chrome, l *locale.Language, now Time) *Style {
	c.Title, c.Robots = "Style", "noindex"
	levels := []string{LevelOK, LevelNotice, LevelMaintenance, LevelDegraded, LevelPartial, LevelDown, LevelNone}
	days := make([]Day, 90)
	for i := range days {
		days[i] = Day{Date: now, Level: levels[i*len(levels)/len(days)]}
	}
	words := func(level string) string { return l.T("level." + level) }
	post := PostLink{Title: "IMAP does not answer", URL: "#post", Level: LevelDown, StateWord: words(LevelDown), When: now, Names: []string{"IMAP"}}
	p := &Style{Chrome: c, Levels: levels}
	p.Article.Platforms = []Platform{{"macos", "macOS"}, {"ios", "iPhone"}}
	p.Article.Body = styleBody
	p.Setup.Groups = []Settings{{Name: "IMAP", Rows: []Setting{{"Server", "imap.example.com", true}, {"Port", "993", true}, {"Security", "SSL/TLS", false}}}}
	p.Board.Open = []PostCard{{
		PostLink: post, Body: "<p>A power strip has failed.</p>", Updated: now, Mail: "Incoming mail is safe.",
		Affected: []Affect{{"IMAP", LevelDown, words(LevelDown)}}, Unaffected: []string{"Web hosting"}, Next: &Due{At: now}, ETA: &Due{At: now, Overdue: true},
	}}
	p.Board.Groups = []ComponentGroup{{Components: []Component{{Name: "IMAP", Level: LevelDown, StateWord: words(LevelDown), Days: days, Uptime: l.Percent(.9995)}}}}
	p.Board.Recent = []PostLink{post}
	for _, level := range levels {
		p.Post.Updates = append(p.Post.Updates, Update{Level: level, StateWord: words(level), At: now, Body: "<p>One sentence about it.</p>"})
	}
	p.Report.Totals = []Figure{{"Links", l.Number(1204), ""}, {"Opened", l.Number(871), l.Percent(.7234)}}
	p.Report.Charts = []Chart{{"Links a day", []Point{{"Mon", 3}, {"Tue", 8}, {"Wed", 5}, {"Thu", 0}, {"Fri", 6}}}}
	return p
}

// styleBody is what the Markdown renderer makes of every kind of block.
const styleBody HTML = `<p>A paragraph with <strong>strong</strong>, <em>emphasis</em>, <a href="#link">a link</a>, <code>code</code> and <kbd>Ctrl</kbd>+<kbd>K</kbd>.</p>
<h3 id="heading">A heading <a class="anchor" href="#heading" aria-label="Link to this heading">#</a></h3>
<ul><li>One</li><li>Two</li></ul>
<ol class="steps"><li id="step-1"><a class="anchor" href="#step-1" aria-label="Link to step 1">#</a>The first step.</li><li id="step-2"><a class="anchor" href="#step-2" aria-label="Link to step 2">#</a><p>The second step, in two paragraphs.</p><p>This is the other.</p></li></ol>
<div class="alert alert-note" role="note"><p class="alert-title">Note</p><p>Text.</p></div>
<div class="alert alert-tip" role="note"><p class="alert-title">Tip</p><p>Text.</p></div>
<div class="alert alert-warning" role="note"><p class="alert-title">Warning</p><p>Text.</p></div>
<section class="platform" data-platform="macos"><p class="platform-name">macOS</p><h3>Mac</h3><p>Only on a Mac.</p></section>
<section class="platform" data-platform="ios"><p class="platform-name">iPhone</p><h3>iPhone</h3><p>Only on an iPhone.</p></section>
<div class="table" tabindex="0"><table><thead><tr><th>Folder</th><th class="right">Days</th></tr></thead><tbody><tr><td>Spam</td><td class="right">30</td></tr></tbody></table></div>
<blockquote><p>A quotation.</p></blockquote>
<pre><code>require ["fileinto"];
</code></pre>
<p>What could not be resolved: <mark class="problem">{{x}}</mark></p>
`
