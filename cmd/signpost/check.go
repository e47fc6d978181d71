package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/layout"
	"signpost/internal/content/source"
	"signpost/internal/problem"
	"signpost/internal/search"
	"signpost/internal/site"
	"signpost/internal/starter"
)

func checkCommand() *cobra.Command {
	var asJSON, accept bool
	var dir, data string
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Show all problems of a content folder",
		Long: `Reads a content folder (default: --content, else the sample site) and shows every
problem as "path:line: error|warning: message (hint)". The exit status is 1 when
there are errors, 0 when there are only warnings or none.

--accept confirms to a running server with the same --data that articles, a
provider or site.yaml are really meant to be gone; it then takes the content as
it is.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{hinted(fmt.Errorf("check wants one folder, not %d", len(args)), "usage: "+cmd.UseLine())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				dir = args[0]
			}
			if accept {
				return acceptLosses(cmd, data, dir)
			}
			return check(cmd, dir, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print [{path,line,severity,message,hint}]")
	cmd.Flags().BoolVar(&accept, "accept", false, "confirm that files are meant to be gone")
	dataFlag(cmd, &data)
	contentFlag(cmd, &dir)
	return cmd
}

func acceptLosses(cmd *cobra.Command, data, dir string) error {
	if dir == "" {
		return usageError{fmt.Errorf("--accept wants the content folder")}
	}
	abs, err := contentPath(data, dir)
	if err != nil {
		return err
	}
	if err := site.ConfirmDeletions(data, abs); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "confirmed: the server takes %s as it is now\n", problem.Printable(dir))
	return nil
}

// loadContent loads content once, without any memory of what it was.
func loadContent(cmd *cobra.Command, name string) (*source.Source, *content.Library, problem.List, error) {
	src, err := openContent(cmd, name)
	if err != nil {
		return nil, nil, nil, err
	}
	memory, err := lastgood.Open("")
	if err != nil {
		return nil, nil, nil, err
	}
	lib, err := content.NewLoader(memory).Load(src.FS(), time.Now())
	if err != nil {
		return nil, nil, nil, err
	}
	_, more := search.ParseSynonyms("synonyms.txt", lib.Synonyms)
	problems := slices.Concat(problem.List{}, lib.Problems, more, starter.Leftovers(src.FS()))
	problems.Sort()
	return src, lib, problems, nil
}

func check(cmd *cobra.Command, dir string, asJSON bool) error {
	src, lib, problems, err := loadContent(cmd, dir)
	if err != nil {
		return err
	}
	defer src.Close()
	out := cmd.OutOrStdout()
	if asJSON {
		if problems == nil {
			problems = problem.List{}
		}
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(problems); err != nil {
			return err
		}
	} else {
		errors, warnings, first := 0, 0, ""
		for _, p := range problems {
			fmt.Fprintln(out, p)
			if p.Severity != problem.Error {
				warnings++
				continue
			}
			errors++
			if class, _ := layout.Classify(p.Path); first == "" && (class == layout.Site || class == layout.Provider) {
				first = p.Path
			}
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%d articles, %d posts: %d errors, %d warnings\n", len(lib.Articles), len(lib.Board.Posts), errors, warnings)
		if first != "" { // what it describes is missing everywhere else
			fmt.Fprintf(cmd.ErrOrStderr(), "begin with %s: other errors may come from it\n", problem.Printable(first))
		}
	}
	if problems.HasErrors() {
		return silentError{}
	}
	return nil
}
