package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/mail/verify"
	"signpost/internal/problem"
)

func verifyCommand() *cobra.Command {
	var contentDir string
	var networks []string
	var resolver string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Look whether the described servers answer as described",
		Long: `Connects to every server of the provider descriptions and compares: name, chain
and expiry of the certificate, STARTTLS, ways to sign in, the timestamp of POP3
(APOP), calendar and JMAP addresses. It never signs in, and contacts nothing but
the described servers. Their names are looked up in DNS, never in the hosts
file of this machine.

The exit status is 1 when customers who use the settings would have trouble.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if contentDir == "" {
				return usageError{hinted(errors.New("the servers of the sample site do not exist"), "name your own content with --content DIR")}
			}
			allow, err := parseNetworks("--verify-networks", networks)
			if err != nil {
				return err
			}
			dns, err := newResolver(resolver)
			if err != nil {
				return err
			}
			lib, err := loadProviders(cmd, contentDir)
			if err != nil {
				return err
			}
			results := []verify.Result{}
			for _, p := range lib.Providers {
				results = append(results, verify.Check(cmd.Context(), p, verify.Options{Guard: &verify.Guard{Allow: allow, Resolver: dns}, Now: time.Now()})...)
			}
			return printResults(cmd.OutOrStdout(), results, asJSON)
		},
	}
	contentFlag(cmd, &contentDir)
	verifyNetworksFlag(cmd, &networks)
	resolverFlag(cmd, &resolver)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printResults(w io.Writer, results []verify.Result, asJSON bool) error {
	failed := false
	for _, r := range results {
		failed = failed || r.Status == verify.Fail
		if asJSON {
			continue
		}
		who := ""
		if r.Client != "" {
			who = " for " + r.Client
		}
		fmt.Fprintf(w, "%-4s  %s %s%s\n", r.Status, r.Service, problem.Printable(r.Target), who)
		for _, f := range r.Findings {
			if f.Status != verify.OK {
				fmt.Fprintf(w, "      %s\n", problem.Printable(f.Text))
			}
		}
	}
	if asJSON {
		if err := printJSON(w, results); err != nil {
			return err
		}
	}
	if failed {
		return silentError{}
	}
	return nil
}
