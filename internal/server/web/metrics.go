package web

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"signpost/internal/problem"
	"signpost/internal/site"
)

// Metrics are what the admin listener shows, named by the conventions of
// Prometheus: base units, _total for counters, _timestamp_seconds for moments.
// Labels hold route templates, never anything a visitor typed.
type Metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
}

func newMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to answer, by route template, method and status.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5},
		}, []string{"route", "method", "code"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "signpost_refused_requests_total", Help: "Requests beyond a client's budget, by limit."}, []string{"limit"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "signpost_build_info", Help: "1; the labels say which program runs.", ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(build, m.refused, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

var knownMethods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true}

func (m *Metrics) observe(route, method string, status int, d time.Duration) {
	if !knownMethods[method] {
		method = "other"
	}
	m.seconds.WithLabelValues(route, method, strconv.Itoa(status)).Observe(d.Seconds())
}

// Register adds what another part of the program counts.
func (m *Metrics) Register(list ...prometheus.Collector) { m.registry.MustRegister(list...) }

// Handler shows them all.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// siteMetrics show the snapshot that is served. They are read when somebody asks
// for metrics.
type siteMetrics struct{ live *site.Live }

var (
	descProblems    = prometheus.NewDesc("signpost_content_problems", "Problems of the content that is served.", []string{"severity"}, nil)
	descSnapshot    = prometheus.NewDesc("signpost_snapshot_timestamp_seconds", "When the snapshot that is served was made.", nil, nil)
	descIncidents   = prometheus.NewDesc("signpost_open_incidents", "Incidents that are not resolved.", nil, nil)
	descMaintenance = prometheus.NewDesc("signpost_maintenance_in_progress", "Planned work that is going on.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m siteMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descProblems, descSnapshot, descIncidents, descMaintenance} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m siteMetrics) Collect(ch chan<- prometheus.Metric) {
	snap := m.live.Snapshot()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := map[problem.Severity]int{}
	for _, p := range snap.Problems {
		count[p.Severity]++
	}
	for _, severity := range []problem.Severity{problem.Error, problem.Warning} {
		gauge(descProblems, float64(count[severity]), string(severity))
	}
	gauge(descSnapshot, Timestamp(snap.At))
	gauge(descIncidents, float64(len(snap.Board.Open())))
	gauge(descMaintenance, float64(len(snap.Board.InProgress())))
}

// Timestamp is a moment as metrics have it: seconds since 1970.
func Timestamp(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
