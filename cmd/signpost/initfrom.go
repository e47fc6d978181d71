package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing/fstest"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/mail/address"
	"signpost/internal/mail/discover"
	"signpost/internal/mail/verify"
	"signpost/internal/problem"
)

const sampleProvider = "providers/example.yaml"

// fromFlags belong to "init --from".
type fromFlags struct {
	domain, resolver string
	networks         []string
}

func (f *fromFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.domain, "from", "", "mail domain whose published settings to start from")
	resolverFlag(cmd, &f.resolver)
	verifyNetworksFlag(cmd, &f.networks)
}

// describe puts a description of the domain's provider in the place of the
// sample's. Nothing is changed when it fails.
func describe(cmd *cobra.Command, f fromFlags, files map[string][]byte) error {
	domain, err := address.ParseDomain(f.domain)
	if err != nil {
		return usageError{addressError(fmt.Errorf("--from: %w", err))}
	}
	allow, err := parseNetworks("--verify-networks", f.networks)
	if err != nil {
		return err
	}
	resolver, err := newResolver(f.resolver)
	if err != nil {
		return err
	}
	found, err := discover.New(resolver, &verify.Guard{Allow: allow}).Find(cmd.Context(), domain)
	if err != nil {
		return hinted(err, "\"signpost init\" without --from starts with the sample's provider description, to be filled in by hand; nothing was written")
	}
	return writeFound(cmd.ErrOrStderr(), found, files)
}

// writeFound changes the files of a new site.
func writeFound(w io.Writer, found *discover.Found, files map[string][]byte) error {
	src, guesses, err := found.Describe(files[sampleProvider])
	if err != nil {
		return err
	}
	id := found.Domains[0]
	changed := fstest.MapFS{}
	for name, data := range files {
		changed[name] = &fstest.MapFile{Data: data}
	}
	delete(changed, sampleProvider)
	target := "providers/" + id + ".yaml"
	changed[target] = &fstest.MapFile{Data: src}
	site := bytes.Replace(files["site.yaml"], []byte("default_provider: example.com\n"), []byte("default_provider: "+id+"\n"), 1)
	changed["site.yaml"] = &fstest.MapFile{Data: site}
	if err := usable(changed); err != nil {
		return err
	}
	delete(files, sampleProvider)
	files[target], files["site.yaml"] = src, site
	fmt.Fprintf(w, "%s was written from %s\n", target, strings.Join(found.From, " and "))
	for _, g := range guesses {
		fmt.Fprintf(w, "signpost: warning: %s is a guess, because the articles speak of it: make it true, or remove it and what they say of it\n", problem.Printable(g))
	}
	return nil
}

// usable says whether the site would pass "signpost check".
func usable(files fstest.MapFS) error {
	memory, err := lastgood.Open("")
	if err != nil {
		return err
	}
	lib, err := content.NewLoader(memory).Load(files, time.Now())
	if err != nil {
		return err
	}
	for _, p := range lib.Problems {
		if p.Severity == problem.Error {
			return hinted(fmt.Errorf("what the domain publishes makes no good description: %s", p), "start with \"signpost init\" and fill in the description by hand; nothing was written")
		}
	}
	return nil
}
