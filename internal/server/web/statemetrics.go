package web

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"signpost/internal/state"
)

// stateMetrics show how what is remembered does. They are read when somebody
// asks for metrics.
type stateMetrics struct{ store *state.Store }

var (
	descWaiting  = prometheus.NewDesc("signpost_state_waiting", "Events that the database does not have yet, by kind.", []string{"kind"}, nil)
	descDropped  = prometheus.NewDesc("signpost_state_dropped_total", "Events that were dropped since the start, by kind.", []string{"kind"}, nil)
	descSpool    = prometheus.NewDesc("signpost_state_spool_writable", "1 while waiting events can be written to the data folder.", nil, nil)
	descDamaged  = prometheus.NewDesc("signpost_state_damaged_total", "Damaged database files that were set aside since the start.", nil, nil)
	descDatabase = prometheus.NewDesc("signpost_state_database_up", "1 while the database can be reached.", nil, nil)
)

// CountState adds what a store does.
func (m *Metrics) CountState(store *state.Store) { m.registry.MustRegister(stateMetrics{store}) }

// Describe implements prometheus.Collector.
func (m stateMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descWaiting, descDropped, descSpool, descDatabase, descDamaged} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m stateMetrics) Collect(ch chan<- prometheus.Metric) {
	stats := m.store.Stats()
	for kind, n := range stats.Waiting {
		ch <- prometheus.MustNewConstMetric(descWaiting, prometheus.GaugeValue, float64(n), kind)
	}
	for kind, n := range stats.Dropped {
		ch <- prometheus.MustNewConstMetric(descDropped, prometheus.CounterValue, float64(n), kind)
	}
	ch <- prometheus.MustNewConstMetric(descDamaged, prometheus.CounterValue, float64(stats.Damaged))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	ch <- prometheus.MustNewConstMetric(descSpool, prometheus.GaugeValue, truth(stats.Writes))
	ch <- prometheus.MustNewConstMetric(descDatabase, prometheus.GaugeValue, truth(m.store.Ping(ctx) == nil))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
