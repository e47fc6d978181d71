// Signpost is the front of an e-mail provider's help desk: help articles with
// search, status posts, and the configuration of mail programs, from one
// folder of text files and one description of the provider.
//
// "signpost serve" runs it; "signpost help" lists the other commands. Only
// this package reads flags, the environment and the clock.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // zones must work on a machine or in an image without any

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"signpost/internal/problem"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it returns the exit status, 0 when all went well,
// 1 for what was found wrong, 2 for arguments that cannot be used, 75 for what
// will work later (EX_TEMPFAIL of sysexits.h, which mail servers understand).
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	var silent silentError
	var usage usageError
	var later laterError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &silent):
		return 1
	default:
		printError(errOut, err)
		if errors.As(err, &later) {
			return 75
		}
		if errors.As(err, &usage) {
			return 2
		}
		return 1
	}
}

// command returns the program's commands. Each has a file of its own.
func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "signpost",
		Short: "The help desk front of an e-mail provider",
		Long: `Signpost serves an e-mail provider's help articles, status posts and mail
settings from one folder of text files.

Every flag --long can also be given as the environment variable SIGNPOST_LONG,
or as "long: value" in the file that --config names. A flag goes before the
environment, the environment before the file.`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return fillFlags(cmd) },
	}
	root.PersistentFlags().String("config", "", "file with the same keys as the flags (YAML)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{hinted(err, "signpost help "+commandName(cmd)+" lists the flags")}
	})
	root.AddCommand(commands()...)
	root.SetHelpCommand(helpCommand())
	refuseUnknown(root)
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// refuseUnknown makes commands that only have others below them say so when
// what follows is none of these.
func refuseUnknown(cmd *cobra.Command) {
	if !cmd.HasSubCommands() {
		return
	}
	for _, c := range cmd.Commands() {
		refuseUnknown(c)
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return noCommand(cmd, args[0])
	}
	// It cannot be run by itself: only "signpost status [command]" is its usage.
	cmd.SetUsageTemplate(strings.Replace(cmd.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}", 1))
}

func noCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return usageError{hinted(fmt.Errorf("%s has no command %q", cmd.CommandPath(), name), problem.DidYouMean(name, names))}
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Tell what a command does",
		// Whatever is wrong with the configuration, help is there.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if about, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, c := range about.Commands() {
					if c.IsAvailableCommand() {
						names = append(names, c.Name()+"\t"+c.Short)
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil {
				return usageError{err}
			}
			if len(rest) > 0 {
				return noCommand(about, rest[0])
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

func commandName(cmd *cobra.Command) string {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	return name
}

// usageError is an error in the arguments: exit status 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// laterError is a failure that is over sometime: exit status 75.
type laterError struct{ error }

func (e laterError) Unwrap() error { return e.error }

// silentError ends a command with exit status 1 after it has said what is wrong.
type silentError struct{}

func (silentError) Error() string { return "problems were found" }

// hinted is an error with what to do about it.
func hinted(err error, hint string) error { return problem.Hinted(err, hint) }

// between wants at least low and at most high arguments and says which ones.
func between(low, high int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= low && len(args) <= high {
			return nil
		}
		return usageError{hinted(fmt.Errorf("%s wants %s", cmd.CommandPath(), what), "usage: "+cmd.UseLine())}
	}
}

func exactly(n int, what string) cobra.PositionalArgs { return between(n, n, what) }

func atLeast(n int, what string) cobra.PositionalArgs { return between(n, 1000, what) }

// printError writes the form of every error: what failed, then what to do.
func printError(w io.Writer, err error) {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(w, "signpost: %s\n", problem.Printable(strings.TrimRight(line, "\n")))
	}
	if hint := problem.HintOf(err); hint != "" {
		fmt.Fprintf(w, "signpost: hint: %s\n", problem.Printable(hint))
	}
}

// fillFlags gives the flags that were not on the command line their value from
// the environment or the configuration file.
func fillFlags(cmd *cobra.Command) error {
	name, _ := cmd.Flags().GetString("config")
	if name == "" {
		name = os.Getenv("SIGNPOST_CONFIG")
	}
	file, err := readConfig(cmd.Root(), name)
	if err != nil {
		return usageError{err}
	}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || !configurable(f) || failed != nil {
			return
		}
		from, value := envName(f.Name), os.Getenv(envName(f.Name))
		if v, ok := file[f.Name]; ok && value == "" {
			from = name
			value, err = fileValue(f, v)
		} else if value == "" {
			return
		}
		if err == nil {
			err = cmd.Flags().Set(f.Name, value)
		}
		if err != nil {
			failed = usageError{fmt.Errorf("%s from %s: %w", f.Name, from, err)}
		}
	})
	return failed
}

// configurable tells flags that the environment and the file may give.
func configurable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "config" }

func envName(flag string) string {
	return "SIGNPOST_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readConfig reads the file of flags; "" is none.
func readConfig(root *cobra.Command, name string) (map[string]any, error) {
	if name == "" {
		return nil, nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the configuration file: %w", err)
	}
	var doc any
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, fmt.Errorf("the configuration file %s: %w", name, err)
	}
	file, ok := doc.(map[string]any)
	if !ok && doc != nil {
		return nil, hinted(fmt.Errorf("the configuration file %s holds no keys with values", name), "write a line for each flag, such as \"listen: 127.0.0.1:8080\"")
	}
	return file, checkKeys(root, name, file)
}

// fileValue is a value of the file as it would stand on the command line.
func fileValue(f *pflag.Flag, v any) (string, error) {
	kind := f.Value.Type()
	switch v := v.(type) {
	case nil:
		return "", errors.New("the key has no value")
	case []any:
		if kind != "stringSlice" {
			return "", errors.New("a list; one value is expected")
		}
		var words []string
		for _, w := range v {
			words = append(words, fmt.Sprint(w))
		}
		return strings.Join(words, ","), nil
	case map[string]any:
		if kind != "stringToInt" && kind != "stringToString" {
			return "", errors.New("keys and values; one value is expected")
		}
		var pairs []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, fmt.Sprintf("%s=%v", k, v[k]))
		}
		return strings.Join(pairs, ","), nil
	default:
		return fmt.Sprint(v), nil
	}
}

// checkKeys refuses keys that are no flag of any command: one file serves all.
func checkKeys(root *cobra.Command, name string, file map[string]any) error {
	known := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = configurable(f) })
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for _, key := range slices.Sorted(maps.Keys(file)) {
		if !known[key] {
			maps.DeleteFunc(known, func(_ string, may bool) bool { return !may })
			return hinted(fmt.Errorf("%s: unknown key %q", name, key), problem.DidYouMean(key, slices.Sorted(maps.Keys(known))))
		}
	}
	return nil
}
