// Package doctor looks for what would keep a site from working, and says what
// to do about it.
//
// [Examine] runs every check at the same time, each for a few seconds at most,
// and returns what it found in the order of the checks. Nothing is changed: no
// file is written but a temporary one in the data folder, no schema is brought
// up to date, nothing is sent but questions to DNS and to the site itself.
package doctor

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/problem"
	"signpost/internal/relay"
)

// A Status says how bad a finding is.
type Status string

// The states of a [Finding].
const (
	OK   Status = "ok"
	Note Status = "note" // worth knowing
	Warn Status = "warn" // works, and will not for everybody or not for ever
	Fail Status = "fail" // something does not work
)

// A Finding is what one check found.
type Finding struct {
	Check   string `json:"check"` // content, clock, address, dns, certificate, proxy, server, state, key, space, limits, profiles, relay, agents
	Status  Status `json:"status"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what to do
}

// Config is what is examined: the flags that the server gets, and the content.
type Config struct {
	Content  *source.Source
	Library  *content.Library
	Problems problem.List // of the content

	Data    string // data folder
	State   string // address of the database; "" is the file in the data folder
	KeyFile string // key ring; "" is the one in the data folder
	Listen  string // where the server listens
	Cert    string // signer of profiles, "" when there is none
	CertKey string
	OpenID  bool         // agents sign in elsewhere
	Relay   *relay.Relay // takes mail that the site sends; nil: none
	Hook    bool         // a webhook takes messages of customers

	Resolver *dnsclient.Client                                        // asks DNS
	System   func(ctx context.Context, host string) ([]string, error) // what this machine takes for the addresses; nil: as the system does
	Roots    *x509.CertPool                                           // authorities that browsers trust; nil: those of the system
	Now      func() time.Time
}

// checkTime is how long a check may take.
const checkTime = 4 * time.Second

// Examine looks at everything.
func Examine(ctx context.Context, c Config) []Finding {
	if c.System == nil {
		c.System = net.DefaultResolver.LookupHost
	}
	checks := []struct {
		name string
		run  func(context.Context, *report)
	}{
		{"content", c.content},
		{"clock", c.clock},
		{"address", c.address},
		{"dns", c.dns},
		{"certificate", c.certificates},
		{"proxy", c.proxy},
		{"server", c.server},
		{"state", c.state},
		{"key", c.key},
		{"space", c.space},
		{"limits", c.limits},
		{"profiles", c.profiles},
		{"relay", c.relay},
		{"agents", c.agents},
	}
	reports := make([]report, len(checks))
	var group sync.WaitGroup
	for i, check := range checks {
		reports[i].check = check.name
		group.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, checkTime)
			defer cancel()
			check.run(ctx, &reports[i])
		})
	}
	group.Wait()
	var all []Finding
	for _, r := range reports {
		all = append(all, r.list...)
	}
	return all
}

// Failed reports whether something does not work.
func Failed(list []Finding) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Status == Fail })
}

// Healthy reports whether nothing needs attention.
func Healthy(list []Finding) bool {
	return !slices.ContainsFunc(list, func(f Finding) bool { return f.Status == Warn || f.Status == Fail })
}

// A report collects what one check finds.
type report struct {
	check string
	list  []Finding
}

func (r *report) add(s Status, hint, format string, args ...any) {
	r.list = append(r.list, Finding{r.check, s, problem.Printable(fmt.Sprintf(format, args...)), problem.Printable(hint)})
}

// quiet reports whether nothing was found yet that needs attention.
func (r *report) quiet() bool { return Healthy(r.list) }

// counted is "1 error", "3 errors".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// listed names a few of many.
func listed(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
