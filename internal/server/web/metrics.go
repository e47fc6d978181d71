package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"signpost/internal/problem"
)

// Metrics are what the admin listener shows. Labels hold route templates,
// never anything a visitor typed.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	problems *prometheus.GaugeVec
	refused  *prometheus.CounterVec
}

func newMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "signpost_requests_total", Help: "Requests by route template and status."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "signpost_request_seconds", Help: "Time to answer, by route template.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5},
		}, []string{"route"}),
		problems: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "signpost_content_problems", Help: "Problems of the content that is served."}, []string{"severity"}),
	}
	m.refused = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "signpost_refused_requests_total", Help: "Requests beyond a client's budget, by limit."}, []string{"limit"})
	m.registry.MustRegister(m.refused, m.requests, m.seconds, m.problems, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

var knownMethods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodDelete: true, http.MethodOptions: true}

func (m *Metrics) observe(route, method string, status int, d time.Duration) {
	if !knownMethods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(d.Seconds())
}

// Register adds what another part of the program counts.
func (m *Metrics) Register(list ...prometheus.Collector) { m.registry.MustRegister(list...) }

// CountProblems takes note of the content's problems.
func (m *Metrics) CountProblems(list problem.List) {
	for _, severity := range []problem.Severity{problem.Error, problem.Warning} {
		n := 0
		for _, p := range list {
			if p.Severity == severity {
				n++
			}
		}
		m.problems.WithLabelValues(string(severity)).Set(float64(n))
	}
}

// Handler shows them all.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
