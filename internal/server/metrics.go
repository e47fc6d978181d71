package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what the admin listener shows. Labels hold route templates,
// never anything a visitor typed.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	problems *prometheus.GaugeVec

	verified   *prometheus.GaugeVec
	verifiedAt prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "signpost_requests_total", Help: "Requests by route template and status."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "signpost_request_seconds", Help: "Time to answer, by route template.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5},
		}, []string{"route"}),
		problems: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "signpost_content_problems", Help: "Problems of the content that is served."}, []string{"severity"}),
	}
	m.verified = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "signpost_mail_server_failing", Help: "1 for a described server that did not answer as described at the last look, else 0.",
	}, []string{"provider", "client", "service", "target"})
	m.verifiedAt = prometheus.NewGauge(prometheus.GaugeOpts{Name: "signpost_mail_servers_checked_seconds", Help: "Time of the last look at the described servers; 0: none yet."})
	m.registry.MustRegister(m.requests, m.seconds, m.problems, m.verified, m.verifiedAt, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

var knownMethods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodDelete: true, http.MethodOptions: true}

func (m *metrics) observe(route, method string, status int, d time.Duration) {
	if !knownMethods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(d.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
