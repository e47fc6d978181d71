package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"signpost/internal/auth"
	"signpost/internal/problem"
	"signpost/internal/state"
)

func agentCommand() *cobra.Command {
	var f stateFlags
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Accounts of the people who answer customers",
		Long: `Makes, lists and removes accounts for /agent, in the state of a server with the
same --data and --state, also while it runs. Passwords are typed, or come from
--password-file; they are never an argument.`,
	}
	f.add(cmd)
	cmd.AddCommand(agentAdd(&f), agentPassword(&f), agentList(&f), agentRemove(&f))
	return cmd
}

func agentAdd(f *stateFlags) *cobra.Command {
	var file string
	var admin bool
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Make an account",
		Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := auth.CleanName(args[0])
			if err != nil {
				return usageError{err}
			}
			if admin {
				fmt.Fprintln(cmd.ErrOrStderr(), "warning: --admin does nothing, and the next version refuses it: all agents may do the same")
			}
			return f.withNew(cmd.Context(), func(s *state.Store) error {
				if _, taken := s.Accounts.Access().Agents[name]; taken {
					return hinted(fmt.Errorf("there is an agent %s already", name), "signpost agent password "+name+" gives it another password")
				}
				password, err := readPassword(cmd, file)
				if err != nil {
					return err
				}
				if err := accounts(s).AddAgent(cmd.Context(), name, password, time.Now()); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s can sign in at /agent now\n", name)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&admin, "admin", false, "does nothing")
	cmd.Flags().MarkHidden("admin")
	passwordFlag(cmd, &file)
	return cmd
}

func agentPassword(f *stateFlags) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "password NAME", Short: "Change a password; all sessions of the account end",
		Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				if err := knownAgent(s, args[0]); err != nil {
					return err
				}
				password, err := readPassword(cmd, file)
				if err != nil {
					return err
				}
				if err := accounts(s).SetPassword(cmd.Context(), args[0], password); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "the password is changed, and all sessions of the account have ended")
				return nil
			})
		},
	}
	passwordFlag(cmd, &file)
	return cmd
}

func knownAgent(s *state.Store, name string) error {
	agents := s.Accounts.Access().Agents
	if _, ok := agents[strings.ToLower(strings.TrimSpace(name))]; ok {
		return nil
	}
	var names []string
	for n := range agents {
		names = append(names, n)
	}
	return hinted(fmt.Errorf("there is no agent %q", name), problem.DidYouMean(name, names))
}

func agentList(f *stateFlags) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the accounts",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				type line struct {
					Name    string    `json:"name"`
					Created time.Time `json:"created"`
				}
				lines := []line{}
				for _, a := range s.Accounts.Access().Agents {
					lines = append(lines, line{a.Name, a.Created})
				}
				slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.Name, b.Name) })
				if asJSON {
					return printJSON(cmd.OutOrStdout(), lines)
				}
				for _, l := range lines {
					fmt.Fprintf(cmd.OutOrStdout(), "%-30s since %s\n", problem.Printable(l.Name), l.Created.Format(time.DateOnly))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func agentRemove(f *stateFlags) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Remove an account, its sessions and the tokens it made",
		Long: `Removes an account, its sessions and the tokens it made. Of somebody who signs in
with OpenID it ends the sessions; who may begin one is the server's --oidc-allow-….`,
		Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *state.Store) error {
				name := strings.TrimSpace(args[0])
				for _, session := range s.Accounts.Access().Sessions {
					if strings.EqualFold(session.Agent, name) {
						return s.Accounts.RemoveAgent(cmd.Context(), session.Agent)
					}
				}
				if err := knownAgent(s, name); err != nil {
					return err
				}
				return s.Accounts.RemoveAgent(cmd.Context(), strings.ToLower(name))
			})
		},
	}
}

func passwordFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "password-file", "", "file with the password on its first line; - reads the standard input (default: ask for it)")
}

const maxPasswordFile = 4 << 10

// readPassword reads a new password from a file, or asks for it twice.
func readPassword(cmd *cobra.Command, file string) (string, error) {
	if file == "-" {
		return firstLine(cmd.InOrStdin())
	}
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("the password: %w", err)
		}
		defer f.Close()
		return firstLine(f)
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", usageError{hinted(errors.New("nobody is there to type the password"), "name a file that holds it with --password-file, or - for the standard input")}
	}
	ask := func(question string) (string, error) {
		fmt.Fprint(cmd.ErrOrStderr(), question)
		p, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(p), err
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask("Once more: ")
	if err == nil && first != second {
		err = errors.New("the two passwords differ")
	}
	return first, err
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPasswordFile)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
