package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/notify"
	"signpost/internal/notify/bounce"
	"signpost/internal/problem"
	"signpost/internal/state"
	"signpost/internal/state/notices"
	"signpost/internal/token"
)

// subscriberFlags say whose subscribers a command works on, and by which key
// ring they are hashed and sealed.
type subscriberFlags struct {
	stateFlags
	keys string
}

func (f *subscriberFlags) add(cmd *cobra.Command) {
	f.stateFlags.add(cmd)
	secretKeyFlag(cmd.PersistentFlags(), &f.keys)
}

// with gives the notices to do.
func (f *subscriberFlags) with(ctx context.Context, do func(*state.Store) error) error {
	return withKeys(ctx, &f.stateFlags, f.keys, do)
}

// withKeys gives the state to do, with the key ring of the site.
func withKeys(ctx context.Context, f *stateFlags, file string, do func(*state.Store) error) (err error) {
	ring, err := token.Read(cmp.Or(file, filepath.Join(f.data, "secret.key")))
	if err != nil {
		return hinted(err, "the server makes the key ring when it starts; name its data folder with --data, or the ring that replicas share with --secret-key-file")
	}
	f.ring = ring
	return f.with(ctx, do)
}

func subscribersCommand() *cobra.Command {
	var f subscriberFlags
	cmd := &cobra.Command{
		Use:   "subscribers",
		Short: "Manage who is told of changes on the status page",
		Long: `Adds, imports, exports, lists and removes subscribers, in the state of a server
with the same --data and --state, also while it runs. People subscribe and leave by
themselves at /status/subscribe; whoever has left is not imported again.`,
	}
	f.add(cmd)
	cmd.AddCommand(subscribersAdd(&f), subscribersImport(&f), subscribersExport(&f), subscribersList(&f), subscribersRemove(&f), subscribersBounce(&f))
	return cmd
}

// Limits of a file of subscribers.
const (
	maxSubscribers = 200_000 // lines
	maxListed      = 20      // of the lines that are refused
)

func subscribersImport(f *subscriberFlags) *cobra.Command {
	var consent, language string
	dry := false
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Subscribe the addresses of a list whose owners have agreed elsewhere; - is the standard input",
		Long: `Subscribes addresses without asking them for a confirmation: --consent says where
they agreed, and is kept as the proof. FILE has one address a line, or is a CSV
file whose first line names the columns: address, and language, zone, components
and posts if there are any (several components with spaces between). Addresses that have
left before, or whose mail came back, are left out. Lines that cannot be used are
listed, and the others imported. Nobody is sent anything.`,
		Args: exactly(1, "a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(consent) == "" {
				return usageError{hinted(errors.New("--consent must say where these people agreed to be told"), "for example --consent \"newsletter form of 2025\"")}
			}
			in := cmd.InOrStdin()
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				in = file
			}
			list, err := readSubscribers(in, language)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return f.with(cmd.Context(), func(s *state.Store) error {
				return importSubscribers(cmd, s, list, args[0], consent, dry)
			})
		},
	}
	cmd.Flags().StringVar(&consent, "consent", "", "where these people agreed (required)")
	cmd.Flags().StringVar(&language, "language", "", "language of who has none in the file")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be done")
	return cmd
}

// A numbered is an entry of a file with its line.
type numbered struct {
	notices.Import
	line int
}

// readSubscribers reads a list: one address a line, or CSV with a header.
func readSubscribers(in io.Reader, language string) ([]numbered, error) {
	r := csv.NewReader(in)
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace, r.LazyQuotes = '#', -1, true, true
	columns := []string{"address"}
	var list []numbered
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if len(list) >= maxSubscribers {
			return nil, hinted(fmt.Errorf("more than %d lines", maxSubscribers), "divide the file")
		}
		record[0] = strings.TrimPrefix(record[0], "\ufeff")
		if first && !slices.ContainsFunc(record, func(s string) bool { return strings.Contains(s, "@") }) {
			if columns, err = header(record); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			continue
		}
		n := numbered{line: line}
		n.Language = language
		for i, value := range record {
			if value = strings.TrimSpace(value); i < len(columns) && value != "" {
				n.set(columns[i], value)
			}
		}
		list = append(list, n)
	}
}

// columns that a list of subscribers can have; what an export has besides is not read.
var subscriberColumns = []string{"address", "language", "zone", "components", "posts", "channel", "created", "confirmed", "consent", "off"}

func header(record []string) ([]string, error) {
	var columns []string
	for _, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(subscriberColumns, name) {
			return nil, hinted(fmt.Errorf("unknown column %q", name), problem.DidYouMean(name, subscriberColumns))
		}
		columns = append(columns, name)
	}
	return columns, nil
}

func (n *numbered) set(column, value string) {
	switch column {
	case "address":
		n.Address = value
	case "language":
		n.Language = value
	case "zone":
		n.Zone = value
	case "components":
		n.Components = strings.Fields(value)
	case "posts":
		n.Posts = strings.Fields(value)
	}
}

func importSubscribers(cmd *cobra.Command, s *state.Store, list []numbered, name, consent string, dry bool) error {
	var entries []notices.Import
	for _, n := range list {
		entries = append(entries, n.Import)
	}
	got, err := s.Notices.Import(cmd.Context(), entries, consent, dry, time.Now())
	if err != nil {
		return stateError(err)
	}
	for i, at := range got.Refused[:min(len(got.Refused), maxListed)] {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s:%d: %s\n", name, list[at].line, problem.Printable(got.Reasons[i].Error()))
	}
	if n := len(got.Refused) - maxListed; n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "and %d more lines\n", n)
	}
	verb := "subscribed"
	if dry {
		verb = "would be subscribed"
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d %s, %d were already, %d have left or cannot be reached, %d lines cannot be used\n", got.Added, verb, got.Known, got.Suppressed, len(got.Refused))
	if len(got.Refused) > 0 {
		return silentError{}
	}
	return nil
}

func subscribersExport(f *subscriberFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "export FILE",
		Short: "Write all mail subscribers as CSV; - is the standard output",
		Args:  exactly(1, "a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				list, err := s.Notices.List(cmd.Context(), notify.Mail)
				if err != nil {
					return stateError(err)
				}
				return writeWhole(cmd, args[0], func(w io.Writer) error { return exportSubscribers(w, list) })
			})
		},
	}
}

func exportSubscribers(w io.Writer, list []notify.Subscription) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"address", "language", "zone", "components", "posts", "created", "confirmed", "consent"}}
	for _, s := range list {
		rows = append(rows, []string{
			s.Target, s.Language, s.Zone, strings.Join(s.Components, " "), strings.Join(s.Posts, " "),
			s.Created.UTC().Format(time.RFC3339), s.Confirmed.UTC().Format(time.RFC3339), s.Proof.Version,
		})
	}
	return out.WriteAll(rows)
}

func subscribersList(f *subscriberFlags) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List all subscribers, also webhooks and chats",
		Args:  exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				list, err := s.Notices.List(cmd.Context(), "")
				if err != nil {
					return stateError(err)
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), listedSubscribers(list))
				}
				for _, s := range listedSubscribers(list) {
					off := ""
					if s.Off != nil {
						off = "off since " + s.Off.Local().Format(time.DateOnly)
					}
					line := fmt.Sprintf("%s  %-10s  %-32s  %-5s  %s  %s %s", s.ID, s.Channel, s.Target, s.Language, s.Confirmed.Local().Format(time.DateOnly),
						cmp.Or(strings.Join(s.Components, ","), "everything"), off)
					fmt.Fprintln(cmd.OutOrStdout(), problem.Printable(strings.TrimSpace(line)))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// A listed subscriber is what lists show: no token of a link.
type listedSubscriber struct {
	ID         string         `json:"id"`
	Channel    notify.Channel `json:"channel"`
	Target     string         `json:"target"` // masked, but for mail
	Language   string         `json:"language"`
	Zone       string         `json:"zone"`
	Components []string       `json:"components"` // empty: all
	Posts      []string       `json:"posts"`      // empty: all
	Created    time.Time      `json:"created"`
	Confirmed  time.Time      `json:"confirmed"`
	Consent    string         `json:"consent"` // version of the text that was agreed to, or the source of an import
	Off        *time.Time     `json:"off,omitempty"`
}

func listedSubscribers(list []notify.Subscription) []listedSubscriber {
	out := []listedSubscriber{}
	for _, s := range list {
		l := listedSubscriber{
			ID: s.ID, Channel: s.Channel, Target: s.Target, Language: s.Language, Zone: s.Zone, Components: append([]string{}, s.Components...),
			Posts: append([]string{}, s.Posts...), Created: s.Created, Confirmed: s.Confirmed, Consent: s.Proof.Version,
		}
		if !s.Off.IsZero() {
			l.Off = &s.Off
		}
		out = append(out, l)
	}
	return out
}

func subscribersRemove(f *subscriberFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "remove ADDRESS|ID",
		Short: "End a subscription, by its address or by the id that list shows",
		Args:  exactly(1, "an address or an id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				id := args[0]
				if strings.Contains(id, "@") {
					sub, err := s.Notices.ByTarget(cmd.Context(), notify.Mail, id, time.Now())
					if err != nil {
						return subscriberError(err)
					}
					id = sub.ID
				}
				if err := s.Notices.End(cmd.Context(), id, time.Now()); err != nil {
					return subscriberError(err)
				}
				fmt.Fprintln(cmd.OutOrStdout(), "the subscription has ended")
				return nil
			})
		},
	}
}

func subscriberError(err error) error {
	if errors.Is(err, notify.ErrNobody) {
		return hinted(err, "\"signpost subscribers list\" shows all")
	}
	return stateError(err)
}

func subscribersBounce(f *subscriberFlags) *cobra.Command {
	to := ""
	cmd := &cobra.Command{
		Use:   "bounce",
		Short: "Read a mail that came back from the standard input",
		Long: `Reads one delivery status notification (RFC 3464) from the standard input, for a
pipe of the mail server that takes mail for the addresses b-…@ of --bounce-domain.
Three notices that an address refused (status 5.1.x) within at least a week end
its subscription; nothing counts while an incident on incoming mail is open, nor
when very many addresses refuse mail within an hour. Exit status 75 asks the mail
server to try again later.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := bounce.Read(cmd.InOrStdin())
			if err != nil {
				return err
			}
			if to != "" {
				report.To = []string{to}
			}
			err = f.with(cmd.Context(), func(s *state.Store) error { return takeBounce(cmd, s, report) })
			if errors.Is(err, state.ErrUnavailable) {
				return laterError{err}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "address that the mail came to, when its header does not say so")
	return cmd
}

func takeBounce(cmd *cobra.Command, s *state.Store, report bounce.Report) error {
	for _, to := range report.To {
		at := strings.LastIndexByte(to, '@')
		if at < 0 {
			continue
		}
		verdict, err := s.Notices.Bounce(cmd.Context(), to[:at], report.Status, time.Now())
		if errors.Is(err, notify.ErrLink) {
			continue
		}
		if err != nil {
			return stateError(err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), bounceWords[verdict])
		return nil
	}
	return hinted(errors.New("this mail did not come to an address of a notice"), "give the receiving address with --to; it begins with b-")
}

var bounceWords = map[notices.Verdict]string{
	notices.Counted:  "counted: the subscription ends when more notices come back",
	notices.Ended:    "the subscription has ended",
	notices.Stopped:  "not counted: very many addresses refuse mail this hour, which is not their fault",
	notices.Unknown:  "there is no such subscription any more",
	notices.Ignored:  "not counted: the address is not the reason",
	notices.Deferred: "not counted: an incident on incoming mail is open",
}

// statePerson answers what is known of a person.
func statePerson(f *stateFlags) *cobra.Command {
	var export, remove bool
	keys := ""
	cmd := &cobra.Command{
		Use:   "person ADDRESS",
		Short: "Show or delete what is known of a person, by mail address",
		Long: `Answers a data subject. --export prints, as JSON, the subscriptions of an address,
how many messages wait for it, and whether it is suppressed; comments of votes
and notes never hold addresses. --delete ends the subscriptions and removes the
address; what stays is a keyed hash, so that the import of an old list does not
bring it back. Messages of customers on their way to the ticket system are
deleted when they are handed over, within hours.`,
		Args: exactly(1, "an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if export == remove {
				return usageError{errors.New("give either --export or --delete")}
			}
			return withKeys(cmd.Context(), f, keys, func(s *state.Store) error {
				if remove {
					n, err := s.Notices.DeletePerson(cmd.Context(), args[0], time.Now())
					if err != nil {
						return stateError(err)
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%d subscriptions have ended, and the address is deleted\n", n)
					return nil
				}
				p, err := s.Notices.Person(cmd.Context(), args[0], time.Now())
				if err != nil {
					return stateError(err)
				}
				return printJSON(cmd.OutOrStdout(), map[string]any{
					"subscriptions": listedSubscribers(p.Subscriptions), "waiting": p.Waiting, "suppressed": p.Suppressed, "since": p.Since,
				})
			})
		},
	}
	cmd.Flags().BoolVar(&export, "export", false, "print what is known")
	cmd.Flags().BoolVar(&remove, "delete", false, "delete it")
	secretKeyFlag(cmd.Flags(), &keys)
	return cmd
}
