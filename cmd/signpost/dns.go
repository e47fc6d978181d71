package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/mail/address"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/problem"
)

func dnsCommand() *cobra.Command {
	var contentDir, resolver string
	var check, asJSON bool
	cmd := &cobra.Command{
		Use:   "dns DOMAIN",
		Short: "Print the DNS records of a mail domain, or compare them",
		Long: `Prints the records with which mail arrives at DOMAIN, is believed, and mail
programs find their settings, as the text of a zone file.

--check compares them with what is published and prints one sentence for each
fault. The exit status is 1 when there is one; advice does not count.`,
		Args: exactly(1, "a domain"),
		RunE: func(cmd *cobra.Command, args []string) error {
			domain, err := address.ParseDomain(args[0])
			if err != nil {
				return usageError{addressError(err)}
			}
			lib, err := loadProviders(cmd, contentDir)
			if err != nil {
				return err
			}
			dns, err := newResolver(resolver)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 20*time.Second)
			defer cancel()
			result, known := directory(lib).Known(domain)
			if !known && check { // without --check nothing is asked
				result = hosted.New(hosted.Config{Resolver: dns}).Lookup(ctx, time.Now(), directory(lib), domain)
			}
			p := result.Provider
			if p == nil {
				p = lib.Provider()
			}
			o := format.Records(p, lib.Site.URL)
			if o.Host == "" {
				fmt.Fprintln(cmd.ErrOrStderr(), "signpost: warning: site.yaml has no https url, so the records that lead mail programs to this site are left out")
			}
			out := cmd.OutOrStdout()
			if !check {
				return printRecords(out, dnsrecord.Records(p, domain, o), asJSON)
			}
			return printFindings(out, dnsrecord.Check(ctx, dns, p, domain, o), asJSON)
		},
	}
	contentFlag(cmd, &contentDir)
	cmd.Flags().BoolVar(&check, "check", false, "compare with live DNS")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	resolverFlag(cmd, &resolver)
	return cmd
}

func printRecords(w io.Writer, records []dnsrecord.Record, asJSON bool) error {
	body := dnsrecord.Zone(records)
	if asJSON {
		var err error
		if body, err = dnsrecord.JSON(records); err != nil {
			return err
		}
	}
	_, err := w.Write(body)
	return err
}

func printFindings(w io.Writer, findings []dnsrecord.Finding, asJSON bool) error {
	bad := false
	for _, f := range findings {
		bad = bad || f.State != dnsrecord.OK && f.State != dnsrecord.Advice
		if !asJSON {
			text := f.Text
			if text == "" {
				text = fmt.Sprintf("%s %s", f.Name, f.Type)
			}
			if strings.HasSuffix(text, "..") { // the final dot of a name, and that of the sentence
				text = text[:len(text)-1]
			}
			fmt.Fprintf(w, "%-8s %s\n", f.State, problem.Printable(text))
		}
	}
	if asJSON {
		if err := printJSON(w, findings); err != nil {
			return err
		}
	}
	if bad {
		return silentError{}
	}
	return nil
}
