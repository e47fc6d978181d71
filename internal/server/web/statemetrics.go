package web

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"signpost/internal/state"
)

// stateMetrics show how what is remembered does. They are read when somebody
// asks for metrics.
type stateMetrics struct {
	store *state.Store
	now   func() time.Time
}

var (
	descWaiting    = prometheus.NewDesc("signpost_state_waiting", "Events that the database does not have yet, by kind.", []string{"kind"}, nil)
	descDropped    = prometheus.NewDesc("signpost_state_dropped_total", "Events that were dropped since the start, by kind.", []string{"kind"}, nil)
	descSpool      = prometheus.NewDesc("signpost_state_spool_writable", "1 while waiting events can be written to the data folder.", nil, nil)
	descDamaged    = prometheus.NewDesc("signpost_state_damaged_total", "Damaged database files that were set aside since the start.", nil, nil)
	descSubscribed = prometheus.NewDesc("signpost_subscriptions", "Confirmed subscriptions to the status that are on, by channel.", []string{"channel"}, nil)
	descNotices    = prometheus.NewDesc("signpost_notices_waiting", "Messages to subscribers that wait to be sent.", nil, nil)
	descHeld       = prometheus.NewDesc("signpost_notices_held", "Events that wait for their hold or for further updates.", nil, nil)
	descOldest     = prometheus.NewDesc("signpost_notices_oldest_seconds", "For how long the oldest message that is due has been due.", nil, nil)
	descDatabase   = prometheus.NewDesc("signpost_state_database_up", "1 while the database can be reached.", nil, nil)
)

// CountState adds what a store does.
func (m *Metrics) CountState(store *state.Store, now func() time.Time) {
	m.registry.MustRegister(stateMetrics{store, now})
}

// Describe implements prometheus.Collector.
func (m stateMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descWaiting, descDropped, descSpool, descDatabase, descDamaged, descSubscribed, descNotices, descHeld, descOldest} {
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
	m.notices(ctx, ch)
}

// notices adds how the telling does; nothing while the database is gone.
func (m stateMetrics) notices(ctx context.Context, ch chan<- prometheus.Metric) {
	counts, err := m.store.Notices.Counts(ctx)
	if err != nil {
		return
	}
	channels := map[string]int{"mail": 0}
	for _, c := range counts {
		channels[string(c.Channel)] += c.N
	}
	for channel, n := range channels {
		ch <- prometheus.MustNewConstMetric(descSubscribed, prometheus.GaugeValue, float64(n), channel)
	}
	depth, err := m.store.Notices.Depth(ctx, m.now())
	if err != nil {
		return
	}
	age := 0.0
	if !depth.Oldest.IsZero() {
		age = m.now().Sub(depth.Oldest).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(descNotices, prometheus.GaugeValue, float64(depth.Waiting))
	ch <- prometheus.MustNewConstMetric(descHeld, prometheus.GaugeValue, float64(depth.Held))
	ch <- prometheus.MustNewConstMetric(descOldest, prometheus.GaugeValue, age)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
