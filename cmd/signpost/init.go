package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"signpost/articles"
)

func initCommand() *cobra.Command {
	var sample bool
	var from fromFlags
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Start a site: articles and a provider description",
		Long: `Writes the sample's articles, site.yaml and provider description into DIR, which
must be empty or not exist. They are meant to be changed.

--from DOMAIN asks the domain's autoconfig, SRV and MX records for its servers
and writes them into the provider description. --sample copies the sample's
status posts too.`,
		Args: exactly(1, "a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return initSite(cmd, args[0], sample, from)
		},
	}
	cmd.Flags().BoolVar(&sample, "sample", false, "copy the sample's status posts too")
	from.add(cmd)
	return cmd
}

func initSite(cmd *cobra.Command, dir string, sample bool, from fromFlags) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return hinted(fmt.Errorf("%s is not empty", dir), "choose a new folder; nothing was written")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	files, err := sampleFiles(sample)
	if err != nil {
		return err
	}
	if from.domain != "" {
		if err := describe(cmd, from, files); err != nil {
			return err
		}
	}
	for name, data := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(target, data, 0o666); err != nil {
			return err
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d files in %s\nserve it:  signpost serve --content %s\ncheck it:  signpost check %s\n", len(files), dir, dir, dir)
	return nil
}

// sampleFiles returns the files of the sample site.
func sampleFiles(withPosts bool) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(articles.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(p, "status/") && !withPosts {
			return nil
		}
		data, err := fs.ReadFile(articles.FS, p)
		files[path.Clean(p)] = data
		return err
	})
	return files, err
}
