package setup

import (
	"github.com/prometheus/client_golang/prometheus"

	"signpost/internal/mail/verify"
	"signpost/internal/server/web"
)

// mailMetrics show what the last look at the described servers found, and how long
// profiles can be signed. They are read when somebody asks for metrics.
type mailMetrics struct{ h *Handlers }

var (
	serverLabels    = []string{"provider", "client", "service", "target"}
	descFailing     = prometheus.NewDesc("signpost_mail_server_failing", "1 for a described server that did not answer as described at the last check, else 0.", serverLabels, nil)
	descChecked     = prometheus.NewDesc("signpost_mail_server_checked_timestamp_seconds", "When a described server was last checked.", serverLabels, nil)
	descCertificate = prometheus.NewDesc("signpost_profile_certificate_expiry_timestamp_seconds", "When the certificate that profiles are signed with expires.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m mailMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- descFailing
	ch <- descChecked
	ch <- descCertificate
}

// Collect implements prometheus.Collector.
func (m mailMetrics) Collect(ch chan<- prometheus.Metric) {
	if signer := m.h.signer.Load(); signer != nil {
		ch <- prometheus.MustNewConstMetric(descCertificate, prometheus.GaugeValue, web.Timestamp(signer.NotAfter()))
	}
	v := m.h.verified.Load()
	if v == nil {
		return
	}
	type server struct{ provider, client, service, target string }
	failing := map[server]float64{} // one description may name a server twice
	for _, results := range v.results {
		for _, r := range results {
			s := server{r.Provider, r.Client, string(r.Service), r.Target}
			bad := 0.0
			if r.Status == verify.Fail {
				bad = 1
			}
			failing[s] = max(failing[s], bad)
		}
	}
	for s, bad := range failing {
		ch <- prometheus.MustNewConstMetric(descFailing, prometheus.GaugeValue, bad, s.provider, s.client, s.service, s.target)
		ch <- prometheus.MustNewConstMetric(descChecked, prometheus.GaugeValue, web.Timestamp(v.at), s.provider, s.client, s.service, s.target)
	}
}
