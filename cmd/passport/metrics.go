package main

import (
	"net/http"
	"strconv"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meters count what the service does. Every label has few values, whatever
// clients send: patterns of routes, methods, classes of status, acts of the log.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	acts     *prometheus.CounterVec
	verdicts *prometheus.CounterVec
	commits  prometheus.Histogram
}

func newMeters() *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "passport_http_requests_total", Help: "Requests answered, by pattern of the route, method and class of status.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "passport_http_request_seconds", Help: "Time from the first byte of a request to the last of its answer.",
			Buckets: []float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
		}, []string{"route"}),
		acts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "passport_acts_total", Help: "Acts in the audit log since the service started, by kind (issue, revoke and so on).",
		}, []string{"act"}),
		verdicts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "passport_verifications_total", Help: "Verifications, by verdict.",
		}, []string{"verdict"}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "passport_store_update_seconds", Help: "Time of one update of the store, waiting for its turn included.",
			Buckets: []float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.acts, m.verdicts, m.commits,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// served counts a request.
func (m *meters) served(s httpkit.Served) {
	m.requests.WithLabelValues(s.Route, s.Method, strconv.Itoa(s.Status/100)+"xx").Inc()
	m.seconds.WithLabelValues(s.Route).Observe(s.Took.Seconds())
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// metricsHere answers on the main address, to this machine only, and not at all
// where metrics have an address of their own.
func (s *service) metricsHere(w http.ResponseWriter, r *http.Request) {
	if s.config.MetricsListen != "" || !fromHere(r) {
		httpkit.NotFound(w, r)
		return
	}
	s.house.meters.handler().ServeHTTP(w, r)
}

// metricsHandler is that of the address for metrics alone.
func (s *service) metricsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.house.meters.handler())
	return mux
}
