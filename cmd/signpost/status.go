package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/content/status/walltime"
	"signpost/internal/problem"
)

// statusFlags are shared by all commands that write posts.
type statusFlags struct {
	content, server, tokenFile, template        string
	title, message, at, eta, next, expect, mail string
	impact, post, update, lang, ends, starts    string
	unaffected, help, components                []string
	pin, json, quiet                            bool
	facts                                       postFacts
}

func statusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Write and list status posts",
		Long: `Writes incidents, planned maintenance and notices into the content folder, which
a server then shows at once, or by a server's API: --server and --token-file.

  signpost status down imap pop --message "We are looking into it." --content DIR
  signpost status add identified --message "A switch failed." --eta 30m --content DIR
  signpost status resolve --message "Everything works again." --content DIR
  signpost status maintenance "2026-12-01 22:00" 2h imap --message "New disks." --content DIR

Times are "YYYY-MM-DD HH:MM" or "HH:MM" in the site's zone, with an abbreviation
or an offset behind them if you like; the default is now. One open post needs no
--post.`,
	}
	cmd.AddCommand(statusList(&f), statusDown(&f), statusMaintenance(&f), statusNotice(&f), statusAdd(&f), statusResolve(&f), statusEdit(&f), statusSet(&f), statusUndo(&f), statusTemplates(&f))
	fl := cmd.PersistentFlags()
	fl.StringVar(&f.content, "content", "", "content folder or git+ repository")
	fl.StringVar(&f.server, "server", "", "write by this server instead: https://help.example.com")
	fl.StringVar(&f.tokenFile, "token-file", "", "file with the API token for --server, of the scope status:write")
	fl.BoolVar(&f.quiet, "no-notify", false, "tell no subscriber of it (with --server)")
	gitFlags(fl)
	return cmd
}

// postFlags adds the flags of commands that begin a post.
func postFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	fl := cmd.Flags()
	fl.StringVar(&f.template, "from", "", "template to start from; \"signpost status templates\" lists them")
	fl.StringVar(&f.title, "title", "", "title (default: made from the components or the template)")
	fl.StringVar(&f.lang, "lang", "", "language of the post (default: the site's first)")
	fl.StringSliceVar(&f.unaffected, "unaffected", nil, "components that keep working")
	fl.StringSliceVar(&f.help, "article", nil, "slugs of articles that help")
	fl.StringVar(&f.mail, "mail", "", "is incoming mail safe, delayed, at-risk or lost?")
	fl.StringVar(&f.expect, "expect", "", "what customers will notice")
	fl.StringVar(&f.impact, "impact", "", "none, minor, major or critical (default: from the components)")
	fl.BoolVar(&f.pin, "pin", false, "show it on every page")
	f.facts.newFlags(fl)
	return writeFlags(cmd, f)
}

// writeFlags adds the flags of commands after which a post is still open.
func writeFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	fl := closeFlags(cmd, f).Flags()
	fl.StringVar(&f.eta, "eta", "", "expected duration until it is solved: 30m or 30m-45m")
	fl.StringVar(&f.next, "next", "", "when the next update will come: 30m")
	return cmd
}

// closeFlags adds the flags of commands that write an update; what is over has
// neither an end to expect nor a next update.
func closeFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	fl := textFlags(cmd, f).Flags()
	fl.StringVar(&f.at, "at", "", "when it happened (default: now)")
	f.facts.textFlags(fl)
	return cmd
}

func textFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	cmd.Flags().StringVarP(&f.message, "message", "m", "", "text, Markdown; - reads it from the standard input")
	return resultFlags(cmd, f)
}

func resultFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	cmd.Flags().BoolVar(&f.json, "json", false, "print {id, path, hash}")
	return cmd
}

// whichFlags adds the flag of commands that change a post.
func whichFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	cmd.Flags().StringVar(&f.post, "post", "", "id of the post (default: the one that is open)")
	return cmd
}

func changeFlags(cmd *cobra.Command, f *statusFlags) *cobra.Command {
	return writeFlags(whichFlags(cmd, f), f)
}

func statusDown(f *statusFlags) *cobra.Command {
	return postFlags(&cobra.Command{
		Use: "down COMPONENT…", Short: "Open an incident",
		Long: "Opens an incident. A component may carry its state: imap=degraded, smtp=partial; without one it is down.",
		Args: atLeast(1, "one component or more"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.newPost(cmd, edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: args}})
		},
	}, f)
}

func statusMaintenance(f *statusFlags) *cobra.Command {
	return postFlags(&cobra.Command{
		Use: "maintenance START LASTS COMPONENT…", Short: "Announce planned work",
		Long: "Announces planned work. LASTS is a duration, 2h30m, or the end: \"2026-12-02 00:30\", or unknown.",
		Args: atLeast(3, "a start, a duration and one component or more"),
		RunE: func(cmd *cobra.Command, args []string) error {
			fm := status.FrontMatter{Kind: status.Maintenance, Starts: args[0], Lasts: args[1], Affects: args[2:]}
			if _, ok := walltime.ParseDuration(fm.Lasts); !ok {
				fm.Ends, fm.Lasts = fm.Lasts, ""
			}
			return f.newPost(cmd, edit.Draft{FrontMatter: fm})
		},
	}, f)
}

func statusNotice(f *statusFlags) *cobra.Command {
	return postFlags(&cobra.Command{
		Use: "notice [COMPONENT…]", Short: "Publish a notice",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.newPost(cmd, edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Notice, Affects: args}})
		},
	}, f)
}

func statusAdd(f *statusFlags) *cobra.Command {
	cmd := changeFlags(&cobra.Command{
		Use: "add STATE [POST] [COMPONENT=STATE…]", Short: "Add an update to a post",
		Long: `Adds an update. STATE is, for an incident, investigating, identified, monitoring,
update, resolved, reopened or postmortem; for maintenance scheduled, started,
update, extended, completed, cancelled or postmortem; for a notice published,
update or resolved. Components that do better or worse now follow: imap=ok.`,
		Args: atLeast(1, "a state, and the id of the post when several are open"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var posts []string
			for _, a := range args[1:] {
				if strings.Contains(a, "=") {
					f.components = append(f.components, a)
				} else {
					posts = append(posts, a)
				}
			}
			if len(posts) > 1 {
				return usageError{hinted(fmt.Errorf("an update is for one post, not for %d", len(posts)), "usage: "+cmd.UseLine())}
			}
			return f.change(cmd, posts, func(e postWriter, id, message string) (content.Written, error) {
				a, err := f.addition(status.State(args[0]), message)
				if err != nil {
					return content.Written{}, err
				}
				return e.Add(id, a, "")
			})
		},
	}, f)
	cmd.Flags().StringSliceVar(&f.components, "component", nil, "new state of a component: imap=ok")
	cmd.Flags().StringVar(&f.starts, "starts", "", "new beginning of a maintenance (scheduled)")
	cmd.Flags().StringVar(&f.ends, "ends", "", "new end of a maintenance (extended, scheduled)")
	cmd.Flags().StringVar(&f.facts.lasts, "lasts", "", "new duration of a maintenance, in place of --ends (scheduled)")
	cmd.Flags().StringVar(&f.facts.corrects, "corrects", "", "id of the earlier update that this one corrects")
	f.facts.setFlag(cmd.Flags())
	return cmd
}

func statusResolve(f *statusFlags) *cobra.Command {
	return closeFlags(whichFlags(&cobra.Command{
		Use: "resolve [POST]", Short: "Close a post: resolved, or completed for maintenance",
		Args: between(0, 1, "the id of the post when several are open"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.change(cmd, args, func(e postWriter, id, message string) (content.Written, error) {
				a, err := f.addition("", message)
				if err != nil {
					return content.Written{}, err
				}
				return e.Resolve(id, a, "")
			})
		},
	}, f), f)
}

func statusEdit(f *statusFlags) *cobra.Command {
	cmd := textFlags(whichFlags(&cobra.Command{
		Use: "edit [POST]", Short: "Replace the text of an update; readers see that it was edited",
		Args: between(0, 1, "the id of the post when several are open"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.message == "" {
				return usageError{errors.New("edit wants the new text: --message")}
			}
			return f.change(cmd, args, func(e postWriter, id, message string) (content.Written, error) {
				c := edit.Correction{Update: f.update, Text: &message}
				if lang := f.facts.textLang; lang != "" {
					c.Text, c.Texts = nil, map[string]string{lang: message}
				}
				return e.Edit(id, c, "")
			})
		},
	}, f), f)
	cmd.Flags().StringVar(&f.update, "update", "", "id of the update (default: the latest)")
	cmd.Flags().StringVar(&f.facts.textLang, "lang", "", "language of the text, when it is not the post's")
	return cmd
}

func statusUndo(f *statusFlags) *cobra.Command {
	cmd := resultFlags(&cobra.Command{
		Use: "undo [POST]", Short: "Take the latest update away, or the post when it has only one",
		Args: between(0, 1, "the id of the post; without one it is the post that was changed last"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.change(cmd, args, func(e postWriter, id, _ string) (content.Written, error) { return e.Undo(id, "") })
		},
	}, f)
	cmd.Flags().StringVar(&f.post, "post", "", "id of the post (default: the one that was changed last, in the last 24 hours)")
	return cmd
}

func statusTemplates(f *statusFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "templates", Short: "List the templates for --from",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, t := range edit.Templates(f.lang) {
				fmt.Fprintf(cmd.OutOrStdout(), "%-12s %-12s %s\n", t.Name, t.Kind, t.Title)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&f.lang, "lang", "en", "language")
	return cmd
}

func statusList(f *statusFlags) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "list", Short: "List open and planned posts",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			lines, err := f.posts(cmd, all)
			if err != nil {
				return err
			}
			return listPosts(cmd.OutOrStdout(), lines, f.json)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "closed posts too")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return cmd
}

// A postLine is a post in a list.
type postLine struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	State string `json:"state"`
	Phase string `json:"phase"`
	Title string `json:"title"`
	Began string `json:"began,omitempty"`
}

// posts reads the posts of the folder or of the server.
func (f *statusFlags) posts(cmd *cobra.Command, all bool) ([]postLine, error) {
	lines := []postLine{}
	if f.server != "" {
		r, err := openRemote(cmd, f.server, f.tokenFile)
		if err != nil {
			return nil, err
		}
		posts, err := r.Posts(all)
		for _, p := range posts {
			if p.Phase == string(status.Upcoming) {
				p.Began = p.Starts
			}
			lines = append(lines, postLine{p.ID, p.Kind, p.State, p.Phase, p.Title, p.Began})
		}
		return lines, err
	}
	src, lib, _, err := loadContent(cmd, f.content)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	for _, p := range lib.Board.At(time.Now()).Posts {
		if !all && p.Phase != status.Open && p.Phase != status.Upcoming {
			continue
		}
		began := p.Began
		if p.Phase == status.Upcoming {
			began = p.Planned.Start
		}
		l := postLine{ID: p.ID, Kind: string(p.Kind), State: string(p.State), Phase: string(p.Phase), Title: p.Title.In()}
		if !began.IsZero() {
			l.Began = began.String()
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func listPosts(w io.Writer, lines []postLine, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(lines)
	}
	if len(lines) == 0 {
		fmt.Fprintln(w, "nothing is open or planned")
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		cells := []string{l.ID, l.Kind, l.State, l.Began, l.Title}
		for i, cell := range cells { // a server's words must not steer the terminal
			cells[i] = problem.Printable(cell)
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

func (f *statusFlags) addition(state status.State, message string) (edit.Addition, error) {
	a := edit.Addition{
		State: state, Message: message, Affects: f.components, At: f.at, ETA: f.eta, Next: f.next, Starts: f.starts, Ends: f.ends,
		Lasts: f.facts.lasts, Corrects: f.facts.corrects, Force: f.facts.force,
	}
	var err, setErr error
	a.Texts, err = byLanguage("--message-in", f.facts.messages)
	a.Facts, setErr = keys(f.facts.set)
	return a, errors.Join(err, setErr)
}

// editor opens the content folder for writing, or the way to a server.
func (f *statusFlags) editor(cmd *cobra.Command) (postWriter, func(), error) {
	if f.server != "" {
		r, err := openRemote(cmd, f.server, f.tokenFile)
		if err == nil && f.quiet {
			r = r.Quiet()
		}
		return r, func() {}, err
	}
	if f.quiet {
		return nil, nil, usageError{hinted(errors.New("--no-notify requires --server: a file does not say who is told of it"), "write by the server, or press \"Stop\" at /agent/status while the notice is held")}
	}
	if f.content == "" {
		return nil, nil, usageError{hinted(errors.New("the sample site cannot be written"), "\"signpost init --sample DIR\" makes a folder; name it with --content DIR or SIGNPOST_CONTENT")}
	}
	src, lib, _, err := loadContent(cmd, f.content)
	if err != nil {
		return nil, nil, err
	}
	return &content.Editor{Source: src, Library: lib, Now: time.Now()}, func() { src.Close() }, nil
}

const maxMessage = 64 << 10 // bytes

// text is the message, from the standard input for "-".
func (f *statusFlags) text(cmd *cobra.Command) (string, error) {
	if f.message != "-" {
		return f.message, nil
	}
	text, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxMessage+1))
	if err == nil && len(text) > maxMessage {
		err = fmt.Errorf("the message is longer than %d bytes", maxMessage)
	}
	return string(text), err
}

func (f *statusFlags) newPost(cmd *cobra.Command, d edit.Draft) error {
	e, done, err := f.editor(cmd)
	if err != nil {
		return err
	}
	defer done()
	if d.Message, err = f.text(cmd); err != nil {
		return err
	}
	d.Title, d.Lang, d.Template, d.At, d.ETA, d.NextIn = f.title, f.lang, f.template, f.at, f.eta, f.next
	d.Unaffected, d.Help, d.Mail, d.Expect, d.Impact = f.unaffected, f.help, status.MailSafety(f.mail), f.expect, f.impact
	if f.pin {
		d.Pin = "true"
	}
	if err := f.facts.into(&d); err != nil {
		return err
	}
	if strings.TrimSpace(d.Message) == "" && d.Template == "" {
		return usageError{hinted(errors.New("the post has no text"), "say what customers notice with --message, or start from a template with --from")}
	}
	w, err := e.New(d)
	return f.report(cmd, w, err)
}

func (f *statusFlags) change(cmd *cobra.Command, args []string, do func(e postWriter, id, message string) (content.Written, error)) error {
	if len(args) == 1 {
		f.post = args[0]
	}
	e, done, err := f.editor(cmd)
	if err != nil {
		return err
	}
	defer done()
	message, err := f.text(cmd)
	if err != nil {
		return err
	}
	w, err := do(e, f.post, message)
	return f.report(cmd, w, err)
}

func (f *statusFlags) report(cmd *cobra.Command, w content.Written, err error) error {
	switch {
	case errors.Is(err, source.ErrConflict):
		return hinted(err, "nothing was written; look at the post and try again")
	case errors.As(err, new(*edit.Doubtful)):
		return hinted(err, "--force writes it anyway")
	case errors.Is(err, content.ErrWhich), errors.Is(err, content.ErrSameTime):
		return hinted(err, "add its id, or --post ID")
	case errors.Is(err, content.ErrNoneOpen), errors.Is(err, content.ErrNoChange):
		return hinted(err, "name the post: --post ID; \"signpost status list --all\" shows them all")
	case err != nil:
		return unwritten(err)
	}
	out := cmd.OutOrStdout()
	if f.json {
		return json.NewEncoder(out).Encode(struct {
			ID   string `json:"id"`
			Path string `json:"path"`
			Hash string `json:"hash"` // "" when the post is gone
		}{w.ID, w.Path, w.Hash})
	}
	if w.Hash == "" {
		fmt.Fprintf(out, "%s is gone\n", problem.Printable(w.Path))
		return nil
	}
	fmt.Fprintf(out, "%s\n", problem.Printable(w.Path))
	return nil
}
