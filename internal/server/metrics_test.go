package server_test

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"signpost/internal/limit"
	"signpost/internal/mail/dnstest"
	"signpost/internal/mail/verify"
	"signpost/internal/server"
	"signpost/internal/server/web"
)

// watchedSite is a site that counts everything that it can.
func watchedSite(t *testing.T) *agentSite {
	t.Helper()
	dns := dnstest.Serve(t, mailZone)
	o := newAgentSite(t, "", func(c *server.Config) {
		c.Resolver, c.Version = dns.Resolver, "1.2.3"
		c.Limits = map[web.Kind]limit.Budget{web.Results: {PerMinute: 1, AtOnce: 1}}
	})
	o.hire()
	o.srv.SetSigner(newSigner(t))
	o.srv.VerifyOnce(t.Context(), verify.Options{Guard: &verify.Guard{Resolver: dns.Resolver}, Timeout: time.Second}) // none of the names exists
	return o
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	o := watchedSite(t)
	o.get("/none")
	o.get("/search")
	o.get("/search")
	if got := o.form("/agent/status", append(o.fields("new"), "do", "publish", "kind", "incident", "title", "Mail is slow", "text", "We are looking.", "component-imap", "degraded")...); got.status != http.StatusSeeOther {
		t.Fatalf("posting: %d", got.status)
	}
	text := o.admin("/metrics").body
	for _, want := range []string{
		`http_request_duration_seconds_count{code="404",method="GET",route="none"} 1`,
		`http_request_duration_seconds_count{code="200",method="GET",route="/search"} 1`,
		`http_request_duration_seconds_count{code="429",method="GET",route="/search"} 1`,
		`signpost_refused_requests_total{limit="results"} 1`,
		`signpost_refused_requests_total{limit="votes"} 0`,
		`signpost_build_info{goversion="go1.`, `,version="1.2.3"} 1`,
		`signpost_content_problems{severity="error"} 0`,
		"signpost_open_incidents 1", "signpost_maintenance_in_progress 0",
		"signpost_snapshot_timestamp_seconds 1.", "signpost_profile_certificate_expiry_timestamp_seconds ",
		`signpost_mail_server_checked_timestamp_seconds{client="",provider="example.com",service="imap",target="imap.example.com:993"} 1.`,
		`signpost_state_waiting{kind="`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	promtool(t, text, "check", "metrics")
}

// The alert rules ask for metrics that there are.
func TestAlerts(t *testing.T) {
	t.Parallel()
	const file = "alerts.yaml"
	rules, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := watchedSite(t).admin("/metrics").body
	names := regexp.MustCompile(`\b(?:signpost|http)_[a-z_]+`).FindAllString(string(rules), -1)
	for _, name := range names {
		if !strings.Contains(text, "\n"+name+"{") && !strings.Contains(text, "\n"+name+" ") {
			t.Errorf("%s asks for %s", file, name)
		}
	}
	if len(names) < 12 {
		t.Errorf("only %d metrics are asked for", len(names))
	}
	promtool(t, "", "check", "rules", file)
}

// promtool runs Prometheus' own checks.
func promtool(t *testing.T, input string, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal("promtool is missing; .ci/setup installs it")
		}
		t.Log("promtool is not installed; its own checks were left out")
		return
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
