package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"github.com/spf13/cobra"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/locale"
	"signpost/internal/problem"
	"signpost/internal/starter"
	"signpost/web"
)

func initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Start a site: articles and a provider description",
		Long: `Writes articles, site.yaml and a provider description into DIR, which must be
empty or not exist. They are meant to be changed.

What is known of the provider is said by flags; on a terminal, without any flag,
init asks for it. --from DOMAIN asks the domain's autoconfig, SRV and MX records,
--from FILE.xml reads an autoconfig file. Nothing is guessed: what nobody said
stands in the files as a comment, with the reason, and articles about what the
provider does not offer are left out. "signpost check" names values of the
sample that are still there.

--services lists what is offered (imap, pop3, submit, caldav, carddav, jmap,
sieve), each with its server when it is known: imap=imap.example.net,
submit=smtp.example.net:587, caldav=https://dav.example.net/.

--sample copies all of the sample site, with its status posts.`,
		Args: exactly(1, "a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return initSite(cmd, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.sample, "sample", false, "copy all of the sample, with its status posts")
	flags.StringVar(&f.name, "name", "", "name of the provider, as customers know it")
	flags.StringVar(&f.url, "url", "", "address of the help desk: https://help.example.net")
	flags.StringSliceVar(&f.languages, "languages", nil, "languages of the site, the default first: de,en")
	flags.StringSliceVar(&f.domains, "domains", nil, "mail domains of the provider")
	flags.StringSliceVar(&f.services, "services", nil, "services that are offered: imap,submit or imap=HOST,submit=HOST:PORT")
	flags.StringVar(&f.zone, "time-zone", "", "time zone of the provider: Europe/Berlin")
	f.from.add(cmd)
	return cmd
}

func initSite(cmd *cobra.Command, dir string, f initFlags) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return hinted(fmt.Errorf("%s is not empty", dir), "choose a new folder; nothing was written")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	answers, err := f.answers()
	if err != nil {
		return err
	}
	if !f.sample && f.from.source == "" && !answers.Known() && isTerminal(cmd.OutOrStdout()) && isTerminal(os.Stdin) {
		if err := ask(os.Stdin, cmd.OutOrStdout(), &f); err != nil {
			return err
		}
		if answers, err = f.answers(); err != nil {
			return err
		}
	}
	if err := f.from.find(cmd, answers); err != nil {
		return err
	}
	files, err := sampleFiles(f.sample)
	if err != nil {
		return err
	}
	switch {
	case !answers.Known() && !f.sample:
		if files, err = starter.Marked(files); err != nil {
			return err
		}
	case answers.Known():
		if f.sample {
			return usageError{hinted(errors.New("--sample copies the sample as it is"), "leave it out, or the other flags")}
		}
		if files, err = answers.Files(files); err != nil {
			return err
		}
		if err := draftTexts(cmd, files, answers.Languages); err != nil {
			return err
		}
		if err := usable(files); err != nil {
			return err
		}
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d files in %s\nserve it:  signpost serve --content %s\ncheck it:  signpost check %s\n", len(files), dir, dir, dir)
	return nil
}

// draftTexts adds the interface texts of languages that the program has none
// for, to be translated, and says so.
func draftTexts(cmd *cobra.Command, files map[string][]byte, languages []string) error {
	texts, err := locale.Load(web.Locale())
	if err != nil {
		return err
	}
	for _, tag := range languages {
		if name := "locale/" + tag + ".yaml"; !texts.Knows(tag) {
			files[name] = texts.Draft(tag)
			fmt.Fprintf(cmd.ErrOrStderr(), "%s has the texts of the interface in English: translate them\n", name)
		}
	}
	return nil
}

func writeFiles(dir string, files map[string][]byte) error {
	for name, data := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(target, data, 0o666); err != nil {
			return err
		}
	}
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

// usable says whether the site would pass "signpost check". An error of the
// description is the reason for others, so it is the one that is told.
func usable(files map[string][]byte) error {
	memory, err := lastgood.Open("")
	if err != nil {
		return err
	}
	tree := fstest.MapFS{}
	for name, data := range files {
		tree[name] = &fstest.MapFile{Data: data}
	}
	lib, err := content.NewLoader(memory).Load(tree, time.Now())
	if err != nil {
		return err
	}
	var first *problem.Problem
	for i, p := range lib.Problems {
		if p.Severity == problem.Error && (first == nil || strings.HasPrefix(p.Path, "providers/") && !strings.HasPrefix(first.Path, "providers/")) {
			first = &lib.Problems[i]
		}
	}
	if first == nil {
		return nil
	}
	return hinted(fmt.Errorf("what is known makes no usable site: %s", *first), "say more with --services and --domains, or start with \"signpost init\" and fill in the description by hand; nothing was written")
}
