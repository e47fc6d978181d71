package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/auth"
	"signpost/internal/problem"
	"signpost/internal/state"
)

func tokenCommand() *cobra.Command {
	var f stateFlags
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Tokens with which programs use the API",
		Long: `Makes, lists and removes API tokens, in the state of a server with the same
--data and --state, also while it runs. A program sends its token as
"Authorization: Bearer TOKEN". The scopes are ` + strings.Join(auth.Scopes, ", ") + `.`,
	}
	f.add(cmd)
	cmd.AddCommand(tokenAdd(&f), tokenList(&f), tokenRemove(&f))
	return cmd
}

func tokenAdd(f *stateFlags) *cobra.Command {
	var scopes []string
	var expires, agent string
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Make a token; it is the last line that is printed",
		Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			until, err := parseExpiry(expires, time.Now())
			if err != nil {
				return usageError{err}
			}
			if slices.Contains(scopes, auth.ObsoleteScope) {
				fmt.Fprintf(cmd.ErrOrStderr(), "warning: the scope %s allows nothing, and the next version refuses it\n", auth.ObsoleteScope)
			}
			return f.withNew(cmd.Context(), func(s *state.Store) error {
				if agent != "" {
					if err := knownAgent(s, agent); err != nil {
						return err
					}
				}
				token, err := accounts(s).AddToken(cmd.Context(), args[0], strings.ToLower(agent), scopes, until, time.Now())
				if err != nil {
					return err
				}
				allowed := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == auth.ObsoleteScope })
				fmt.Fprintf(cmd.ErrOrStderr(), "%s may use: %s. The token is shown this once:\n", problem.Printable(args[0]), cmp.Or(strings.Join(allowed, ", "), "nothing"))
				fmt.Fprintln(cmd.OutOrStdout(), token)
				return nil
			})
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&scopes, "scope", slices.Clone(auth.Scopes), "what it may do: "+strings.Join(auth.Scopes, ", "))
	fl.StringVar(&expires, "expires", "", "when it ends: 90d, 12h or 2027-01-31 (default: never)")
	fl.StringVar(&agent, "agent", "", "account that it belongs to; it ends with the account")
	return cmd
}

// parseExpiry reads "90d", "12h" or a day, whose end is meant; "" is never.
func parseExpiry(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 40000 {
			return now.AddDate(0, 0, n), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(d), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		return t.AddDate(0, 0, 1), nil
	}
	return time.Time{}, hinted(fmt.Errorf("--expires: %q is no time", s), "write 90d, 12h or 2027-01-31")
}

func tokenList(f *stateFlags) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the tokens, without their values",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				type line struct {
					Name    string     `json:"name"`
					Agent   string     `json:"agent,omitempty"`
					Scopes  []string   `json:"scopes"`
					Created time.Time  `json:"created"`
					Expires *time.Time `json:"expires"` // null: never
				}
				lines := []line{}
				for _, t := range s.Accounts.Access().Tokens {
					l := line{t.Name, t.Agent, t.Scopes, t.Created, nil}
					if !t.Expires.IsZero() {
						l.Expires = &t.Expires
					}
					lines = append(lines, l)
				}
				slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.Name, b.Name) })
				if asJSON {
					return printJSON(cmd.OutOrStdout(), lines)
				}
				for _, l := range lines {
					until := "for ever"
					if l.Expires != nil {
						until = "until " + l.Expires.Local().Format("2006-01-02 15:04")
					}
					fmt.Fprintln(cmd.OutOrStdout(), problem.Printable(fmt.Sprintf("%-24s %s, %s %s", l.Name, until, strings.Join(l.Scopes, ","), l.Agent)))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func tokenRemove(f *stateFlags) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Remove a token",
		Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				err := s.Accounts.RemoveToken(cmd.Context(), args[0])
				if errors.Is(err, state.ErrNotFound) {
					return hinted(fmt.Errorf("there is no token %q", args[0]), "signpost token list shows them")
				}
				return err
			})
		},
	}
}
