// Package passporttest is for tests and benchmarks only: it sets what our code
// costs beside what the bare work costs, on the same machine at the same time,
// and makes what tests of several packages read.
package passporttest

import (
	"slices"
	"testing"
	"time"
)

// XOfBare is the name of the metric that every benchmark reports: our time in
// units of the bare work. Times alone say more about the machine, and about who
// else is busy on it, than about the code.
const XOfBare = "x-of-bare"

// Beside runs ours and bare in turns and reports the ratio of their median
// times: a busy machine slows both alike, and what disturbs a few turns does
// not move the median. ns/op is the median of ours.
func Beside(b *testing.B, bare, ours func()) (median time.Duration) {
	b.Helper()
	b.ReportAllocs()
	var own, base []time.Duration
	for b.Loop() {
		start := time.Now()
		ours()
		between := time.Now()
		bare()
		own, base = append(own, between.Sub(start)), append(base, time.Since(between))
	}
	slices.Sort(own)
	slices.Sort(base)
	median = own[len(own)/2]
	b.ReportMetric(float64(median.Nanoseconds()), "ns/op")
	b.ReportMetric(float64(median)/float64(base[len(base)/2]), XOfBare)
	return median
}
