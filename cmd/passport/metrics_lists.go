package main

import (
	"time"

	"github.com/employment-passport/passport/issuer/issuerpublic"
	"github.com/prometheus/client_golang/prometheus"
)

// listMeters tell how old what is published is, at the moment of asking.
type listMeters struct {
	public *issuerpublic.Public
	now    func() time.Time
}

var (
	listCount   = prometheus.NewDesc("passport_lists", "Status lists published.", nil, nil)
	listAge     = prometheus.NewDesc("passport_list_age_seconds", "Age of the oldest published status list.", nil, nil)
	listFailing = prometheus.NewDesc("passport_lists_failing", "Lists and bundles whose last signing failed.", nil, nil)
	listSigned  = prometheus.NewDesc("passport_lists_signed_total", "Lists signed since the service started.", nil, nil)
	listFailed  = prometheus.NewDesc("passport_list_failures_total", "Signings that failed since the service started.", nil, nil)
)

// Describe implements prometheus.Collector.
func (l listMeters) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{listCount, listAge, listFailing, listSigned, listFailed} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (l listMeters) Collect(out chan<- prometheus.Metric) {
	s := l.public.Stats(l.now())
	for _, m := range []struct {
		d     *prometheus.Desc
		kind  prometheus.ValueType
		value float64
	}{
		{listCount, prometheus.GaugeValue, float64(s.Lists)}, {listAge, prometheus.GaugeValue, s.Oldest.Seconds()}, {listFailing, prometheus.GaugeValue, float64(s.Failing)},
		{listSigned, prometheus.CounterValue, float64(s.Signed)}, {listFailed, prometheus.CounterValue, float64(s.Failed)},
	} {
		out <- prometheus.MustNewConstMetric(m.d, m.kind, m.value)
	}
}
