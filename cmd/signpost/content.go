package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/problem"
)

// pushWait is how long a command waits until a repository has taken its change.
const pushWait = 10 * time.Second

const contentUsage = "content folder, or git+https://…, git+ssh://… or git+file:///…, with #BRANCH unless it is the default one (default: the sample site)"

func contentFlag(cmd *cobra.Command, v *string) {
	cmd.Flags().StringVar(v, "content", "", contentUsage)
	gitFlags(cmd.Flags())
}

func dataFlag(cmd *cobra.Command, v *string) {
	cmd.Flags().StringVar(v, "data", defaultData(), "folder for search index, last good content and state")
}

// gitFlags are needed wherever content may be in a repository. A command that
// has --data for more than the clone adds it first.
func gitFlags(fl *pflag.FlagSet) {
	fl.String("git-token-file", "", "file with the token or password for a git+https:// repository")
	fl.String("git-key-file", "", "file with the private key for a git+ssh:// repository (default: the SSH agent)")
	if fl.Lookup("data") == nil {
		fl.String("data", defaultData(), "folder for the clone of a git+ repository")
	}
}

// openContent opens the content that a flag of cmd names.
func openContent(cmd *cobra.Command, name string) (*source.Source, error) {
	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	return openServed(cmd, name, 0, 0, log)
}

// openServed opens content that is then watched: a repository is looked at
// every interval, and given up for this time after timeout.
func openServed(cmd *cobra.Command, name string, interval, timeout time.Duration, log *slog.Logger) (*source.Source, error) {
	if name == "" {
		return source.Embedded("the sample site", articles.FS), nil
	}
	if source.IsGit(name) {
		fl := cmd.Flags()
		cfg := source.GitConfig{Interval: interval, Timeout: timeout, Now: time.Now, Log: log}
		if interval == 0 { // nobody watches and pushes later
			cfg.Wait = pushWait
		}
		var err, tokenErr, keyErr error
		cfg.Data, err = fl.GetString("data")
		cfg.TokenFile, tokenErr = fl.GetString("git-token-file")
		cfg.KeyFile, keyErr = fl.GetString("git-key-file")
		if err := errors.Join(err, tokenErr, keyErr); err != nil {
			return nil, err
		}
		src, err := source.Git(cmd.Context(), name, cfg)
		if err != nil {
			return nil, hinted(err, "\"git ls-remote\" with the address behind git+ shows whether it can be reached; --git-token-file and --git-key-file sign in")
		}
		return src, nil
	}
	src, err := source.Folder(name)
	if err != nil {
		err = fmt.Errorf("--content %s: %w", name, err)
		return nil, hinted(err, "\"signpost init DIR\" starts a new site, \"signpost init --sample DIR\" copies the sample")
	}
	return src, nil
}

// unwritten says what to do about content that could not be written.
func unwritten(err error) error {
	if _, hint := change.ReasonOf(err); hint != "" && problem.HintOf(err) == "" {
		return hinted(err, hint)
	}
	return err
}

// contentPath returns the absolute path by which the data folder remembers the
// content that a flag names.
func contentPath(data, name string) (string, error) {
	if source.IsGit(name) {
		return source.GitDir(data, name)
	}
	return filepath.Abs(name)
}
