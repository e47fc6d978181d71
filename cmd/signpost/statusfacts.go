package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"signpost/internal/content"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

// postFacts are what a post can say beside its text, as flags.
type postFacts struct {
	who, action, workaround, unaffectedText, supplier string
	expires, pinUntil, publish, zone, lasts, corrects string
	id, state, supersededBy                           string
	textLang                                          string // of the text that edit writes
	windows, titles, messages, sentences, set         []string
	draft, approx, force, over                        bool
}

// newFlags are those of a new post.
func (p *postFacts) newFlags(fl *pflag.FlagSet) {
	fl.StringVar(&p.who, "who", "", "who is concerned")
	fl.StringVar(&p.action, "action", "", "what customers should do")
	fl.StringVar(&p.workaround, "workaround", "", "what works meanwhile")
	fl.StringVar(&p.unaffectedText, "unaffected-text", "", "what keeps working, in a sentence")
	fl.StringVar(&p.supplier, "supplier", "", "the third party whose fault or work it is")
	fl.StringVar(&p.expires, "expires", "", "when the post stops being valid")
	fl.StringVar(&p.pinUntil, "pin-until", "", "show it on every page until this time")
	fl.StringVar(&p.publish, "publish", "", "when it becomes public (default: at once)")
	fl.StringVar(&p.zone, "zone", "", "IANA time zone of its times (default: the site's)")
	fl.StringArrayVar(&p.windows, "window", nil, "a part of the time in which something is done: \"2026-12-01 22:00/2026-12-01 23:00\"")
	fl.StringArrayVar(&p.titles, "title-in", nil, "title in another language: \"de=Neue Festplatten\"")
	fl.StringVar(&p.id, "id", "", "id of the post (default: made from day and title)")
	fl.StringVar(&p.state, "state", "", "first state: identified (default: investigating, scheduled or published)")
	fl.StringVar(&p.supersededBy, "superseded-by", "", "id of the post that replaces it")
	fl.BoolVar(&p.over, "over", false, "it is over, and nobody knows since when")
	p.sentenceFlag(fl)
	fl.BoolVar(&p.draft, "draft", false, "keep it from the public")
	fl.BoolVar(&p.approx, "approx", false, "its times are only about right")
}

// textFlags are those of a new post and of an update.
func (p *postFacts) textFlags(fl *pflag.FlagSet) {
	fl.StringArrayVar(&p.messages, "message-in", nil, "text in another language: \"de=Wir sehen nach.\"")
	fl.BoolVar(&p.force, "force", false, "write times that cannot be meant")
}

func (p *postFacts) sentenceFlag(fl *pflag.FlagSet) {
	fl.StringArrayVar(&p.sentences, "sentence-in", nil, "short sentence in another language: \"de.who=Alle mit IMAP\"")
}

func (p *postFacts) setFlag(fl *pflag.FlagSet) {
	fl.StringArrayVar(&p.set, "set", nil, "change a key of the front matter too: mail=safe; an empty value takes it away")
}

// into fills a draft.
func (p *postFacts) into(d *edit.Draft) error {
	d.Who, d.Action, d.Workaround, d.UnaffectedText, d.Supplier = p.who, p.action, p.workaround, p.unaffectedText, p.supplier
	d.ID, d.State, d.SupersededBy = p.id, status.State(p.state), p.supersededBy
	if p.over {
		d.Resolved = "unknown"
	}
	d.Expires, d.Publish, d.Zone, d.Draft, d.Approx, d.Force = p.expires, p.publish, p.zone, p.draft, p.approx, p.force
	if p.pinUntil != "" {
		d.Pin = "until " + p.pinUntil
	}
	var err error
	if d.Windows, err = windows(p.windows); err != nil {
		return err
	}
	titles, err := byLanguage("--title-in", p.titles)
	if err != nil {
		return err
	}
	messages, err := byLanguage("--message-in", p.messages)
	if err != nil {
		return err
	}
	sentences, err := sentences(p.sentences)
	if err != nil {
		return err
	}
	d.Texts = map[string]edit.Text{}
	for lang, s := range sentences {
		d.Texts[lang] = edit.Text{TextFront: s}
	}
	for lang, title := range titles {
		t := d.Texts[lang]
		t.Title = title
		d.Texts[lang] = t
	}
	for lang, message := range messages {
		t := d.Texts[lang]
		t.Message = message
		d.Texts[lang] = t
	}
	return nil
}

// windows reads START/END.
func windows(list []string) ([]status.WindowText, error) {
	var windows []status.WindowText
	for _, w := range list {
		start, end, ok := strings.Cut(w, "/")
		if !ok || strings.TrimSpace(start) == "" || strings.TrimSpace(end) == "" {
			return nil, usageError{hinted(fmt.Errorf("--window: %q is not a start and an end", w), "write \"2026-12-01 22:00/2026-12-01 23:00\"")}
		}
		windows = append(windows, status.WindowText{Starts: strings.TrimSpace(start), Ends: strings.TrimSpace(end)})
	}
	return windows, nil
}

// byLanguage reads LANG=TEXT.
func byLanguage(flag string, list []string) (map[string]string, error) {
	texts := map[string]string{}
	for _, item := range list {
		lang, text, ok := strings.Cut(item, "=")
		if lang = strings.TrimSpace(lang); !ok || lang == "" {
			return nil, usageError{hinted(fmt.Errorf("%s: %q does not say the language", flag, item), "write "+flag+" \"de=…\"")}
		}
		texts[lang] = text
	}
	return texts, nil
}

// sentences reads LANG.KEY=TEXT.
func sentences(list []string) (map[string]status.TextFront, error) {
	texts := map[string]status.TextFront{}
	for _, item := range list {
		name, text, ok := strings.Cut(item, "=")
		lang, key, dot := strings.Cut(strings.TrimSpace(name), ".")
		s := texts[lang]
		field := map[string]*string{
			"title": &s.Title, "expect": &s.Expect, "who": &s.Who, "unaffected_text": &s.UnaffectedText, "action": &s.Action, "workaround": &s.Workaround,
		}[key]
		if !ok || !dot || lang == "" || field == nil {
			return nil, usageError{hinted(fmt.Errorf("--sentence-in: %q does not say language and key", item), "write \"de.who=…\"; the keys are title, expect, who, unaffected_text, action and workaround")}
		}
		*field = text
		texts[lang] = s
	}
	return texts, nil
}

// keys reads KEY=VALUE.
func keys(list []string) (map[string]string, error) {
	facts := map[string]string{}
	for _, item := range list {
		key, value, ok := strings.Cut(item, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return nil, usageError{hinted(fmt.Errorf("%q does not say which key changes", item), "write mail=safe, or mail= to take the key away")}
		}
		facts[key] = value
	}
	return facts, nil
}

// statusSet changes what a post says outside of its updates.
func statusSet(f *statusFlags) *cobra.Command {
	cmd := resultFlags(whichFlags(&cobra.Command{
		Use: "set [POST] [KEY=VALUE…]", Short: "Change what a post says beside its updates",
		Long: `Changes keys of a post's front matter, as they are written in the file; an empty
value takes a key away. Readers see that the post was edited, except by help, pin,
expires, superseded_by, draft and publish.

  signpost status set pin= expires=2026-12-31 --content DIR
  signpost status set draft= --post 2026-12-01-new-disks --content DIR
  signpost status set starts="2026-12-02 22:00" title_de="Neue Festplatten" --content DIR

What can be changed: title, expect, who, unaffected_text, action and workaround (each
also with a language, as title_de), affects, unaffected, impact, mail, supplier, help,
pin, expires, superseded_by, starts, ends, lasts, approx, resolved, draft, publish.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && len(f.facts.sentences) == 0 && len(f.facts.windows) == 0 {
				return usageError{hinted(errors.New("set requires a key and its new value: pin=true"), "usage: "+cmd.UseLine())}
			}
			var posts []string
			if len(args) > 0 && !strings.Contains(args[0], "=") {
				posts, args = args[:1], args[1:]
			}
			facts, err := keys(args)
			if err != nil {
				return err
			}
			r := edit.Revision{Facts: facts, Force: f.facts.force}
			if r.Windows, err = windows(f.facts.windows); err != nil {
				return err
			}
			if r.Texts, err = sentences(f.facts.sentences); err != nil {
				return err
			}
			return f.change(cmd, posts, func(e postWriter, id, _ string) (content.Written, error) { return e.Revise(id, r, "") })
		},
	}, f), f)
	cmd.Flags().StringArrayVar(&f.facts.windows, "window", nil, "the parts of the time in which something is done from now on: \"2026-12-01 22:00/2026-12-01 23:00\"")
	cmd.Flags().BoolVar(&f.facts.force, "force", false, "write times that cannot be meant")
	f.facts.sentenceFlag(cmd.Flags())
	return cmd
}
