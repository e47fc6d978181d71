package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/doctor"
)

func doctorCommand() *cobra.Command {
	var f serveFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what would keep this site from working",
		Long: `Looks at everything around a site, with the same flags as serve: the content and
whether posts can be written, the clock and time zone, the site's address and
the names by which mail programs look for it, their certificates, what the proxy
passes on, the server, the database, the key ring, room on the disks, limits, the
signing of profiles, the mail server that takes what the site sends, the accounts
of agents. Each fault comes with what to do.

Nothing is changed. Names are looked up in DNS, and what the hosts file of this
machine says instead is told. The exit status is 1 when something does not work.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := f.examine(cmd, nil)
			if err != nil {
				return err
			}
			return printDiagnosis(cmd.OutOrStdout(), list, asJSON)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// examine looks at the site that the flags describe; adjust, if it is not nil,
// changes what is looked at.
func (f serveFlags) examine(cmd *cobra.Command, adjust func(*doctor.Config)) ([]doctor.Finding, error) {
	set, err := f.check()
	if err != nil {
		return nil, err
	}
	mailer, err := f.relay.open()
	if err != nil {
		return nil, err
	}
	hook, err := f.relay.webhook()
	if err != nil {
		return nil, err
	}
	src, lib, problems, err := loadContent(cmd, f.content)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	c := doctor.Config{
		Content: src, Library: lib, Problems: problems, Data: f.data, State: set.state, KeyFile: f.secretKey, Listen: f.listen,
		Cert: f.mail.cert, CertKey: f.mail.key, OpenID: f.oidc.issuer != "", Relay: mailer, Hook: hook != nil, Resolver: set.resolver, Now: time.Now,
	}
	if adjust != nil {
		adjust(&c)
	}
	return doctor.Examine(cmd.Context(), c), nil
}

func printDiagnosis(w io.Writer, list []doctor.Finding, asJSON bool) error {
	if asJSON {
		if err := printJSON(w, list); err != nil {
			return err
		}
	} else {
		for _, f := range list {
			fmt.Fprintf(w, "%-4s  %-11s  %s\n", f.Status, f.Check, f.Message)
			if f.Hint != "" {
				fmt.Fprintf(w, "%19s%s\n", "", f.Hint)
			}
		}
	}
	switch {
	case doctor.Failed(list):
		return silentError{}
	case !asJSON && doctor.Healthy(list):
		fmt.Fprintln(w, "Everything works.")
	}
	return nil
}
